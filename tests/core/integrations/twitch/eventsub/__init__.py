"""Tests of Twitch, against the fake."""
