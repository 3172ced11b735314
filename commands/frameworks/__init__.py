"""Frameworks: their editions, who is measured by which, and imports of catalogs."""
