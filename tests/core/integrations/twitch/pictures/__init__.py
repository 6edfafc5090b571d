"""Tests of badges, cheermotes and emotes on Twitch's events."""
