"""My own ticket on my phone."""
