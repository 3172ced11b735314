"""What people asked, as a data set: labelled by what was corrected and settled, without people's names."""

import csv
from pathlib import Path

import pytest

from commands.scope.asked_questions import asked_questions, without_people
from tests.commands.conftest import MANAGER, TECHNICIAN, Desk, set_up_calder
from tests.training import sets


def test_every_answer_gets_its_label(desk: Desk, tmp_path: Path) -> None:
    set_up_calder(desk)
    asked = {
        "server backup?": "answered",
        "who feeds the goldfish of Marsh": "absent",
        "the nightly tape job": "corrected",
        "who proves that restores work": "settled",
    }
    numbers = {each: desk.type(f"/scope calder {each}", user=TECHNICIAN).data["question_id"] for each in asked}
    desk.type(f'/engagement scope settle {numbers["who feeds the goldfish of Marsh"]} dismiss:yes note:"not IT"')
    desk.type(f'/engagement scope learn {numbers["the nightly tape job"]} row:"Server backup"', user=MANAGER)
    desk.type(f"/engagement scope escalate {numbers['who proves that restores work']}", user=TECHNICIAN)
    desk.type(f'/engagement scope settle {numbers["who proves that restores work"]} row:"Server backup"', user=MANAGER)
    desk.type("/scope calder who repairs the coffee machine", user=TECHNICIAN)  # stays open
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        found = asked_questions(uow, 1)
    labelled = {
        each["question"]: (each["expected_item"], each["kind"]) for each in csv.DictReader(found.questions.split("\n"))
    }
    assert labelled == {
        "server backup?": ("Server backup", "answered"),
        "who feeds the goldfish of somebody": ("", "absent"),
        "the nightly tape job": ("Server backup", "corrected"),
        "who proves that restores work": ("Server backup", "settled"),
    }
    assert found.left_out == {"nobody has settled it yet": 1}
    folder = tmp_path / "scope_own"
    folder.mkdir()
    (folder / "matrix.csv").write_text(found.matrix, encoding="utf-8")
    (folder / "questions.csv").write_text(found.questions, encoding="utf-8")
    assert len(sets.load("own", tmp_path).questions) == 4


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@U0ABC12> asks who patches", "somebody asks who patches"),
        ("call +1 (555) 010-2233 or dana@calder.example", "call somebody or somebody"),
        ("ann lee wants it, Ann too", "somebody wants it, somebody too"),
        ("Will Park's PC: will it be patched?", "somebody's PC: will it be patched?"),
        ("ring 555-0134 or (020) 7946 0958", "ring somebody or (somebody"),
        ("since 2026-03-01, not 1/2/2026 or 01.02.26?", "since 2026-03-01, not 1/2/2026 or 01.02.26?"),
        ("between 2026-03-01 and 2026-04-30", "between 2026-03-01 and 2026-04-30"),
        ("who patches 192.168.100.10 and 10.20.0.0/24?", "who patches 192.168.100.10 and 10.20.0.0/24?"),
        ("on 2026-03-01 call 555 010 2233.", "on 2026-03-01 call somebody."),
        ("reset 365 for 12 users", "reset 365 for 12 users"),
    ],
)
def test_people_are_not_named(text: str, shown: str) -> None:
    assert without_people(("Ann Lee", "Will Park, COO"))(text) == shown


def test_nobody_to_hide() -> None:
    assert without_people(())("who patches Ann's PC") == "who patches Ann's PC"
