"""REST about files, under /api/v1/. What is uploaded, listed and deleted in conversations is in messaging."""
