"""What speaks for each row that a question may be about, in numbers with names: all that the ranking looks at."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from commands.rules.matching.index import ScopeIndex
from commands.rules.matching.outline import Row
from commands.rules.matching.reading import NAMING, Kind, QuestionReader, Unit
from commands.rules.matching.scoring import MOST_UNKNOWN, Fits, Fitting, direct_share, item_share, scored
from commands.rules.matching.text import FRAME, stem, tokens

Numbers = NDArray[np.float32]

# Of a row, 0..1 each (cosines -1..1). The first come from the vocabulary, the last from the sentence encoder.
ROW_FEATURES = (
    "vocabulary score", "share of the question that the row accounts for", "share of the row's name that is asked for",
    "share of the row's name that is said outright", "words of the question that the row has",
    "words of the row's name that the question has", "likeness of the words", "likeness of the spelling",
    "question and name", "content and name", "question and whole row", "content and whole row", "best clause and name",
    "what is denied and name",
    "deviations above the mean of all rows", "share among all rows",
    "nearest other row", "mean of the five nearest other rows", "mean of all rows",
)  # fmt: skip
BY_WORDS = ROW_FEATURES.index("question and name")
NEARNESS = slice(BY_WORDS, BY_WORDS + 5)
"""The columns that tell how near in meaning a row is."""
_COSINES = 6
_SPREAD = ("mean of all rows", "deviation", "deviations of the nearest above the mean", "entropy of the shares")
_ASKED = (
    "weight that nobody knows", "weight of services that no row has", "weight in all", "share of unknown words",
    "words, in sixes", "length, in fifteens",
)  # fmt: skip
# Of the question, with each row feature's best value and its lead over the second. The last come from the encoder:
# how near all rows are, for each kind of cosine, tells whether one is near because it is meant or because all are.
QUESTION_FEATURES = (
    *_ASKED,
    *(f"{of}: {what}" for of in ("all four", *ROW_FEATURES[BY_WORDS:][:4]) for what in _SPREAD),
    "logarithm of the number of rows, in fours",
)
QUESTION_BY_WORDS = len(_ASKED)
MOST_ROWS = 24
_MEANING_COUNTS, _SCORE_COUNTS = 1.0, 0.5
_MOST_WORDS, _MOST_LENGTH, _MOST_WEIGHT = 12, 30, 4.0
_HEAT, _LEAST_DEVIATION = 20.0, 0.03
_CLAUSES = re.compile(r"[.?!;\n]+(?=\s|$)|,\s|\s[-–—]+\s|\bbut\b|\bbecause\b")
# "not the scan itself, fixing what it found" denies the scan; "not sure", "not working" and "not ours" deny no row.
_STATES = r"""
able all allowed any available because being certain coming connecting even everybody everyone found getting happy here
if in it just long loading many me mine much my necessarily now on only opening our ours possible printing really
responding sending showing so supposed sure syncing that the\s(?:client|customer) their theirs them there too
until urgent us when working yet you
"""
_DENIED = re.compile(
    r"(?:^|[.?!,;:]\s+|\s[-–—]\s+|\s(?=(?:and|but)\s+not\b))"
    r"(?:(?:it['’]?s|that['’]?s|this is|i mean|and|so|but|hi|hey|no)\s+)?"
    rf"not\s+(?P<denied>(?!(?:{'|'.join(_STATES.split())})\b)[^,;.?!:–—]+?)(?=\s*(?:[,;.?!:]|\s[-–—]\s|\s+but\s|$))",
    re.IGNORECASE,
)
_SPELT = re.compile(r"[A-Za-z]{4,}")
_WORD = re.compile(r"[\w'&+.-]+")


@dataclass(frozen=True, slots=True)
class Weighed:
    """The rows that come near, their features (rows by ROW_FEATURES), the question's, what its words
    point to, and its stems without the furniture.
    """

    rows: Sequence[int]
    features: Numbers
    question: Numbers
    fits: Fits
    stems: frozenset[str]


def weigh(index: ScopeIndex, question: str) -> Weighed:
    """Up to 24 rows, those first that come nearest by vocabulary and meaning."""
    units = QuestionReader(index.lexicon, index.has_word, index.read).units(question)
    fitting = Fitting(index)
    fits = [(unit, fitting.fits(unit)) for unit in units if unit.kind is not Kind.UNKNOWN]
    unknown = min(sum(unit.weight for unit in units if unit.kind is Kind.UNKNOWN), MOST_UNKNOWN)
    known = np.zeros((len(index.rows), 4), np.float32)
    for each in scored(index, fits, unknown, fitting.covered):
        covered = fitting.covered[each.row]
        known[each.row] = (each.score, each.share, item_share(index, each.row, covered),
                           direct_share(index, each.row, covered))  # fmt: skip
    text = respelt(index, question)
    meaning = _meaning(index, text)
    near = known[:, 0] * _SCORE_COUNTS + meaning[:, :4].mean(axis=1) * _MEANING_COUNTS
    rows = [int(row) for row in np.argsort(-near, kind="stable")[:MOST_ROWS]]
    among, spread = _among_all(meaning[:, :4], index.neighbours)
    features = np.concatenate([known[rows], _words(index, text, rows), meaning[rows], among[rows]], axis=1)
    about = np.concatenate([_of_question(index, text, question, units, fits, unknown), spread])
    return Weighed(rows, features, about, fits, _stems(text))


class Said(NamedTuple):
    """The texts of a question whose meaning is compared with the rows'. `content` and `clauses` leave out what is
    `denied`: what the question says it is not about, or "".
    """

    whole: str
    content: str
    denied: str
    clauses: Sequence[str]

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.whole, self.content, *filter(None, [self.denied]), *self.clauses)


def said(text: str) -> Said:
    """Nothing is denied where nothing else would be left: "not patching the servers, right?" is about that."""
    denied = "; ".join(found["denied"] for found in _DENIED.finditer(text))
    rest = _DENIED.sub(" ", text) if denied else text
    if denied and not _stems(rest):
        denied, rest = "", text
    return Said(text, content(rest), denied, clauses(rest))


def content(text: str) -> str:
    """The words of a question without its furniture ("who", "is", "ours"); all of it if nothing else is left."""
    kept = [word for word in _WORD.findall(text) if any(token not in FRAME for token in tokens(word))]
    return " ".join(kept) or text


def clauses(text: str) -> list[str]:
    """The parts of a question of several clauses; empty for one of a single clause."""
    parts = [part.strip() for part in _CLAUSES.split(text) if len(part.split()) > 1]
    return parts if len(parts) > 1 else []


@lru_cache(maxsize=8192)
def row_stems(row: Row) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of a row's names, and of all its texts."""
    names = _stems(" ".join((row.item, *row.aliases)))
    others = (row.category, row.notes, row.third_party, row.msp_part, row.client_part)
    return names, names | _stems(" ".join(filter(None, others)))


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in tokens(text) if word not in FRAME)


