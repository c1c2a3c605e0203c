"""The kiosk: a citizen takes a ticket."""
