"""Spreadsheet files to values and back: the only place that knows file formats."""

from commands.spreadsheets.reading import read_workbook
from commands.spreadsheets.writing import write_csv, write_xlsx

__all__ = ["read_workbook", "write_csv", "write_xlsx"]
