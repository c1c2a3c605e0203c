"""A centre that plays: simulated days, citizens and clerks, for whoever wants to see, learn or measure."""
