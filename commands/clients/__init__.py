"""Clients: their names and channels, who may see them, merging and erasing them."""
