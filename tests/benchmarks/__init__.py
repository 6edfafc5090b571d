"""Tests of what the benchmarks count and conclude; nothing here is timed."""
