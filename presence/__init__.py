"""Who is here: connected, away, busy or invisible, and when last seen. Knows members and sockets, no conversation."""
