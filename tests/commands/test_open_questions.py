"""Open questions: told in batches, at once where somebody asks for it, and one for everybody who asks the same."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import text

from commands.errors import Conflict, NotFound
from commands.matrix_cache import Matrices
from commands.rules.matching.nearness import Vectors
from commands.rules.questions.same_thing import MAYBE_FROM, SAME_FROM
from storage.records import QuestionStatus, Reminder, ReminderState, ScopeQuestion
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk

TUESDAY = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)  # 10:30 in Chicago
NEXT_BATCH = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # Wednesday, 09:00
AT_NIGHT = datetime(2026, 3, 7, 8, 0, tzinfo=UTC)  # Saturday, 02:00
MONDAY = datetime(2026, 3, 9, 14, 0, tzinfo=UTC)  # 09:00, in summer time


@pytest.fixture
def tuesday(calder: Desk) -> Desk:
    calder.now = TUESDAY
    return calder


def rows_of(desk: Desk, number: int) -> list[Reminder]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        rows = uow.reminders.of_subject(f"scope_question:{number}")
    return [row for row in rows if row.state is not ReminderState.CANCELLED]


def question(desk: Desk, number: int) -> ScopeQuestion:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        found = uow.questions.find(number)
    assert found is not None
    return found


def first_of(desk: Desk, number: int) -> tuple[str, datetime]:
    row = min(rows_of(desk, number), key=lambda each: each.due_at)
    return row.recipient, row.due_at


def test_the_owner_gets_the_days_questions_in_one_message_the_next_morning(tuesday: Desk) -> None:
    for asked in ("who feeds the hamster?", "who waters the plants?"):
        reply = tuesday.type(f"/scope calder {asked}", user=TECHNICIAN)
        assert reply.notices == ()
        said = " ".join(reply.next_steps)
        assert f"<@{MANAGER}> is told on 4 March 2026 at 09:00 (America/Chicago)" in said
        assert "press Ask a manager" in said
        assert "Ask a manager" in [choice.label for choice in reply.choices]
    assert first_of(tuesday, 1) == first_of(tuesday, 2) == (MANAGER, NEXT_BATCH)
    assert len({min(rows_of(tuesday, number), key=lambda row: row.due_at).bundle for number in (1, 2)}) == 1


def test_before_the_hour_they_are_told_on_the_same_day(tuesday: Desk) -> None:
    tuesday.now = TUESDAY.replace(hour=13)
    tuesday.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    assert first_of(tuesday, 1) == (MANAGER, TUESDAY.replace(hour=15, minute=0))


def test_when_five_wait_they_are_told_at_once_and_the_fifth_asker_reads_so(tuesday: Desk) -> None:
    for number, animal in enumerate(("cat", "dog", "fish", "owl"), 1):
        tuesday.type(f"/scope calder who feeds the {animal} zoology{number}?", user=TECHNICIAN)
    assert first_of(tuesday, 4) == (MANAGER, NEXT_BATCH)
    fifth = tuesday.type("/scope calder who waters the plants?", user=TECHNICIAN)
    assert f"<@{MANAGER}> is told now; you will be told what is decided" in " ".join(fifth.next_steps)
    assert {first_of(tuesday, number) for number in range(1, 6)} == {(MANAGER, TUESDAY)}
    tuesday.type("/scope calder who washes the cars?", user=TECHNICIAN)
    assert first_of(tuesday, 6) == (MANAGER, NEXT_BATCH), "the count begins anew"


def test_ask_a_manager_goes_at_once_in_a_message_of_its_own(tuesday: Desk) -> None:
    tuesday.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    reply = tuesday.type('/engagement scope escalate 1 note:"It is hungry"', user=TECHNICIAN)
    assert f"<@{MANAGER}> is told now" in " ".join(reply.next_steps)
    row = min(rows_of(tuesday, 1), key=lambda each: each.due_at)
    assert (row.recipient, row.due_at) == (MANAGER, TUESDAY)
    assert row.bundle.startswith("own:")
    tuesday.now += timedelta(minutes=5)
    tuesday.type("/engagement scope escalate 1", user=TECHNICIAN)
    assert max(each.due_at for each in rows_of(tuesday, 1) if each.lead_days == row.lead_days) == tuesday.now


def test_at_night_nobody_is_messaged_and_the_asker_reads_when(calder: Desk) -> None:
    calder.now = AT_NIGHT
    calder.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    reply = calder.type("/engagement scope escalate 1", user=TECHNICIAN)
    assert f"<@{MANAGER}> is told on 9 March 2026 at 09:00 (America/Chicago): outside working hours" in " ".join(
        reply.next_steps
    )
    assert first_of(calder, 1) == (MANAGER, MONDAY)


def test_a_question_is_put_to_somebody_who_may_settle_it(tuesday: Desk) -> None:
    tuesday.type(f"/engagement client edit calder owner:{TECHNICIAN}")
    tuesday.type("/scope calder who feeds the hamster?", user=VIEWER)
    assert first_of(tuesday, 1)[0] == "C0MANAGERS"
    tuesday.type(f"/engagement client edit calder owner:{MANAGER}")
    assert first_of(tuesday, 1)[0] == MANAGER
    tuesday.type("/scope calder who waters the plants?", user=MANAGER)
    assert first_of(tuesday, 2)[0] == "C0MANAGERS", "who asks does not answer, where somebody else may"


def test_what_is_settled_before_the_hour_is_not_told(tuesday: Desk) -> None:
    tuesday.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    tuesday.type("/engagement scope settle 1 client", user=MANAGER)
    assert rows_of(tuesday, 1) == []


@dataclass(frozen=True)
class Placed:
    """A sentence encoder whose texts lie where they are put; those that nobody put anywhere are far from all."""

    places: dict[str, float]

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        angles = [np.arccos(self.places.get(text, 0.0)) for text in texts]
        return np.array([(np.cos(each), np.sin(each)) for each in angles], np.float32)


def with_places(desk: Desk, **places: float) -> None:
    """`places` are cosines to the first question, by the animal that is asked about. Matrices are answered by words."""
    placed = Placed({f"who feeds the {animal}?": near for animal, near in places.items()})
    desk.dispatcher = replace(desk.dispatcher, matrices=_Meant(placed))


class _Meant(Matrices):
    def __init__(self, placed: Placed) -> None:
        super().__init__()
        self.placed = placed

    @property
    def question_vectors(self) -> Vectors:
        return self.placed.vectors


def test_other_words_for_the_same_are_one_open_question_and_all_are_told(tuesday: Desk) -> None:
    with_places(tuesday, hamster=1.0, rodent=SAME_FROM + 0.01)
    tuesday.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    joined = tuesday.type("/scope calder who feeds the rodent?", user=VIEWER)
    assert joined.data["joined"] == 1
    assert '("who feeds the hamster?")' in " ".join(joined.lines)
    assert (question(tuesday, 2).status, question(tuesday, 2).joined_id) == (QuestionStatus.ANSWERED, 1)
    assert rows_of(tuesday, 2) == []
    settled = tuesday.type("/engagement scope settle 1 client", user=MANAGER)
    assert {(each.to, each.receipt) for each in settled.notices} == {
        (TECHNICIAN, "question:1"), (VIEWER, "question:2"),
    }  # fmt: skip


def test_where_it_is_not_sure_whoever_asks_is_asked_and_nothing_is_joined_before(tuesday: Desk) -> None:
    with_places(tuesday, hamster=1.0, rodent=MAYBE_FROM + 0.01)
    tuesday.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    asked = tuesday.type("/scope calder who feeds the rodent?", user=VIEWER)
    assert 'Is this the same as no. 1, "who feeds the hamster?"?' in asked.lines
    assert len(rows_of(tuesday, 2)) > 0
    [same] = [choice for choice in asked.choices if choice.label.startswith("Same as")]
    tuesday.type(f"/engagement {same.command}", user=VIEWER)
    assert (question(tuesday, 2).joined_id, rows_of(tuesday, 2)) == (1, [])
    settled = tuesday.type("/engagement scope dismiss 1 note:No", user=MANAGER)
    assert {each.to for each in settled.notices} == {TECHNICIAN, VIEWER}


PIPES = (("3", "13"), ("3", "4"), ("two", "three"), ("3a", "3b"), ("1.2", "1.3"))


@pytest.mark.parametrize(("one", "other"), PIPES)
def test_questions_that_differ_in_a_number_are_two(tuesday: Desk, one: str, other: str) -> None:
    with_places(tuesday, **{f"organ pipe {one}": 1.0, f"organ pipe {other}": 1.0})
    tuesday.type(f"/scope calder who feeds the organ pipe {one}?", user=TECHNICIAN)
    asked = tuesday.type(f"/scope calder who feeds the organ pipe {other}?", user=VIEWER)
    assert "joined" not in asked.data
    assert not any(choice.label.startswith("Same as") for choice in asked.choices)
    assert question(tuesday, 2).status is QuestionStatus.OPEN


SPELLINGS = (("organ pipe 3", "organ pipe three"), ("organ pipe 3", "organ pipe 03"), ("3rd pipe", "pipe no. 3"))


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_one_number_written_in_two_ways_is_one(tuesday: Desk, one: str, other: str) -> None:
    with_places(tuesday, **{one: 1.0, other: 1.0})
    tuesday.type(f"/scope calder who feeds the {one}?", user=TECHNICIAN)
    assert tuesday.type(f"/scope calder who feeds the {other}?", user=VIEWER).data["joined"] == 1


def test_a_number_that_only_one_of_them_names_is_asked_about(tuesday: Desk) -> None:
    with_places(tuesday, **{"organ pipe": 1.0, "organ pipe 3": 1.0})
    tuesday.type("/scope calder who feeds the organ pipe?", user=TECHNICIAN)
    asked = tuesday.type("/scope calder who feeds the organ pipe 3?", user=VIEWER)
    assert "joined" not in asked.data
    assert any(choice.label.startswith("Same as") for choice in asked.choices)


def test_what_is_far_is_another_question(tuesday: Desk) -> None:
    with_places(tuesday, hamster=1.0, plants=MAYBE_FROM - 0.01)
    tuesday.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    asked = tuesday.type("/scope calder who feeds the plants?", user=VIEWER)
    assert "maybe" not in asked.data
    assert question(tuesday, 2).status is QuestionStatus.OPEN


def test_pressing_on_a_joined_question_presses_the_one_that_waits(tuesday: Desk) -> None:
    tuesday.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    tuesday.type("/scope calder the hamster, who feeds it?", user=VIEWER)
    assert question(tuesday, 2).joined_id == 1
    tuesday.type("/engagement scope escalate 2", user=VIEWER)
    assert (question(tuesday, 1).presses, question(tuesday, 2).presses) == (1, 0)
    assert first_of(tuesday, 1) == (MANAGER, TUESDAY)


def test_only_open_questions_of_one_client_and_ones_own_are_joined(tuesday: Desk) -> None:
    tuesday.type('/engagement client add "Bluebird Dental"')
    tuesday.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    tuesday.type("/scope bluebird who feeds the hamster?", user=TECHNICIAN)
    tuesday.type("/scope calder who waters the plants?", user=TECHNICIAN)
    assert isinstance(tuesday.refused("/engagement scope join 1 2", user=TECHNICIAN), Conflict)
    assert isinstance(tuesday.refused("/engagement scope join 3 1", user=VIEWER), NotFound)
    tuesday.type("/engagement scope settle 1 client", user=MANAGER)
    assert isinstance(tuesday.refused("/engagement scope join 3 1", user=TECHNICIAN), Conflict)


def test_the_hour_and_the_count_are_settings(calder: Desk) -> None:
    policy = replace(calder.dispatcher.policy, questions_at=TUESDAY.time().replace(hour=14, minute=0), questions_most=2)
    calder.dispatcher = replace(calder.dispatcher, policy=policy)
    calder.now = TUESDAY
    calder.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    assert first_of(calder, 1) == (MANAGER, TUESDAY.replace(hour=20, minute=0))
    calder.type("/scope calder who waters the plants?", user=TECHNICIAN)
    assert first_of(calder, 1) == first_of(calder, 2) == (MANAGER, TUESDAY)


def test_what_is_told_earlier_of_another_client_is_an_entry_of_its_own(calder: Desk) -> None:
    """Whoever may see one client only reads nothing of the other in its entry, and either can be erased."""
    calder.type('/engagement client add "Granite Gold" alias:granite owner:U0MANAGER')
    policy = replace(calder.dispatcher.policy, questions_at=TUESDAY.time().replace(hour=14, minute=0), questions_most=2)
    calder.dispatcher = replace(calder.dispatcher, policy=policy)
    calder.now = TUESDAY
    calder.type("/scope granite who feeds the hamster?", user=TECHNICIAN)
    calder.type("/scope calder who waters the plants?", user=TECHNICIAN)
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        ids = {each.name: each.id for each in uow.clients.list()}
        rows = uow._session.execute(
            text("SELECT e.action, e.actor, d.client_ids, d.details FROM audit_entry e JOIN audit_detail d USING (seq)")
        ).all()
    apart = [row for row in rows if row[0] == "reminder plan"]
    assert [(row[1], json.loads(row[2])) for row in apart] == [("clock", [ids["Granite Gold"]])]
    asked = next(details for action, _, _, details in rows if action == "scope ask" and "plants" in details)
    assert "scope_question:1" in apart[0][3]
    assert "scope_question:1" not in asked
    assert "is whole" in calder.type("/engagement audit verify").headline


def test_nobody_is_reminded_of_a_question_about_a_client_that_left(calder: Desk) -> None:
    calder.now = TUESDAY
    calder.type("/engagement client offboard calder")
    calder.type("/scope calder who feeds the hamster?", user=TECHNICIAN)
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        assert uow.questions.find(1) is not None
        assert uow.reminders.of_subject("scope_question:1") == []
