"""Pictures for whoever would rather look than read; each also says in words what it shows."""
