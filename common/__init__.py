"""A short closed list every room may use: errors, api glue, strict_json, clock, ratelimit, ids, queries for many rows.

Imports no app, has no models.
"""
