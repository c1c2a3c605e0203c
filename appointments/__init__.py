"""Routes and page of appointments: slots, booking, checking in."""
