"""What an author should know of a lesson before students meet it: one module for each way to look at it."""
