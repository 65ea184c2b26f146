"""Settings and logging, read once at start by `bot.__main__` alone."""
