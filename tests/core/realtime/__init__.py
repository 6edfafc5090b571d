"""Tests of the Socket.IO edge, over real sockets."""
