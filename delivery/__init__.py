"""How a message reached each recipient: sync, the delivered and read watermarks."""
