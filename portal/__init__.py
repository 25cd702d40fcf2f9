"""The client's face: requests, approvals, change orders, templates, client dashboard.

Nothing is built in this room yet; docs/architecture.md says what will be.
"""
