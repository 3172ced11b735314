"""Telling questions about scope from questions about the record, and from what is neither."""
