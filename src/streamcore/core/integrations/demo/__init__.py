"""The demonstration: an invented stream that stands in for a platform without an account."""
