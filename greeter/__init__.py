"""The greeter's hand-held page: a number for somebody else, and calls for help."""
