"""Reminders: planned from the records, shown, answered and decided."""
