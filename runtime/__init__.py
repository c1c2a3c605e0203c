"""The running process: what belongs to one server at work, and to no screen and no rule."""
