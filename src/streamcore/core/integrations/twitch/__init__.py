"""Twitch: login by device code, events over EventSub, commands over Helix."""
