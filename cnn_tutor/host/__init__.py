"""The classroom server: students log in by SSH and are in front of the task at once, with nothing else in reach.

The *server* speaks SSH on one event loop and never computes; the *warm process* has everything imported and forks one
child a session. Between server and child there is a pseudo-terminal, and nothing more.
"""
