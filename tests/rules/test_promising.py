"""What reads like a promise that nobody can keep is found by what was learned, and no word of it is certain."""

import csv
import io
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.matrix_cache import Matrices
from commands.meanings import no_meanings, shipped_meanings
from commands.promising import caution_about, promises_like
from commands.rules.text.promising import sentences
from commands.rules.text.wording import absolutes, wording_caution
from storage.catalog.promising import promise_model

DATA = Path(__file__).parent.parent / "data"
MATRICES = Matrices(load_meanings=shipped_meanings)
PROMISE = "Crooks won't ever find a way into your office network."


HELD_OUT, SECOND = "promising_wordings_held_out.txt", "promising_wordings_held_out_second.txt"
THIRD, FOURTH = "promising_wordings_held_out_third.txt", "promising_wordings_held_out_fourth.txt"
FIGURES = [(HELD_OUT, 150, 0.94, 0.86), (SECOND, 60, 0.90, 0.66), (THIRD, 82, 0.99, 0.85), (FOURTH, 834, 0.78, 0.64)]


def _held_out(name: str = HELD_OUT) -> list[tuple[bool, str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [(line[0] == "!", line[2:]) for line in lines if line[:1] in ("!", ".")]


def _is_found(text: str) -> bool:
    return bool(absolutes(text)) or bool(promises_like(MATRICES, (text,)))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "many", "precision", "recall"), FIGURES)
def test_of_sentences_that_nothing_was_learned_from_so_many_are_found_and_are_promises(
    name: str, many: int, precision: float, recall: float
) -> None:
    """The figures of the page docs/explanation/wording.md, with room for nothing but the last digit."""
    judged = [(is_promise, _is_found(text)) for is_promise, text in _held_out(name)]
    right = sum(is_promise and found for is_promise, found in judged)
    assert len(judged) == many
    assert right / sum(found for _, found in judged) >= precision
    assert right / sum(is_promise for is_promise, _ in judged) >= recall


def test_nothing_of_what_is_held_out_was_learned_from() -> None:
    files = ("promising_sentences.txt", "promising_voices.txt")
    learned = "".join((DATA / name).read_text(encoding="utf-8") for name in files).casefold()
    known = {each.casefold() for each in promise_model().known}
    assert not [
        text
        for name in (HELD_OUT, SECOND, THIRD, FOURTH)
        for _, text in _held_out(name)
        if text.casefold() in learned or text.casefold() in known
    ]


def test_what_is_said_names_a_known_promise_and_what_to_write_instead() -> None:
    assert absolutes(PROMISE) == ()
    said = caution_about(MATRICES, PROMISE)
    assert said is not None
    assert said.startswith(f'"{PROMISE}" reads like a promise that nobody can keep, like \u201c')
    assert said.endswith("\u201d. Say what is done instead, how often and how fast.")
    nearest = said.partition("\u201c")[2].partition("\u201d")[0]
    assert any(known.startswith(nearest) for known in promise_model().known)


def test_where_a_pattern_is_found_its_own_words_are_said() -> None:
    text = "We guarantee 99.9 % uptime."
    assert caution_about(MATRICES, text) == wording_caution(text)
    assert promises_like(MATRICES, (text,)) == {}


def test_without_an_encoder_patterns_alone_are_found() -> None:
    plain = Matrices(load_meanings=no_meanings)
    assert promises_like(plain, (PROMISE,)) == {}
    assert caution_about(plain, PROMISE) is None
    assert caution_about(plain, "We guarantee 99.9 % uptime.") is not None


@pytest.mark.parametrize(
    "text",
    [
        "Backups run nightly and are kept for 30 days.",
        "Can hackers ever get in?",
        "Nobody can promise that you will not be hacked.",
        "Patching",
        "24x7 threat monitoring",
        "Test disaster recovery",
        "Intrusion detection and prevention",
        "Access points and filtering",
        "",
    ],
)
def test_what_is_harmless_is_left_alone(text: str) -> None:
    assert promises_like(MATRICES, (text, None)) == {}


def test_one_sentence_of_several_is_enough() -> None:
    text = f"Backups run nightly. {PROMISE} We bill monthly."
    assert set(promises_like(MATRICES, (text,))) == {text}


def test_the_same_is_found_whatever_was_read_before() -> None:
    texts = [text for _, text in _held_out()[::9]]
    anew = Matrices(load_meanings=shipped_meanings)
    assert promises_like(anew, reversed(texts)) == promises_like(MATRICES, texts)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read(text: str) -> None:
    assert all(each in text for each in sentences(text))
    assert set(promises_like(MATRICES, (text,))) <= {text}


@pytest.mark.slow
def test_names_and_notes_of_rows_are_rarely_taken_for_promises() -> None:
    """A row is cautioned about when it is written: what is wrong there is read by everybody."""
    found = sorted(
        {
            (name, row[name])
            for path in sorted(DATA.glob("scope_*/*.csv"))
            for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
            for name in ("item", "notes", "msp_part")
            if len((row.get(name) or "").split()) >= 3 and not absolutes(row[name])
        }
    )
    some = [text for _, text in Random(11).sample(found, 300)]
    assert len(promises_like(MATRICES, some)) <= 12
