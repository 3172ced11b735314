"""The responsibility matrix: its rows, and spreadsheets read into it."""
