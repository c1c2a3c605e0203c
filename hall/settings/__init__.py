"""What a setting may be, and the use cases that change, compare, undo and import settings."""
