"""The core: everything that runs in the hub process."""
