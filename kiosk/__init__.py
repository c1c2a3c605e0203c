"""Take a ticket."""
