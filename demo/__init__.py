"""A simulated centre: days, citizens and clerks, for demonstrations, training and measurements."""
