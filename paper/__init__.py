"""The ticket on paper: drawing it, the printers, the spool."""
