"""What a hall offers: services, counters, policy, calendar, texts; each section one frozen structure."""
