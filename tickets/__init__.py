"""Routes of tickets, which several screens use: take, read, cancel, print, change the priority."""
