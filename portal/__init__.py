"""The client's face: requests that are decided once.

Approvals, change orders, templates and a dashboard are to be built here.
"""