def respelt(index: ScopeIndex, question: str) -> str:
    """The question with misspelt words repaired: the encoder does not know them."""

    def repaired(found: re.Match[str]) -> str:
        word = found[0].lower()
        meant = index.repaired(word)
        return found[0] if meant == word else meant

    return _SPELT.sub(repaired, question)


def _words(index: ScopeIndex, text: str, rows: Sequence[int]) -> Numbers:
    asked = _stems(text)
    total = sum(map(index.idf, asked)) or 1.0
    plain = " ".join(word for word in tokens(text) if word not in FRAME)
    found: list[tuple[float, ...]] = []
    for row in rows:
        names, everything = row_stems(index.rows[row])
        item = index.rows[row].item.lower()
        found.append(
            (
                sum(map(index.idf, asked & everything)) / total,
                sum(map(index.idf, asked & names)) / (sum(map(index.idf, names)) or 1.0),
                fuzz.token_set_ratio(plain, item) / 100,
                fuzz.WRatio(plain, item) / 100,
            )
        )
    return np.array(found, np.float32).reshape(len(rows), 4)


def _meaning(index: ScopeIndex, text: str) -> Numbers:
    """The cosines of question and content with each row's names and whole text; zeros without an encoder."""
    found = np.zeros((len(index.rows), _COSINES), np.float32)
    if index.meaning is None or not index.rows:
        return found
    asked = said(text)
    cosines = index.vectors @ index.meaning.vectors(asked.texts).T  # a line for each text of each row
    names = np.full((len(index.rows), cosines.shape[1]), -1.0, np.float32)
    np.maximum.at(names, index.vector_rows, cosines[: len(index.vector_rows)])
    whole = cosines[len(index.vector_rows) :]
    is_denied = np.arange(cosines.shape[1]) == (2 if asked.denied else -1)
    found[:, 0:2], found[:, 2:4] = names[:, :2], whole[:, :2]
    found[:, 4] = names[:, ~is_denied].max(axis=1)
    if asked.denied:
        found[:, 5] = names[:, 2]
    return found


def _among_all(cosines: Numbers, neighbours: Numbers) -> tuple[Numbers, Numbers]:
    """Where each row stands among all, with how near it is to others; and, as _SPREAD, how near all rows are.

    `cosines`: rows by the four kinds; `neighbours`: rows by three, of ScopeIndex. A share is that of softmax(20 x
    cosine), as the encoder was tuned.
    """
    if not len(cosines):
        return np.zeros((0, 5), np.float32), np.zeros(len(QUESTION_FEATURES) - QUESTION_BY_WORDS, np.float32)
    kinds = np.concatenate([cosines.mean(axis=1, keepdims=True), cosines], axis=1)
    mean, deviation = kinds.mean(axis=0), np.maximum(kinds.std(axis=0), _LEAST_DEVIATION)
    above = (kinds - mean) / deviation
    shares = np.exp(_HEAT * (kinds - kinds.max(axis=0)))
    shares /= shares.sum(axis=0)
    entropy = -(shares * np.log(np.maximum(shares, 1e-9))).sum(axis=0)
    spread = np.stack([mean, deviation, above.max(axis=0), entropy], axis=1).ravel()
    among = np.concatenate([above[:, :1], shares[:, :1], neighbours], axis=1)
    return among, np.append(spread, np.log(len(cosines)) / 4).astype(np.float32)


def _of_question(
    index: ScopeIndex, text: str, question: str, units: Sequence[Unit], fits: Fits, unknown: float
) -> Numbers:
    asked = _stems(text)
    total = sum(map(index.idf, asked)) or 1.0
    foreign = sum(unit.weight for unit, fit in fits if not fit and unit.kind in NAMING)
    return np.array(
        (
            unknown,
            foreign,
            min(sum(unit.weight for unit in units), _MOST_WEIGHT),
            sum(index.idf(each) for each in asked if not index.count(each)) / total,
            min(len(asked), _MOST_WORDS) / 6,
            min(len(question.split()), _MOST_LENGTH) / 15,
        ),
        np.float32,
    )
