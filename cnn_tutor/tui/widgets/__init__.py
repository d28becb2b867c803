"""One widget a file; attributes down, messages up, and no text is ever markup."""
