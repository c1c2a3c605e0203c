"""The counter console: call and serve."""
