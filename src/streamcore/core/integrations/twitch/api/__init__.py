"""Twitch's HTTP API."""
