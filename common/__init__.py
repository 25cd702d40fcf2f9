"""A short closed list every room may use: errors, api glue, clock, ratelimit, ids. Imports no app, has no models."""
