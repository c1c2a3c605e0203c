"""The public page of the past, and the open data behind it."""
