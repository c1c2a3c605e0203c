"""Sign-in, roles, sessions and device pairing."""
