"""Twitch's notifications as the protocol's events."""
