"""REST about delivery."""
