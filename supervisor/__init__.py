"""The supervisor's pages: watch, review, people and devices."""
