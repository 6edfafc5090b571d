"""The account's login."""
