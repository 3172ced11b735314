"""Absolute guarantees are flagged and softened; denials and plain facts are left alone."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.text.wording import absolutes, soften, wording_caution

DATA = Path(__file__).parent.parent / "data"
LABELLED, BLIND = DATA / "promising_wordings.txt", DATA / "promising_wordings_blind.txt"
FLAGGED = [
    ("We guarantee 99.9 % uptime.", "guarantee", "We aim for 99.9 % uptime."),
    ("Ensures that backups run", "Ensures that", "Takes reasonable steps so that backups run"),
    ("ensure availability", "ensure", "take reasonable steps towards availability"),
    ("100 % uptime", "100 %", "the agreed level of uptime"),
    ("100% uptime", "100%", "the agreed level of uptime"),
    ("100 percent uptime", "100 percent", "the agreed level of uptime"),
    ("Your network is fully secure.", "fully secure", "Your network is reasonably protected."),
    ("We prevent all attacks", "prevent all attacks", "We help to reduce attacks"),
    ("stops any ransomware", "stops any ransomware", "help to reduce ransomware"),
    ("detects every breach", "detects every breach", "help to detect breach"),
    ("protects your data against all cyber threats", "protects your data against all cyber threats",
     "help to protect your data against threats"),
    ("zero downtime", "zero downtime", "as little downtime as is practical"),
    ("backups never fail", "never fail", "backups seldom fail"),
    ("guaranteed response in an hour", "guaranteed", "targeted response in an hour"),
    ("we will keep you HIPAA compliant", "keep you HIPAA compliant", "we will help you with compliance work"),
    ("watched at all times", "at all times", "watched in the agreed hours"),
    ("a bulletproof network", "bulletproof", "a hardened network"),
    ("always protected", "always protected", "normally protected"),
]  # fmt: skip
LEFT_ALONE = [
    "We do not guarantee uptime",
    "There is no guarantee",
    "The provider can't ensure availability",
    "Provider disclaims any guarantee",
    "Reports when the disk is 80 % full",
    "Never connect them to the practice network",
    "Agent on every managed machine",
    "No risk analysis was done",
    "Watched around the clock",
    "",
]


@pytest.mark.parametrize(("text", "phrase", "instead"), FLAGGED)
def test_flagged_with_a_suggestion(text: str, phrase: str, instead: str) -> None:
    assert [each.phrase for each in absolutes(text)] == [phrase]
    assert soften(text) == instead


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert absolutes(text) == ()
    assert soften(text) == text


def test_several_in_one_text_are_named_in_order_and_none_overlaps() -> None:
    text = "We guarantee 100 % uptime, prevent all attacks and are fully compliant at all times."
    found = absolutes(text)
    assert [each.phrase for each in found] == [
        "guarantee", "100 %", "prevent all attacks", "fully compliant", "at all times",
    ]  # fmt: skip
    assert all(text[each.start :].startswith(each.phrase) for each in found)
    assert absolutes(soften(text) or "") == ()


@given(st.lists(st.sampled_from([text for text, _, _ in FLAGGED] + LEFT_ALONE), max_size=4))
def test_a_suggestion_never_needs_another(texts: list[str]) -> None:
    assert absolutes(soften(". ".join(texts)) or "") == ()


def test_nothing_is_found_where_there_is_nothing() -> None:
    assert absolutes(None) == ()


def _labelled() -> dict[str, list[tuple[bool, str]]]:
    """The labelled sentences, split by a fixed seed: whether each promises what nobody can keep, and the sentence."""
    lines = sorted(line for line in LABELLED.read_text().splitlines() if line[:1] in ("!", "."))
    random.Random(2026).shuffle(lines)
    pairs = [(line.startswith("!"), line[2:]) for line in lines]
    return {"making": pairs[: len(pairs) // 2], "kept out": pairs[len(pairs) // 2 :]}


def test_the_labelled_sentences_are_many_and_half_of_them_are_harmless() -> None:
    everything = [label for part in _labelled().values() for label, _ in part]
    assert len(everything) >= 200
    assert 0.4 < sum(everything) / len(everything) < 0.6


@pytest.mark.parametrize("part", ["making", "kept out"])
def test_precision_and_recall_on_labelled_sentences(part: str) -> None:
    judged = [(label, bool(absolutes(sentence))) for label, sentence in _labelled()[part]]
    right = sum(label and found for label, found in judged)
    assert right / sum(found for _, found in judged) >= 0.9
    assert right / sum(label for label, _ in judged) >= 0.9


def _blind() -> list[tuple[bool, str]]:
    return [(line.startswith("!"), line[2:]) for line in BLIND.read_text().splitlines() if line[:1] in ("!", ".")]


def test_what_was_learned_from_sentences_in_free_words_is_kept() -> None:
    """No measure of what is found in new ones: that is at the head of the file."""
    judged = [(label, bool(absolutes(sentence))) for label, sentence in _blind()]
    assert len(judged) == 120
    assert sum(label for label, _ in judged) == 60
    right = sum(label and found for label, found in judged)
    assert right == sum(found for _, found in judged)
    assert right / 60 >= 0.95


@pytest.mark.parametrize("sentence", [each for part in (*_labelled().values(), _blind()) for _, each in part])
def test_a_suggestion_for_a_labelled_sentence_promises_nothing_more(sentence: str) -> None:
    assert absolutes(soften(sentence) or "") == ()


@given(st.text(alphabet=st.sampled_from('guaranteensure 100%never"?.!\u2019,')))
def test_any_text_is_read(text: str) -> None:
    assert all(text[each.start :].startswith(each.phrase) for each in absolutes(text))


def test_what_has_no_softer_words_is_said_to_need_new_ones() -> None:
    text = "No threat gets past our analysts."
    assert soften(text) is None
    assert wording_caution(text) == (
        '"No threat gets past" promises more than anybody can keep. Say what is done instead, how often and how fast.'
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "All vulnerabilities are fixed within 14 days",
        "Every incident is closed in 4 hours",
        "Your data goes away when you leave",
        "You will never see the passwords of other clients",
    ],
)
def test_what_says_how_fast_is_left_alone(sentence: str) -> None:
    assert absolutes(sentence) == ()


def test_no_softer_words_turn_a_duty_round() -> None:
    for sentence in ("HIPAA certification of staff is done yearly", "A restore of every backup is done without fail"):
        assert absolutes(sentence)
        assert soften(sentence) is None
