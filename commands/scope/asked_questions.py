"""What was asked about a client, with what was found to be right: in the format of the matcher's data sets."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from storage.records import LearnedPhrase, QuestionStatus, Responsibility, ScopeQuestion, Verdict
from storage.records.client import client_key
from storage.unit_of_work import UnitOfWork

MATRIX_COLUMNS = (
    "item", "category", "responsible", "clause", "notes", "aliases", "msp_part", "client_part", "third_party",
)  # fmt: skip
QUESTION_COLUMNS = ("question", "expected_item", "kind")
NOBODY = "somebody"
_MOST_QUESTIONS = 100_000
_MENTION = re.compile(r"<@[^>]*>|@[\w.-]+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# Telephone numbers; not dates (2026-03-01, 1/2/2026, 01.02.26) and not addresses on a network (10.0.0.0/24).
_DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2}))(?![\w/-]|\.\d)"
_NETWORK = r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w/-]|\.\d)"
_NUMBER = re.compile(rf"(?<![\w./-])(?!{_DATE}|{_NETWORK})\+?\d(?:[ ()./-]*\d){{6,}}(?!\w)")


@dataclass(frozen=True, slots=True)
class AskedQuestions:
    """The two files of a data set, how many questions they have, and how many were left out and why."""

    matrix: str
    questions: str
    kept: int
    left_out: Mapping[str, int]


def asked_questions(uow: UnitOfWork, client_id: int) -> AskedQuestions:
    """The client's current rows and all its questions, the oldest first, each wording once with its newest label.

    `kind` says how the label came about: corrected (a wording that was remembered), settled (by a manager),
    absent (dismissed, or not documented and waiting no longer), answered (nobody objected).
    """
    rows = {client_key(row.item): row for row in uow.responsibilities.current(client_id)}
    learned = {each.question_id: each for each in uow.phrases.known(client_id) if each.question_id is not None}
    hidden = without_people(_names(uow, client_id))
    found: dict[str, tuple[str, str, str]] = {}
    left_out: dict[str, int] = {}
    asked = list(reversed(uow.questions.history(client_id, _MOST_QUESTIONS)))
    for question in asked:
        label = _label(question, learned, uow.responsibilities.find)
        if isinstance(label, _Unlabelled):
            left_out[label.why] = left_out.get(label.why, 0) + 1
            continue
        item, kind = label
        if item and client_key(item) not in rows:
            left_out[_GONE] = left_out.get(_GONE, 0) + 1
            continue
        text = " ".join(hidden(question.question).split())
        found[text] = (text, rows[client_key(item)].item if item else "", kind)
    return AskedQuestions(
        matrix=_table(MATRIX_COLUMNS, (_row(each, hidden) for each in rows.values())),
        questions=_table(QUESTION_COLUMNS, found.values()),
        kept=len(found),
        left_out=left_out,
    )


def _names(uow: UnitOfWork, client_id: int) -> Iterator[str]:
    """The people whom the record of the client names, ours and theirs."""
    yield from (person.name for person in uow.people.list() if person.name)
    for walkthrough in uow.walkthroughs.of_client(client_id):
        yield from (walkthrough.explained_by, walkthrough.explained_to)
    for disclosure in uow.disclosures.history(client_id):
        if disclosure.attested_by is not None:
            yield disclosure.attested_by


def without_people(names: Iterable[str]) -> Callable[[str], str]:
    """A function that writes "somebody" for mentions, mail addresses, telephone numbers and these names.

    A full name is found in any case; one of its words only as it is written, for "Will" is also a word.
    """
    whole, parts = set(), set()
    for name in names:
        person = name.partition(",")[0]  # a title may follow
        whole |= {name, person}
        parts |= {word for word in person.split() if len(word) > 2 and word[0].isupper()}
    patterns = [_ADDRESS, _MENTION, _NUMBER]
    if whole:
        patterns.append(re.compile(rf"\b(?:{_any_of(whole)})\b", re.IGNORECASE))
    if parts:
        patterns.append(re.compile(rf"\b(?:{_any_of(parts)})\b"))

    def hide(text: str) -> str:
        for pattern in patterns:
            text = pattern.sub(NOBODY, text)
        return text

    return hide


def _any_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))


@dataclass(frozen=True, slots=True)
class _Unlabelled:
    why: str


_GONE = "the row is not in the matrix any more"
_OPEN = _Unlabelled("nobody has settled it yet")
_CHOICE = _Unlabelled("several rows were offered")


def _label(
    question: ScopeQuestion, learned: Mapping[int, LearnedPhrase], row: Callable[[int], Responsibility | None]
) -> tuple[str, str] | _Unlabelled:
    """The item that is right, empty for none, and how that is known."""
    if (phrase := learned.get(question.id)) is not None:
        return phrase.item, "corrected"
    if question.status is QuestionStatus.OPEN:
        return _OPEN
    if question.status is QuestionStatus.DISMISSED:
        return "", "absent"
    settled = question.settled_responsibility_id
    version = row(settled or question.responsibility_id or 0)
    if version is not None:
        return version.item, "settled" if settled else "answered"
    return _CHOICE if question.verdict is Verdict.AMBIGUOUS else ("", "absent")


def _row(row: Responsibility, hidden: Callable[[str], str]) -> Sequence[str]:
    values = (
        row.item, row.category, row.party.value, row.clause, row.notes, "|".join(row.aliases),
        row.msp_part, row.client_part, row.third_party,
    )  # fmt: skip
    return [hidden(value or "") if at else row.item for at, value in enumerate(values)]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerows([columns, *rows])
    return written.getvalue()
