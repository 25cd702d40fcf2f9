"""The desk by REST."""
