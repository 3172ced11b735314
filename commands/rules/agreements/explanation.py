"""Whether an agreement counts as explained: which of its key topics, to whom, and when.

It does when every key topic that is recorded as present in it was covered with somebody who may sign for the client,
after the last change of what it says, and before the client signed or within the set days after it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commands.rules.dates.format import format_date
from commands.rules.text.phrases import count_days, join_names, plain
from storage.records.agreement import Agreement, KeyTopic
from storage.records.client import client_key
from storage.records.responsibility import Responsibility, RowBasis
from storage.records.topic import TopicCoverage, TopicState
from storage.records.walkthrough import Walkthrough

USUAL_DAYS = 14
_ALL_TOPICS = len(KeyTopic)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`held_on`: the newest conversation; None for none. `topics`: the key topics that the agreement has, as far as
    somebody looked; `missing`: those of them that no conversation that counts has covered.

    `doubts`: why what was held does not count, or not wholly. `late_by`: days after the last day on which it would have
    been in time.
    """

    held_on: date | None = None
    topics: tuple[KeyTopic, ...] = ()
    missing: tuple[KeyTopic, ...] = ()
    doubts: tuple[str, ...] = ()
    late_by: int = 0

    @property
    def is_full(self) -> bool:
        return self.held_on is not None and not self.missing and not self.doubts and not self.late_by

    def in_words(self, reference: str) -> str | None:
        """One sentence on what is not explained; None where nothing is missing, or nothing was explained at all."""
        if self.held_on is None or self.is_full:
            return None
        told = f"{reference} was explained on {format_date(self.held_on)}"
        if self.doubts:
            return f"{told}, but {join_names(self.doubts, _ALL_TOPICS, '; ')}."
        if self.missing:
            names = join_names([plain(each) for each in self.missing], _ALL_TOPICS)
            return f"{told}, but not all of it: not covered are {names}."
        return f"{told}, {count_days(self.late_by)} later than it should have been."


def explanation(
    agreement: Agreement,
    held: Iterable[Walkthrough],
    coverage: Iterable[TopicCoverage],
    changed_on: date | None,
    within: timedelta = timedelta(days=USUAL_DAYS),
) -> Explanation:
    """`held` and `coverage` are of this agreement; `changed_on`: when what it says last changed after it was signed."""
    conversations = sorted(held, key=lambda each: (each.held_on, each.id))
    known = tuple(coverage)
    topics = tuple(each for each in KeyTopic if any(_is_present(one, each) for one in known))
    if not conversations:
        return Explanation(topics=topics, missing=topics)
    newest = conversations[-1].held_on
    recent = [each for each in conversations if changed_on is None or each.held_on >= changed_on]
    counting = [each for each in recent if has_authority(each, agreement)]
    missing = _not_covered(topics, counting)
    doubts = tuple(_doubts(conversations, recent, counting, changed_on, topics))
    done_on = _done_on(topics, counting)
    late_by = 0
    if done_on is not None and agreement.client_signed_on is not None:
        last = max(filter(None, (agreement.client_signed_on, changed_on))) + within
        late_by = max(0, (done_on - last).days)
    return Explanation(newest, topics, missing, doubts, late_by)


def has_authority(walkthrough: Walkthrough, agreement: Agreement) -> bool:
    """Whether whoever heard it may sign for the client: it is recorded so, or they are the one who signed."""
    if walkthrough.may_sign is not None:
        return walkthrough.may_sign
    return agreement.client_signer is not None and _name(walkthrough.explained_to) == _name(agreement.client_signer)


def last_change(agreement: Agreement, rows: Iterable[Responsibility], today: date) -> date | None:
    """The newest day, not after `today`, from which a row of the signed paper says something else; None for none."""
    signed = max(filter(None, (agreement.client_signed_on, agreement.effective_on)), default=None)
    if signed is None:
        return None
    mine = (row for row in rows if row.agreement_id == agreement.id and row.basis is not RowBasis.PROPOSED)
    return max(
        (row.effective_from for row in mine if row.effective_from and signed < row.effective_from <= today),
        default=None,
    )


def _doubts(
    held: Sequence[Walkthrough],
    recent: Sequence[Walkthrough],
    counting: Sequence[Walkthrough],
    changed_on: date | None,
    topics: Sequence[KeyTopic],
) -> Iterable[str]:
    if not recent and changed_on is not None:
        yield f"what it says changed on {format_date(changed_on)}, after that"
        return
    if not counting:
        who = held[-1]
        yield (
            f"{who.explained_to} may not sign for the client"
            if who.may_sign is False
            else f"whether {who.explained_to} may sign for the client is not recorded"
        )
    if topics and not any(each.topics for each in recent):
        yield "which topics were covered was not noted"


def _not_covered(topics: Iterable[KeyTopic], counting: Iterable[Walkthrough]) -> tuple[KeyTopic, ...]:
    covered = {topic for each in counting for topic in each.topics}
    return tuple(topic for topic in topics if topic.value not in covered)


def _done_on(topics: Sequence[KeyTopic], counting: Sequence[Walkthrough]) -> date | None:
    """The first day on which everything had been covered."""
    for place, each in enumerate(counting, start=1):
        if not _not_covered(topics, counting[:place]):
            return each.held_on
    return None


def _is_present(coverage: TopicCoverage, topic: KeyTopic) -> bool:
    return coverage.topic is topic and coverage.state is not TopicState.MISSING


def _name(person: str) -> str:
    """Without the title."""
    return client_key(person.partition(",")[0])
