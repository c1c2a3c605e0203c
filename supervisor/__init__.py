"""The supervisor's desk: watch, review, people and devices."""
