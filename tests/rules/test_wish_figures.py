"""What is told apart must not fall below what was measured, and the labelled sentences must be in order."""

from pathlib import Path

import pytest

from commands.catalog import REGISTRY
from commands.meanings import shipped_meanings
from commands.rules.questions.utterance import is_small_talk
from commands.rules.wishes.said import answer_said, days_said, kind_said, topic_said, whose_said
from storage.catalog.wishes import wish_model
from storage.records import DisclosureAnswer
from tests.conftest import NOW
from tests.training import sets, wishes

MEANINGS = shipped_meanings()
MODEL = wish_model(has_meaning=True)
SENTENCES = {name: wishes.labelled(name) for name in (wishes.LEARNED, wishes.KEPT_OUT)}


def test_the_sentences_that_were_kept_out() -> None:
    """docs/explanation/matching.md has the figures."""
    found = wishes.measure(MODEL, MEANINGS, SENTENCES[wishes.KEPT_OUT])
    right = sum(label in each.labels for each, label in found)
    assert right / len(found) >= LEAST_RIGHT
    wrong = [each for each, label in found if label not in (*each.labels, wishes.SCOPE, "other")]
    assert len(wrong) / len(found) <= MOST_WRONG


def test_questions_about_scope_stay_questions() -> None:
    """Of the sets that nothing learned from."""
    asked = [each for each in wishes.asked_about_scope(sets.HELD_OUT) if each.kind != "nonsense"]
    taken = [each.text for each, label in wishes.measure(MODEL, MEANINGS, asked) if label != wishes.SCOPE]
    assert len(taken) / len(asked) <= MOST_TAKEN, taken


def test_by_words_alone_fewer_are_understood_and_no_more_taken() -> None:
    plain = wish_model(has_meaning=False)
    asked = [each for each in wishes.asked_about_scope(sets.HELD_OUT) if each.kind != "nonsense"]
    taken = [each.text for each, label in wishes.measure(plain, None, asked) if label != wishes.SCOPE]
    assert len(taken) / len(asked) <= MOST_TAKEN, taken


LEAST_RIGHT, MOST_WRONG, MOST_TAKEN = 0.7, 0.12, 0.006


def test_the_labelled_sentences_are_in_order() -> None:
    learned, kept_out = SENTENCES.values()
    assert len(learned) + len(kept_out) >= 500
    assert len(kept_out) >= 100
    assert not {each.raw.lower() for each in learned} & {each.raw.lower() for each in kept_out}
    names = {command.name for command in REGISTRY} | {"scope", "billing", "other", "engagement week", "week"}
    for each in (*learned, *kept_out, *wishes.from_patterns()):
        assert set(each.labels) <= names, each
    neither = [each for each in (*learned, *kept_out) if each.labels[0] in ("scope", "billing", "other")]
    assert 4 * len(neither) >= 0.9 * (len(learned) + len(kept_out)), "a quarter stands for nothing on record"


@pytest.mark.parametrize("content", ["sentence,command\n,help\n", "sentence,command\na,help\na,help\n"])
def test_bad_sentences_are_refused_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    (tmp_path / "some.csv").write_text(content, encoding="utf-8")
    monkeypatch.setattr(sets, "FOLDER", tmp_path)
    with pytest.raises(sets.BadSet, match=r"some.csv, line \d"):
        wishes.labelled("some")


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("what is not ours at calder?", "not_ours"), ("what's out of scope", "out_of_scope"),
        ("what do we do for calder", "ours"), ("which things are the client's", "client"),
        ("everything that is shared with them", "shared"), ("show me the matrix", None),
        ("give me the full list of what we do", None), ("what does calder do themselves", "client"),
    ],
)  # fmt: skip
def test_whose_rows_are_asked_for(text: str, whose: str | None) -> None:
    assert whose_said(text) == whose


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("what renews next month", "next month"), ("expiring in the next 60 days", "in the next 60 days"),
        ("renewals", None), ("who may renew", None), ("due this week", "this week"), ("anything in 2027?", "in 2027"),
    ],
)  # fmt: skip
def test_the_days_that_are_named(text: str, days: str | None) -> None:
    assert days_said(text, NOW.date()) == days


def test_what_else_is_named() -> None:
    assert kind_said("do we need a business associate agreement?") == "baa"
    assert kind_said("the MSA and the SOW") is None
    assert topic_said("is there a liability cap") == "limitation_of_liability"
    assert answer_said("calder has no HIPAA data") is DisclosureAnswer.DOES_NOT_APPLY
    assert answer_said("they don't take cards") is DisclosureAnswer.DOES_NOT_APPLY
    assert answer_said("they declined to say") is DisclosureAnswer.DECLINED
    assert answer_said("they are not sure about PCI") is DisclosureAnswer.UNKNOWN
    assert answer_said("they take cards") is DisclosureAnswer.APPLIES


def test_small_talk_is_told_before_anything() -> None:
    assert is_small_talk("lol")
