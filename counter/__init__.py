"""Call and serve."""
