"""Tests of reading and checking module folders."""
