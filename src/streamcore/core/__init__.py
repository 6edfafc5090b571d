"""The hub: everything that runs in the streamer's one core process."""
