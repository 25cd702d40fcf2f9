"""Who: organisations, members, spaces, sites, tokens, the actor, the one permission table, the audit log."""
