"""Checks of what people write: placeholders, lists in a cell, absolute promises."""
