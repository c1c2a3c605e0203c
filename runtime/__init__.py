"""The running process: puts the packages together, and runs sockets, rounds, backups and commands."""
