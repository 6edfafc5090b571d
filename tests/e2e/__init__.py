"""The whole product: real processes, real sockets, a real browser."""
