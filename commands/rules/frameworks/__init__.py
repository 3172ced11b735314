"""Frameworks' catalogs, their control ids and their changes."""
