"""Which column holds what, by its header and by what stands in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from commands.rules.matrix_layout.cleaning import clean_line, comparable
from commands.rules.matrix_layout.controls import cites_control, is_control_id
from commands.rules.matrix_layout.fields import FIELDS, header_names
from commands.rules.matrix_layout.sheets import SheetRow, column_letter, column_number
from commands.rules.matrix_layout.words import Mark, inclusion_of, mark_of, mark_remark, party_of, raci_of
from storage.records import Party

_SAMPLE = 1_000
_FEW_WORDS = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column as profiled over the rows below the header. Shares are of the filled cells, 0 to 1.

    `words` are its different values if they are few. `deciding`: cells that name a party, "not applicable" not counted.
    """

    index: int
    header: str
    filled: int
    rows: int
    distinct: int
    length: float
    parties: float
    inclusions: float
    marks: float
    letters: float
    letters_used: frozenset[str]
    controls: float
    numbers: float
    answers: float
    cites_controls: float
    words: frozenset[str]
    deciding: float = 0.0

    @property
    def name(self) -> str:
        """The header in the form in which headers are compared."""
        return comparable(self.header)

    @property
    def label(self) -> str:
        return self.header or f"column {column_letter(self.index)}"

    @property
    def varies(self) -> float:
        """Distinct values per filled cell: 1 if all differ."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def says_its_name(self) -> bool:
        """Whether its own title stands in it for a mark: "Customer" under "Customer"."""
        return self.filled > 0 and self.words == {self.name}

    @property
    def is_text(self) -> bool:
        return self.filled > 0 and self.length >= 4 and max(self.marks, self.letters, self.numbers) < 0.5

    def means(self, field: str) -> bool:
        return any(name in FIELDS[field] for name in header_names(self.header))

    def rank(self, field: str) -> int:
        """Position among the headers of a field, best 0."""
        names = FIELDS[field]
        return min(names.index(name) for name in header_names(self.header) if name in names)


def profile(index: int, header: str, rows: Sequence[SheetRow], known: Mapping[str, Party]) -> Column:
    """Look at up to a thousand rows below the header."""
    texts = [text for row in rows[:_SAMPLE] if len(row.filled()) > 1 and (text := row.cell(index).strip())]
    number = len(texts) or 1

    def share(count: int) -> float:
        return count / number

    letters = [raci_of(text) for text in texts]
    words = [comparable(text) for text in texts]
    parties = [party_of(clean_line(text), known) for text in texts]
    return Column(
        index=index,
        header=header,
        filled=len(texts),
        rows=min(len(rows), _SAMPLE),
        distinct=len(set(words)),
        length=sum(map(len, texts)) / number,
        parties=share(sum(party is not None for party in parties)),
        inclusions=share(sum(inclusion_of(clean_line(text)) is not None for text in texts)),
        marks=share(sum(mark_of(text) in (Mark.YES, Mark.NO) or bool(mark_remark(text)) for text in texts)),
        letters=share(sum(letter is not None for letter in letters)),
        letters_used=frozenset().union(*(letter for letter in letters if letter)),
        controls=share(sum(is_control_id(text) for text in texts)),
        numbers=share(sum(re.fullmatch(r"[\d.,]+[a-z]?", text) is not None for text in texts)),
        answers=share(sum(word in ("yes", "no", "partial", "partially", "y", "n", "full") for word in words)),
        cites_controls=share(sum(cites_control(text) for text in texts)),
        words=frozenset(words) if len(set(words)) <= _FEW_WORDS else frozenset(),
        deciding=share(sum(party not in (None, Party.OUT_OF_SCOPE) for party in parties)),
    )


def find_column(columns: Sequence[Column], wanted: str) -> Column | None:
    """By header text, or by letter where no header is called so."""
    word = comparable(wanted)
    for column in columns:
        if column.name == word and word:
            return column
    number = column_number(wanted.strip())
    return next((column for column in columns if column.index == number), None) if number is not None else None
