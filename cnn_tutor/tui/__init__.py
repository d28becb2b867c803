"""The full-screen shell: Textual screens over the same core as the plain one."""
