"""What a matrix speaks of on a day, whoever it names: enough to tell which questions it leaves open."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from hashlib import blake2b
from operator import attrgetter

from commands.rules.agreements.reckoning import Reckoning
from commands.rules.matching.index import ScopeIndex
from commands.rules.matching.knowledge import Knowledge
from commands.rules.matching.match import Match, Outcome, match
from commands.rules.matching.meaning import row_texts
from commands.rules.matching.outline import Row
from commands.rules.scope.precedence import Source, applies, carriers, source_of
from commands.rules.scope.topics import Topic, group_topics
from storage.records import Agreement, LearnedPhrase, Responsibility
from storage.records.client import client_key

_OUTRIGHT = 0.9
_ALL_OF_IT = attrgetter(*(field.name for field in fields(Row)))


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a matrix speaks of as of one day, whoever it names: its items as questions are compared with them."""

    applying: tuple[Row, ...]
    others: tuple[Row, ...]

    @property
    def digest(self) -> bytes:
        """The same for the same items: what is open in the one is open in the other."""
        content = [[_ALL_OF_IT(row) for row in rows] for rows in (self.applying, self.others)]
        return blake2b(json.dumps(content).encode(), digest_size=16).digest()

    @property
    def texts(self) -> list[str]:
        """All that questions are compared with by meaning."""
        texts = [row_texts(row) for row in (*self.applying, *self.others)]
        return [text for each in texts for text in (*each.names, each.whole)]

    def open_questions(self, questions: Mapping[str, str], knowledge: Knowledge) -> frozenset[str]:
        """The titles of those that nothing which applies answers, offers a choice for, or has as an item's very name.

        Not answered is what `ClientMatrix.answer` calls undocumented or lapsed.
        """
        named = {client_key(row.item) for row in self.applying}
        asked = {title: question for title, question in questions.items() if client_key(title) not in named}
        index = ScopeIndex(self.applying, knowledge)
        others = ScopeIndex(self.others, knowledge) if self.others else None
        return frozenset(title for title, question in asked.items() if _is_open(index, others, question))


def coverage(
    agreements: Iterable[Agreement],
    rows: Iterable[Responsibility],
    phrases: Iterable[LearnedPhrase],
    as_of: date,
    reckoning: Reckoning | None = None,
) -> Coverage:
    """Of one client. `rows` in the order of the paper; `reckoning` counts what was decided in."""
    known = {agreement.id: agreement for agreement in agreements}
    reckoning = reckoning or Reckoning(known.values())
    forces = {id: reckoning.force(agreement, as_of) for id, agreement in known.items()}
    carrying = carriers(known, forces)
    sources: tuple[list[Source], list[Source]] = ([], [])
    for row in rows:
        source = source_of(row, known, carrying)
        sources[not applies(source, as_of, forces)].append(source)
    taught = by_item(phrases)
    return Coverage(*(as_rows(group_topics(each), taught) for each in sources))


def _is_open(index: ScopeIndex, others: ScopeIndex | None, question: str) -> bool:
    found = match(index, question)
    if found.outcome is Outcome.CHOICE and others is not None:
        return fits_better(sure(others, question), found)
    return found.outcome is Outcome.NONE


def sure(others: ScopeIndex, question: str) -> Match | None:
    """The one row of paper that does not apply which answers it for sure."""
    found = match(others, question)
    return found if found.outcome is Outcome.SURE else None


def fits_better(other: Match | None, found: Match) -> bool:
    """Paper that does not apply names it outright, while paper that does only comes near."""
    return other is not None and other.candidates[0].score >= _OUTRIGHT > found.candidates[0].score


def by_item(phrases: Iterable[LearnedPhrase]) -> dict[str, tuple[LearnedPhrase, ...]]:
    """The learned phrases by the row that they are about, as its name is compared."""
    group_topics: dict[str, tuple[LearnedPhrase, ...]] = {}
    for phrase in phrases:
        key = client_key(phrase.item)
        group_topics[key] = (*group_topics.get(key, ()), phrase)
    return group_topics


def as_rows(topics: Iterable[Topic], phrases: Mapping[str, tuple[LearnedPhrase, ...]]) -> tuple[Row, ...]:
    return tuple(
        _as_row(number, topic, phrases.get(client_key(topic.item), ()) if phrases else ())
        for number, topic in enumerate(topics)
    )


def _as_row(number: int, topic: Topic, phrases: Iterable[LearnedPhrase]) -> Row:
    rows = [source.row for source in topic.sources]
    names = (*(alias for row in rows for alias in row.aliases), *(phrase.phrase for phrase in phrases))
    aliases = dict.fromkeys(names)
    return Row(
        key=number,
        item=topic.item,
        category=topic.category,
        aliases=tuple(aliases),
        notes=_join([row.notes for row in rows]),
        third_party=_join([row.third_party for row in rows]),
        msp_part=_join([row.msp_part for row in rows]),
        client_part=_join([row.client_part for row in rows]),
    )


def _join(texts: Iterable[str | None]) -> str | None:
    return " ".join(dict.fromkeys(filter(None, texts))) or None
