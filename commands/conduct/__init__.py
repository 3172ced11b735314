"""What we said and did: access grants, promises, declined recommendations."""
