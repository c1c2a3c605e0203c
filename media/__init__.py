"""Pictures and films that a centre shows on its walls: checked by what they hold, and kept in its data folder."""
