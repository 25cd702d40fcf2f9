"""REST about support work."""
