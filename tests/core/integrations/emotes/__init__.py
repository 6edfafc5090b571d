"""Tests of the emote services."""
