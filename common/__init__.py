"""A short closed list that every room may use: errors, api glue, clock, ratelimit, ids. Imports no app, has no models."""
