"""Support work on conversations: queue, assignment, SLA, escalation, metrics, dashboard, canned replies, CSAT.

Built so far: canned replies. docs/architecture.md says what will be.
"""
