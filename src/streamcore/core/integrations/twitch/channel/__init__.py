"""What is known of the streamer's channel."""
