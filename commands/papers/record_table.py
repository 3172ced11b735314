"""One table of an evidence pack, as it is written three times: as a page, as CSV and as JSON."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RecordTable:
    """`explained` says what a row is. Values are as JSON takes them."""

    name: str
    title: str
    explained: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
