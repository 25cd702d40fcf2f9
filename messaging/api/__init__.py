"""REST about what is said."""
