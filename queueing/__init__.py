"""The rules of the hall: who is next, how long, how it is counted. Standard library only."""
