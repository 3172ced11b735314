"""Whose responsibility something is, by the paper that controls."""
