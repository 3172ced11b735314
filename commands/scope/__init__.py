"""Scope questions: asked, answered, settled, followed up."""
