"""Who may do what: people, devices and programs, and the doors they come through."""
