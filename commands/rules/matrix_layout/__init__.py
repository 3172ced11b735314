"""Reading a responsibility matrix out of whatever spreadsheet it is kept in. Values in, values out."""

from commands.rules.matrix_layout.matrix import read_matrix
from commands.rules.matrix_layout.results import (
    Corrections,
    Layout,
    MatrixReading,
    MatrixRow,
    Problem,
    Skipped,
    UnknownWord,
    by_party,
)
from commands.rules.matrix_layout.sheets import Merge, Sheet, SheetRow, Workbook

__all__ = [
    "Corrections",
    "Layout",
    "MatrixReading",
    "MatrixRow",
    "Merge",
    "Problem",
    "Sheet",
    "SheetRow",
    "Skipped",
    "UnknownWord",
    "Workbook",
    "by_party",
    "read_matrix",
]
