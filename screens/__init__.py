"""What a screen is, and what the running centre hands to each."""
