"""Items as the papers speak of them, packed: a matrix of 200 rows would take 700 KB as objects, and takes 30 KB here.

Every value that a matrix holds is kept once, texts and numbers in one string of bytes; a row is the list of the numbers
of its values. Rows are unpacked one topic at a time, which takes some ten microseconds a row.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from commands.rules.scope.precedence import Source, controlling, source_of
from storage.records import Agreement, Party, Responsibility
from storage.records.client import client_key

_FIELDS = tuple(Responsibility.model_fields)
_FIELD_SET = set(_FIELDS)
_WIDTH = len(_FIELDS)
_PARTY = _FIELDS.index("party")
_values = attrgetter(*_FIELDS)
_MOST_SMALL = 65_535


@dataclass(frozen=True, slots=True)
class Topic:
    """One item as the papers speak of it: everything recorded about it that applies, or applied, or will."""

    item: str
    category: str | None
    sources: tuple[Source, ...]


class Topics(Sequence[Topic]):
    """Immutable."""

    __slots__ = ("_agreements", "_carriers", "_cells", "_ends", "_others", "_starts", "_texts")

    def __init__(
        self, topics: Iterable[Topic], agreements: Mapping[int, Agreement], carriers: Collection[int] = ()
    ) -> None:
        """`agreements` by id: of these rows at least. `carriers`: the ids of those that agree proposed rows."""
        self._agreements = agreements
        self._carriers = carriers
        numbers: dict[tuple[type, Any], int] = {}
        number = numbers.setdefault
        cells: list[int] = []
        starts = [0]
        for topic in topics:
            for source in topic.sources:
                cells += [number((type(value), value), len(numbers)) for value in _values(source.row)]
            starts.append(len(cells) // _WIDTH)
        self._starts = array("I", starts)
        self._cells = array("H" if len(numbers) <= _MOST_SMALL else "I", cells)
        self._others: dict[int, Any] = {}
        texts, ends = bytearray(), array("I")
        for (kind, value), at in numbers.items():
            if kind is str:
                texts += b"s" + value.encode("utf-8", "surrogatepass")
            elif kind is int:
                texts += b"i%d" % value
            else:
                self._others[at] = value
            ends.append(len(texts))
        self._texts, self._ends = bytes(texts), ends

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: Any) -> Any:
        if number < 0 or number >= len(self):
            raise IndexError(number)
        sources = tuple(self._source(at) for at in range(self._starts[number], self._starts[number + 1]))
        return Topic(sources[0].row.item, sources[0].row.category, sources)

    def party(self, number: int) -> Party | None:
        """Whom the papers name for a topic; None: they disagree."""
        first = self._starts[number]
        if self._starts[number + 1] - first == 1:
            party: Party = self._value(self._cells[first * _WIDTH + _PARTY])
            return party
        ruling = controlling(self[number].sources)
        return ruling.controlling.row.party if ruling.controlling else None

    @property
    def rows(self) -> int:
        """How many there are in all topics together."""
        return len(self._cells) // _WIDTH

    @property
    def sources(self) -> Iterator[Source]:
        """Every row, in the order of the topics."""
        return (self._source(at) for at in range(self.rows))

    def _source(self, at: int) -> Source:
        cells = self._cells[at * _WIDTH : (at + 1) * _WIDTH]
        row = Responsibility.model_construct(_FIELD_SET, **dict(zip(_FIELDS, map(self._value, cells), strict=True)))
        return source_of(row, self._agreements, self._carriers)

    def _value(self, number: int) -> Any:
        start, end = self._ends[number - 1] if number else 0, self._ends[number]
        if start == end:
            return self._others[number]
        text = self._texts[start + 1 : end]
        return text.decode("utf-8", "surrogatepass") if self._texts[start] == ord("s") else int(text)


def group_topics(sources: Iterable[Source]) -> list[Topic]:
    """Rows about the same item together; a name that one paper uses in two categories is two items."""
    named = [(each, client_key(each.row.item), client_key(each.row.category or "")) for each in sources]
    used = {(source.agreement.id, item, category) for source, item, category in named}
    uses = Counter((paper, item) for paper, item, _ in used)
    repeated = {item for (_, item), count in uses.items() if count > 1}
    found: dict[tuple[str, str], list[Source]] = {}
    for source, item, category in named:
        found.setdefault((item, category if item in repeated else ""), []).append(source)
    return [Topic(each[0].row.item, each[0].row.category, tuple(each)) for each in found.values()]
