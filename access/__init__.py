"""Who may do what: people, devices and programs, and the routes they come through."""
