"""Tests of starting and ending module processes; the processes are real."""
