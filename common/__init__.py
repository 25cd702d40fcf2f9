"""A short closed list every room may use: errors, api glue, strict_json, clock, ratelimit, ids.

Imports no app, has no models.
"""
