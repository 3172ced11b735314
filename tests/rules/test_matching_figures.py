"""What the matcher must not fall below, on matrices that had no part in making it, and what the data must look like."""

import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from commands.meanings import knowledge, shipped_meanings
from commands.rules.matching import Knowledge, Outcome, Row, ScopeIndex, match
from tests.training import sets
from tests.training.measure import measure

WITH_MEANING = knowledge(shipped_meanings())
WORDS_ALONE = knowledge()
KINDS = {"exact", "paraphrase", "synonym", "brand", "typo", "chatty", "near_miss", "negation"}


@cache
def figures(name: str, known: Knowledge) -> Counter[str]:
    return measure(sets.load(name), known)


def held_out(known: Knowledge) -> Counter[str]:
    """Of every second set, which takes half the time; docs/explanation/matching.md has the figures of all."""
    return sum((figures(name, known) for name in sets.HELD_OUT[::2]), Counter())


def test_sets_that_nothing_learned_from() -> None:
    """Bounds a little below what was measured when the weights were made."""
    found = held_out(WITH_MEANING)
    assert found["right"] / found["all"] >= RIGHT
    assert found["wrong"] / found["all"] <= WRONG
    assert found["sure wrong"] / found["all"] <= SURE_WRONG
    assert found["choice"] / found["single"] <= CHOICE
    assert found["uncovered answered"] / found["uncovered"] <= UNCOVERED


def test_without_the_encoder_it_is_more_cautious() -> None:
    found, more = held_out(WORDS_ALONE), held_out(WITH_MEANING)
    assert found["wrong"] / found["all"] <= WRONG
    assert found["sure wrong"] / found["all"] <= SURE_WRONG
    assert found["right"] < more["right"]


SHARED_NAME = ((1, "Patching", "Servers"), (2, "Patching", "Laptops"), (3, "Backup", "Servers"))
RIGHT, WRONG, SURE_WRONG, CHOICE, UNCOVERED = 0.87, 0.05, 0.015, 0.235, 0.075


@pytest.mark.parametrize("name", sets.names())
def test_a_row_asked_by_its_own_name_is_the_answer(name: str) -> None:
    index = ScopeIndex(sets.load(name).rows, WORDS_ALONE)
    for row in index.rows:
        found = match(index, f"is {row.item} ours?")
        assert (found.outcome, [each.key for each in found.candidates]) == (Outcome.SURE, [row.key]), row.item


def test_a_name_that_several_rows_have_is_a_choice_of_them() -> None:
    """No set has such a name."""
    rows = [Row(key, item, category) for key, item, category in SHARED_NAME]
    found = match(ScopeIndex(rows, WORDS_ALONE), "is patching ours?")
    assert (found.outcome, [each.key for each in found.candidates]) == (Outcome.CHOICE, [1, 2])


@pytest.mark.parametrize("name", sets.names())
def test_every_set_can_be_learned_from(name: str) -> None:
    one = sets.load(name)
    assert len(one.rows) >= 40
    assert len(one.questions) >= 100
    if name not in sets.MENDED_BY:
        assert {each.kind for each in one.questions} >= KINDS | {"near_absent", "absent", "nonsense", "ambiguous"}


def test_no_question_of_a_set_is_in_another() -> None:
    """But for the first ten sets, which have bare words such as "wifi" in common."""
    seen: dict[str, str] = {}
    for name in sorted(sets.names(), key=lambda each: each not in sets.MENDED_BY):
        for question in sets.load(name).questions:
            other = seen.setdefault(" ".join(question.text.lower().split()), name)
            assert other == name or name in sets.MENDED_BY, f"{name} and {other}: {question.text}"


def test_every_set_has_its_first_score() -> None:
    with (sets.FOLDER / "first_scores.csv").open(encoding="utf-8", newline="") as file:
        assert {row["set"] for row in csv.DictReader(file)} == set(sets.names())


@pytest.mark.parametrize(
    ("matrix", "questions", "problem"),
    [
        (
            "item\nA\nA\n",
            "question,expected_item,kind\nx,A,exact\n",
            'matrix.csv, line 3: "A" stands in line 2 already',
        ),
        ("item\nA\n", "question,expected_item,kind\nx,B,exact\n", 'questions.csv, line 2: the matrix has no row "B"'),
        ("item\nA\n", "question,expected_item,kind\nx,A,exact\n", "no question is uncovered"),
        ("item\nA\n", "question,expected_item,kind\nx,A,absent\n", "line 2: absent with a row"),
        ("item\nA\n", "question,expected_item,kind\nx,A,exact\nx,A,exact\n", "line 3: asked in line 2 already"),
    ],
)
def test_bad_data_is_refused_with_file_and_line(tmp_path: Path, matrix: str, questions: str, problem: str) -> None:
    folder = tmp_path / "scope_bad"
    folder.mkdir()
    (folder / "matrix.csv").write_text(matrix, encoding="utf-8")
    (folder / "questions.csv").write_text(questions, encoding="utf-8")
    with pytest.raises(sets.BadSet, match=problem):
        sets.load("bad", tmp_path)
