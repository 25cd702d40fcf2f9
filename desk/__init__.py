"""Support work on conversations: queue, assignment, SLA, escalation, metrics, dashboard, canned replies, CSAT.

Nothing is built in this room yet; docs/architecture.md says what will be.
"""
