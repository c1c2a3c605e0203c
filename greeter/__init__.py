"""The greeter's hand-held page: tickets for others, and calls for help."""
