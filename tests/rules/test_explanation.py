"""Whether an agreement counts as explained: a table of what was held, with whom, and when."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from commands.rules.agreements.explanation import explanation, last_change
from storage.records import (
    Agreement,
    KeyTopic,
    Party,
    Responsibility,
    RowBasis,
    TopicCoverage,
    TopicState,
    Walkthrough,
)

SIGNED = date(2026, 1, 10)
STAMP: dict[str, Any] = {"recorded_at": datetime(2026, 3, 1, tzinfo=UTC), "recorded_by": "U0DANA"}
LIABILITY, ACCESS = KeyTopic.LIMITATION_OF_LIABILITY, KeyTopic.ACCESS_SCOPE
PAPER = Agreement(
    id=1, client_id=1, reference="SOW-A", effective_on=date(2026, 1, 1), client_signed_on=SIGNED, msp_signed_on=SIGNED,
    client_signer="Lee Marsh, COO",
)  # fmt: skip


def held(on: date, *topics: KeyTopic, to: str = "Lee Marsh", may_sign: bool | None = None) -> Walkthrough:
    names = tuple(each.value for each in topics)
    return Walkthrough(
        agreement_id=1, held_on=on, explained_by="U0DANA", explained_to=to, topics=names, may_sign=may_sign, **STAMP
    )


def has(topic: KeyTopic, state: TopicState = TopicState.PRESENT) -> TopicCoverage:
    return TopicCoverage(client_id=1, agreement_id=1, topic=topic, state=state, **STAMP)


BOTH = (has(LIABILITY), has(ACCESS))
BEFORE = SIGNED - timedelta(days=3)


@pytest.mark.parametrize(
    ("conversations", "coverage", "changed_on", "words"),
    [
        ([held(BEFORE, LIABILITY, ACCESS)], BOTH, None, None),
        ([held(BEFORE, LIABILITY), held(SIGNED, ACCESS)], BOTH, None, None),
        ([held(SIGNED + timedelta(days=14), LIABILITY, ACCESS)], BOTH, None, None),
        (
            [held(SIGNED + timedelta(days=15), LIABILITY, ACCESS)], BOTH, None,
            "SOW-A was explained on 25 January 2026, 1 day later than it should have been.",
        ),
        (
            [held(BEFORE, LIABILITY)], BOTH, None,
            "SOW-A was explained on 7 January 2026, but not all of it: not covered are access scope.",
        ),
        (
            [held(BEFORE)], BOTH, None,
            "SOW-A was explained on 7 January 2026, but which topics were covered was not noted.",
        ),
        (
            [held(BEFORE, LIABILITY, ACCESS, to="Sam Clerk")], BOTH, None,
            "SOW-A was explained on 7 January 2026, but whether Sam Clerk may sign for the client is not recorded.",
        ),
        ([held(BEFORE, LIABILITY, ACCESS, to="Sam Clerk", may_sign=True)], BOTH, None, None),
        (
            [held(BEFORE, LIABILITY, ACCESS, may_sign=False)], BOTH, None,
            "SOW-A was explained on 7 January 2026, but Lee Marsh may not sign for the client.",
        ),
        (
            [held(BEFORE, LIABILITY, ACCESS)], BOTH, date(2026, 2, 1),
            "SOW-A was explained on 7 January 2026, but what it says changed on 1 February 2026, after that.",
        ),
        ([held(BEFORE, LIABILITY), held(date(2026, 2, 1), LIABILITY, ACCESS)], BOTH, date(2026, 2, 1), None),
        ([held(BEFORE, LIABILITY)], (has(LIABILITY), has(ACCESS, TopicState.MISSING)), None, None),
        (
            [held(BEFORE, LIABILITY)], (has(LIABILITY), has(ACCESS, TopicState.UNCLEAR)), None,
            "SOW-A was explained on 7 January 2026, but not all of it: not covered are access scope.",
        ),
        ([held(BEFORE)], (), None, None),
        (
            [held(BEFORE, to="Sam Clerk")], (), None,
            "SOW-A was explained on 7 January 2026, but whether Sam Clerk may sign for the client is not recorded.",
        ),
        ([], BOTH, None, None),
    ],
)  # fmt: skip
def test_what_is_said_of_it(
    conversations: list[Walkthrough], coverage: tuple[TopicCoverage, ...], changed_on: date | None, words: str | None
) -> None:
    told = explanation(PAPER, conversations, coverage, changed_on)
    assert told.in_words("SOW-A") == words
    assert told.is_full == (words is None and bool(conversations))


def test_never_explained_misses_everything() -> None:
    told = explanation(PAPER, [], BOTH, None)
    assert (told.held_on, told.is_full, set(told.missing)) == (None, False, {LIABILITY, ACCESS})


def test_the_set_days_count_from_the_signature_of_the_client() -> None:
    late = [held(SIGNED + timedelta(days=3), LIABILITY, ACCESS)]
    assert explanation(PAPER, late, BOTH, None, timedelta(days=2)).late_by == 1
    assert explanation(PAPER, late, BOTH, None, timedelta(days=3)).is_full


@pytest.mark.parametrize(
    ("starts", "basis", "changed"),
    [
        (date(2026, 1, 1), RowBasis.AS_SIGNED, None),
        (SIGNED, RowBasis.AS_SIGNED, None),
        (date(2026, 2, 1), RowBasis.AS_SIGNED, date(2026, 2, 1)),
        (date(2026, 2, 1), RowBasis.PROPOSED, None),
        (date(2026, 3, 2), RowBasis.AS_SIGNED, date(2026, 3, 2)),  # from today on
        (date(2026, 3, 3), RowBasis.AS_SIGNED, None),
        (date(2026, 9, 1), RowBasis.AS_SIGNED, None),
    ],
)
def test_a_row_that_says_something_else_after_signing_is_a_change(
    starts: date, basis: RowBasis, changed: date | None
) -> None:
    row = Responsibility(
        client_id=1, agreement_id=1, item="Backup", party=Party.MSP, effective_from=starts, basis=basis, **STAMP
    )
    assert last_change(PAPER, [row], date(2026, 3, 2)) == changed
