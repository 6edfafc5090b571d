"""Tests of the tasks of `dev.py`."""
