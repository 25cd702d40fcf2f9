"""Files as files: inspection, storage, approval, thumbnails, versions, share links, access log, quota.

Nothing is built in this room yet; docs/architecture.md says what will be.
"""
