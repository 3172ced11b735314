"""Tables with a header row, and what an import would change."""
