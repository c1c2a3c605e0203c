"""The running process: puts the rooms together, and does what no screen asks for."""
