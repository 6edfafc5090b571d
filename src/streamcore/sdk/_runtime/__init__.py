"""What runs a module: its handlers, its events in order, its commands at the allowed pace."""
