"""What `dev.py` does; the standard library alone, because nothing is installed yet."""
