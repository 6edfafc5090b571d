"""What Twitch can be told to do."""
