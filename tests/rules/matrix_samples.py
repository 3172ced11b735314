"""Spreadsheets for the tests: the development matrix, and a reader of texts as files."""

import csv
from pathlib import Path

from commands.rules.matrix_layout import Corrections, MatrixReading, read_matrix
from commands.spreadsheets import read_workbook

DATA = Path(__file__).resolve().parents[1] / "data"
MESSY = DATA / "messy_exports"
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "data" / "matrices"


def read_file(path: Path, corrections: Corrections | None = None) -> MatrixReading:
    return read_matrix(read_workbook(path.read_bytes(), path.name), corrections)


def read_text(text: str, corrections: Corrections | None = None) -> MatrixReading:
    return read_matrix(read_workbook(text.encode(), "matrix.csv"), corrections)


def development_matrix() -> list[dict[str, str]]:
    with (DATA / "scope_dev" / "matrix.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
