"""Whose responsibility something is: the answer that the signed paper gives on a day, with its weak points named.

Nothing is inferred: a verdict always comes from a recorded row. What no row covers is undocumented.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

from commands.rules.agreements.in_force import Force
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.matching.index import ScopeIndex
from commands.rules.matching.knowledge import Knowledge
from commands.rules.matching.match import Match, Outcome, match
from commands.rules.matching.text import stem, tokens
from commands.rules.scope.coverage import as_rows, by_item, fits_better, sure
from commands.rules.scope.doubt import belongs_to_ended, is_doubtful
from commands.rules.scope.last_day import last_day_of
from commands.rules.scope.precedence import APPLYING, Ruling, Source, applies, carriers, controlling, source_of
from commands.rules.scope.settled import Settled, by_wording, wording_key
from commands.rules.scope.topics import Topic, Topics, group_topics
from commands.rules.scope.whose import WHOSE
from commands.rules.text.phrases import plain
from storage.records import Agreement, LearnedPhrase, Party, Responsibility, Verdict
from storage.records.client import client_key


@dataclass(frozen=True, slots=True)
class Option:
    """An item that a question may be about, and the party the papers name (None: they disagree)."""

    item: str
    party: Party | None
    score: float


@dataclass(frozen=True, slots=True)
class ScopeAnswer:
    """`source` is the row that the verdict rests on, None when there is none. `candidates` best first.

    `confidence` 0..1 is in the verdict. `cautions` are what weakens it, `because` how the question led to the row.
    `is_doubtful`: whether the paper still applies is not clear, by an amendment or by the end of what it belongs to.
    `settled`: the settlement of the same wording that led to the row, or to its choice where it was changed since.
    `is_overruled`: the row that settled it still applies, and other paper takes precedence over it.
    `open_point`: why no row decides although the question names one, without its full stop.
    `learned`: the wordings of the question that were taught to lead to the row. `last_day`: the last one on which the
    row answers, as far as is known.
    """

    verdict: Verdict
    source: Source | None
    candidates: tuple[Option, ...]
    confidence: float
    cautions: tuple[str, ...]
    because: tuple[str, ...]
    is_doubtful: bool = False
    settled: Settled | None = None
    is_overruled: bool = False
    open_point: str | None = None
    learned: tuple[LearnedPhrase, ...] = ()
    last_day: date | None = None

    @property
    def item(self) -> str | None:
        return self.source.row.item if self.source else None


class ClientMatrix:
    """What is recorded of one client's scope, arranged for questions as of one day. Immutable once built.

    `awaited`: the last of its texts, where many are not encoded yet and it was arranged by words alone.
    """

    def __init__(
        self,
        agreements: Iterable[Agreement],
        rows: Iterable[Responsibility],
        explained: Iterable[int],
        as_of: date,
        knowledge: Knowledge,
        phrases: Iterable[LearnedPhrase] = (),
        reckoning: Reckoning | None = None,
        settled: Iterable[Settled] = (),
        partly: Mapping[int, str] | None = None,
    ) -> None:
        """`explained`: ids of agreements with a recorded walkthrough; `phrases`: what was learned from questions;
        `reckoning` counts what was decided about the agreements in; `settled`: questions, the oldest first; `partly`:
        what is not explained of those that were explained in part, in words, by their ids.
        """
        self.as_of = as_of
        self.awaited: str | None = None
        self.explained = frozenset(explained)
        self._partly = partly or {}
        self._agreements = {agreement.id: agreement for agreement in agreements}
        self._reckoning = reckoning or Reckoning(self._agreements.values())
        self._knowledge = knowledge
        self._phrases = by_item(phrases)
        self._settled = by_wording(settled)
        self._forces = self._forces_on(as_of)
        self._carriers = carriers(self._agreements, self._forces)
        self._arrange([self._source(row) for row in rows])

    def on(self, day: date) -> "ClientMatrix":
        """The same for another day. Where the same rows apply on it, nothing is arranged anew."""
        other = copy(self)
        other.as_of, other._forces = day, self._forces_on(day)
        other._carriers = carriers(other._agreements, other._forces)
        if (
            other._carriers == self._carriers
            and all(other._applies(each) for each in self._applying.sources)
            and not any(other._applies(each) for each in self._others.sources)
        ):
            return other
        rows = sorted((*self._applying.sources, *self._others.sources), key=lambda source: _in_order(source.row))
        other._arrange([other._source(source.row) for source in rows])
        return other

    @property
    def size(self) -> int:
        """How many rows it holds."""
        return self._applying.rows + self._others.rows

    def is_named(self, question: str) -> bool:
        """Whether `question` names a row that applies, by all of a name and, beside it, only a question's furniture."""
        return bool(self._index.named(tokens(question)))

    def has_row_called(self, words: str) -> bool:
        """Whether a row, or one of paper that does not apply, has just these words as a name, in whatever order."""
        said = sorted(tokens(words))
        return any(
            sorted(tokens(name)) == said
            for index in (self._index, self._others_index)
            for row in index.named(tokens(words))
            for name in (index.rows[row].item, *index.rows[row].aliases)
        )

    @property
    def stems(self) -> frozenset[str]:
        """Of all words in its rows and its papers, but for wordings that were learned: whoever asked in those may have
        named anybody. Worked out anew each time.
        """
        texts: list[str | None] = [
            text for paper in self._agreements.values() for text in (paper.reference, paper.title)
        ]
        for source in (*self._applying.sources, *self._others.sources):
            row = source.row
            texts += [row.item, row.category, row.third_party, row.msp_part, row.client_part, row.notes, *row.aliases]
        return frozenset(stem(word) for text in texts if text for word in tokens(text))

    def answer(self, question: str) -> ScopeAnswer:
        """The verdict on `question` as of the day this matrix was arranged for."""
        if self._settled and (settled := self._settled.get(wording_key(question))) is not None:
            answer = self._as_settled(settled)
            if answer is not None:
                return answer
        found = match(self._index, question)
        if found.outcome is Outcome.SURE:
            topic = self._applying[found.candidates[0].key]
            answer = self._ruled(topic, _options(self._applying, found), found.confidence, found.because)
            return replace(answer, learned=self._learned(topic, question))
        if found.outcome is Outcome.CHOICE and not self._is_named_elsewhere(question, found):
            return ScopeAnswer(
                Verdict.AMBIGUOUS, None, _options(self._applying, found), found.confidence, (), found.because
            )
        return self._not_applying(question, found)

    def about(self, row: Responsibility) -> ScopeAnswer | None:
        """What applies now of the row that `row` is an earlier version of; None where nothing does."""
        topics = [each for each in self._applying if client_key(each.item) == client_key(row.item)]
        if len(topics) > 1:
            topics = [each for each in topics if client_key(each.category or "") == client_key(row.category or "")]
        return self._ruled(topics[0], (), 1.0, ()) if topics else None

    def _as_settled(self, settled: Settled) -> ScopeAnswer | None:
        """From the row that settled the same wording, where it applies and is what it was. Where it was changed since,
        or other paper took precedence, whoever asks says whether it is still meant. None where no such row applies any
        more.
        """
        item = client_key(settled.item)
        topics = [each for each in self._applying if client_key(each.item) == item]
        if not topics:
            return None
        because = (f'the same question was settled with "{settled.item}"',)
        rulings = [(topic, controlling(topic.sources).controlling) for topic in topics]
        for topic, party in rulings:
            if party is not None and party.row.id == settled.row_id:
                option = Option(topic.item, party.row.party, 1.0)
                return replace(self._ruled(topic, (option,), 1.0, because), settled=settled)
        options = tuple(Option(topic.item, party.row.party if party else None, 1.0) for topic, party in rulings)
        if len(rulings) == 1 and rulings[0][1] is None:
            return self._ruled(topics[0], options, 1.0, because)
        is_overruled = any(each.row.id == settled.row_id for topic in topics for each in topic.sources)
        why = "was changed after it had settled this question"
        if is_overruled:
            why = "settled this question, and other paper takes precedence over it"
        return ScopeAnswer(
            Verdict.AMBIGUOUS, None, options, 1.0, (f'"{settled.item}" {why}: say whether it is meant.',), because,
            settled=settled, is_overruled=is_overruled,
        )  # fmt: skip

    def _forces_on(self, day: date) -> dict[int, Force]:
        return {id: self._reckoning.force(agreement, day) for id, agreement in self._agreements.items()}

    def _source(self, row: Responsibility) -> Source:
        return source_of(row, self._agreements, self._carriers)

    def _arrange(self, sources: Sequence[Source]) -> None:
        parts: tuple[list[Source], list[Source]] = ([], [])
        for source in sources:
            parts[not self._applies(source)].append(source)
        applying, others = group_topics(parts[0]), group_topics(parts[1])
        self._others_by_item: dict[str, tuple[int, ...]] = {}
        for number, topic in enumerate(others):
            item = client_key(topic.item)
            self._others_by_item[item] = (*self._others_by_item.get(item, ()), number)
        self._index, self._others_index = self._indexed(applying), self._indexed(others)
        self._applying, self._others = (
            Topics(applying, self._agreements, self._carriers),
            Topics(others, self._agreements, self._carriers),
        )

    def _applies(self, source: Source) -> bool:
        return applies(source, self.as_of, self._forces)

    def _ruled(
        self, topic: Topic, options: tuple[Option, ...], confidence: float, because: tuple[str, ...]
    ) -> ScopeAnswer:
        ruling = controlling(topic.sources)
        cautions = _disagreement(ruling)
        if ruling.controlling is None:
            point = _disagreeing(topic)
            return ScopeAnswer(Verdict.AMBIGUOUS, None, options, confidence, cautions, because, open_point=point)
        source = ruling.controlling
        cautions += self._weaknesses(source)
        verdict = Verdict(source.row.party.value)
        doubtful = is_doubtful(source, ruling.overruled, self._agreements, self._forces, self._reckoning, self.as_of)
        return ScopeAnswer(
            verdict, source, options, confidence, cautions, because, doubtful, last_day=self._last_day(source)
        )

    def _not_applying(self, question: str, found: Match) -> ScopeAnswer:
        """Nothing that applies covers it; perhaps paper that ended, or has not begun, does."""
        nearest = _options(self._applying, found)
        other = self._found_elsewhere(question)
        if other is None:
            return ScopeAnswer(Verdict.UNDOCUMENTED, None, nearest, found.confidence, (), found.because)
        topic = self._others[other.candidates[0].key]
        ended = [s for s in topic.sources if not self._is_yet_to_come(s)]
        (option,) = _options(self._others, other)
        if not ended:
            cautions = tuple(self._yet_to_come(source) for source in topic.sources)
            return ScopeAnswer(
                Verdict.UNDOCUMENTED, None, (option, *nearest), found.confidence, cautions, other.because
            )
        lasts = {each.row.id: self._last_day(each) for each in ended}
        source = max(ended, key=lambda s: (lasts[s.row.id] or date.min, s.row.id))
        cautions = tuple(self._yet_to_come(each) for each in topic.sources if self._is_yet_to_come(each))
        said = f"{source.agreement.reference} said this is {WHOSE[source.row.party]}"
        is_paper_over = self._forces[source.agreement.id] not in APPLYING
        over = f"{said}, but it no longer applies." if is_paper_over else f"{said} until {source.row.effective_to}."
        return ScopeAnswer(
            Verdict.LAPSED, source, (option,), other.confidence, (over, *cautions), other.because,
            last_day=lasts[source.row.id],
        )  # fmt: skip

    def _last_day(self, source: Source) -> date | None:
        item = client_key(source.row.item)
        others = [each for at in self._others_by_item.get(item, ()) for each in self._others[at].sources]
        return last_day_of(source, others, self._agreements, self._reckoning, self.as_of)

    def _learned(self, topic: Topic, question: str) -> tuple[LearnedPhrase, ...]:
        """The wordings of this question that were taught."""
        if not self._phrases:
            return ()
        asked = f" {client_key(question)} "
        return tuple(
            phrase
            for phrase in self._phrases.get(client_key(topic.item), ())
            if f" {client_key(phrase.phrase)} " in asked
        )

    def _indexed(self, topics: Sequence[Topic]) -> ScopeIndex:
        return ScopeIndex(as_rows(topics, self._phrases), self._knowledge)

    def _is_named_elsewhere(self, question: str, found: Match) -> bool:
        return fits_better(self._found_elsewhere(question), found)

    def _found_elsewhere(self, question: str) -> Match | None:
        return sure(self._others_index, question) if self._others else None

    def _is_yet_to_come(self, source: Source) -> bool:
        starts = source.row.effective_from
        is_early = any(self._forces[each.id] is Force.NOT_YET for each in source.papers)
        return is_early or (starts is not None and starts > self.as_of)

    def _yet_to_come(self, source: Source) -> str:
        day = source.first_day
        return f"{source.paper.reference} covers it only from {day}: {source.row.item}, {WHOSE[source.row.party]}."

    def _weaknesses(self, source: Source) -> tuple[str, ...]:
        agreement, row = source.agreement, source.row
        weak = []
        if source.is_proposed:
            weak.append(self._not_agreed(source))
        if not agreement.is_signed:
            weak.append(
                f"{agreement.reference} is not signed by {_unsigned_side(agreement)}: ask before you rely on it."
            )
        for paper in source.papers:
            if self._forces[paper.id] is Force.UNKNOWN:
                weak.append(self._unclear_force(paper))
            parent = self._agreements.get(paper.parent_id or 0)
            if parent is not None and belongs_to_ended(paper, self._agreements, self._forces):
                above = f"{paper.reference} belongs to {parent.reference}, which is over"
                weak.append(f"{above}: ask before you rely on it.")
        if agreement.id not in self.explained:
            weak.append(f"No walkthrough of {agreement.reference} is recorded: the client may not know this.")
        elif agreement.id in self._partly:
            weak.append(self._partly[agreement.id])
        if row.party is Party.SHARED and not (row.msp_part and row.client_part) and not row.notes:
            weak.append("The matrix does not say which part is whose: agree on that before you start.")
        if row.party is Party.THIRD_PARTY and not row.third_party and not row.notes:
            weak.append("The matrix does not name the third party.")
        return tuple(weak)

    def _unclear_force(self, agreement: Agreement) -> str:
        doubts = self._reckoning.terms(self._reckoning.root(agreement) or agreement, self.as_of).doubts
        if doubts:
            return f"Whether {agreement.reference} is still in force is not clear: {' '.join(doubts)}"
        return f"The record of {agreement.reference} does not say whether it is still in force: check its dates."

    def _not_agreed(self, source: Source) -> str:
        """Why a proposed row does not count yet."""
        carrier = self._agreements.get(source.row.carried_by_id or 0)
        if carrier is None:
            return "No paper signed by both sides carries this row yet."
        if not carrier.is_signed:
            return f"{carrier.reference} is to carry this row, but is not signed by {_unsigned_side(carrier)}."
        return f"{carrier.reference} carries this row, but does not apply on that day."


