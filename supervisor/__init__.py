"""Watch and review."""
