"""Tests of the modules' service."""