def _in_order(row: Responsibility) -> tuple[int, int, int]:
    return (row.agreement_id, row.position, row.id)


def _options(topics: Topics, found: Match) -> tuple[Option, ...]:
    return tuple(Option(each.item, topics.party(each.key), round(each.score, 3)) for each in found.candidates)


def _disagreement(ruling: Ruling) -> tuple[str, ...]:
    first = ruling.controlling
    is_agreed = not first.is_proposed if first is not None else any(not s.is_proposed for s in ruling.overruled)
    proposed = [s for s in ruling.overruled if s.is_proposed and s.agreement.is_signed and is_agreed]
    overruled = [s for s in ruling.overruled if s not in proposed]
    changes = dict.fromkeys(
        f"A change to {plain(s.row.party)} is proposed for {s.agreement.reference}, not agreed: do not rely on it."
        for s in proposed
    )
    return (*_conflict(first, overruled), *changes)


def _disagreeing(topic: Topic) -> str:
    """Which papers say different things about it."""
    *others, last = dict.fromkeys(source.paper.reference for source in topic.sources)
    who = f"{', '.join(others)} and {last} say" if others else f"{last} says"
    return f'{who} different things about "{topic.item}"'


def _conflict(first: Source | None, overruled: Sequence[Source]) -> tuple[str, ...]:
    if not overruled:
        return ()
    others = dict.fromkeys(f"{s.paper.reference} says it is {WHOSE[s.row.party]}" for s in overruled)
    if first is None:
        return (f"The documents disagree and none takes precedence: {'; '.join(others)}. A manager must decide.",)
    return (
        f"The documents disagree: {first.paper.reference} says it is {WHOSE[first.row.party]} and takes "
        f"precedence; {'; '.join(others)}.",
    )


def _unsigned_side(agreement: Agreement) -> str:
    if agreement.msp_signed_on is None and agreement.client_signed_on is None:
        return "either side"
    return "the client" if agreement.client_signed_on is None else "us"
