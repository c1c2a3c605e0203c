"""Routes of tickets, which several screens use: take, look at, cancel, print, grant priority."""
