"""Emotes that come from beside the platforms: services that many viewers' clients know."""
