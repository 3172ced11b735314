"""Questions of one row, and of different rows, of the labelled matrices: how often they are told apart."""

import csv
import random
from pathlib import Path

import pytest

from commands.rules.matching.nearness import nearest
from commands.rules.questions.same_thing import MAYBE_FROM, SAME_FROM, Likeness, likeness
from commands.rules.questions.utterance import subject_key
from storage.catalog.sentences import encoder

_SETS = sorted((Path(__file__).parent.parent / "data").glob("scope_*"))[1:24:2]
_OPEN, _DRAWS = 8, 10


@pytest.mark.parametrize(
    ("nearness", "found"),
    [(1.0, Likeness.SAME), (SAME_FROM, Likeness.SAME), (SAME_FROM - 0.01, Likeness.MAYBE), (MAYBE_FROM, Likeness.MAYBE),
     (MAYBE_FROM - 0.01, Likeness.OTHER), (-1.0, Likeness.OTHER)],
)  # fmt: skip
def test_the_bounds(nearness: float, found: Likeness) -> None:
    assert likeness(nearness) is found


def questions_by_row(folder: Path) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for file in sorted(folder.glob("questions*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            for line in csv.DictReader(opened):
                if line["expected_item"]:
                    rows.setdefault(line["expected_item"], []).append(line["question"])
    return rows


@pytest.mark.slow
def test_mostly_the_same_thing_is_asked_about_and_nothing_else_is_joined_unasked() -> None:
    """One question beside eight open ones, of which one may be about the same row, in other words."""
    draw, right, wrong, there, joined = random.Random(3), 0, 0, 0, 0
    for folder in _SETS:
        rows = questions_by_row(folder)
        for number in range(_DRAWS):
            asked_twice = [row for row, asked in rows.items() if len({subject_key(each) for each in asked}) > 1]
            item = draw.choice(sorted((asked_twice if number % 2 else []) or rows))
            others = draw.sample([row for row in sorted(rows) if row != item], _OPEN)
            new = draw.choice(rows[item])
            waiting = [(draw.choice(rows[each]), each) for each in others]
            if number % 2:
                same = [each for each in rows[item] if subject_key(each) != subject_key(new)]
                if not same:
                    continue
                there += 1
                waiting[0] = (draw.choice(same), item)
            place, nearness = nearest(encoder().vectors, new, [question for question, _ in waiting])
            found = likeness(nearness)
            if found is not Likeness.OTHER:
                is_right = waiting[place][1] == item
                right, wrong = right + is_right, wrong + (not is_right)
                joined += found is Likeness.SAME and not is_right
    assert joined == 0
    assert right / (right + wrong) >= 0.75, (right, wrong)
    assert right / there >= 0.25, (right, there)
