"""Who is here: connections, online, away and busy, last seen. What it needs of conversations is handed to it.

Nothing is built in this room yet; docs/architecture.md says what will be.
"""
