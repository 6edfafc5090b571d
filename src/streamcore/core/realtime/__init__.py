"""Socket.IO at the core's edge: who may connect, what may come in, and how events go out."""
