"""Support work on conversations: the queue, who serves whom, how it was, and canned replies."""
