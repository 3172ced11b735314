"""What a handler returns: a value without Slack, so that it can be rendered as blocks, as terminal text or as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from storage.records import Role, Verdict


class Emphasis(StrEnum):
    """How a button asks to be pressed. At most one PRIMARY in a reply; DANGER for what cannot be undone."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Field:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts, each as long as `columns`. `about` names the column that says what a row is about; the first one
    does where it is empty.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The signed basis of a verdict. Dates are inclusive; None is not recorded.

    `recorded_days_after`: how many days after it began to apply the row was recorded. `attestation`: why a row that
    was entered after the signature counts. `settlement`: when and by whom the same question was settled.
    `is_agreed`: False for paper that is not signed, and for proposed rows. `weakness`: what nothing shows.
    """

    agreement: str
    clause: str | None
    effective_from: date | None
    effective_to: date | None
    last_reviewed: date | None
    document_url: str | None = None
    recorded_by: str | None = None
    recorded_on: date | None = None
    weakness: str | None = None
    recorded_days_after: int = 0
    attestation: str | None = None
    settlement: str | None = None
    is_agreed: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. Pressing it runs `command` (as typed, without a slash) with the authority of whoever presses.

    With `opens_form`, it opens the command's form instead, filled in with the arguments that `command` already has.
    `confirm` is a question to answer first. `is_option`: one of several that a question asks to choose from.
    `role`: the least for which it does what it says, where its command is for others, too.
    """

    label: str
    command: str
    emphasis: Emphasis = Emphasis.PLAIN
    confirm: str | None = None
    opens_form: bool = False
    is_option: bool = False
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """A verdict as it is read at a glance: `word` ("Ours"), the row it rests on, its parts, and `do`, one sentence.

    `asks_first`: the paper is not signed, not agreed, or may not apply any more, whatever it says. `limit`: how far we
    may touch what is asked about, where that is limited; it is read before whose it is.
    """

    word: str
    client: str
    do: str
    row: str = ""
    parts: tuple[Field, ...] = ()
    notes: str = ""
    asks_first: bool = False
    limit: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The row and its parts as sentences."""
        row = [f"Matrix row: {self.row}"] if self.row else []
        notes = [f"Note: {self.notes}"] if self.notes else []
        return (*row, *(f"{part.label}: {part.value}" for part in self.parts), *notes)


@dataclass(frozen=True, slots=True)
class Item:
    """One line, what it means in small print, and what to do about it."""

    text: str
    detail: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a title. `total` is how many there are, `more` the button that shows those left out.

    `choices` lead on from all of them together: none is left out then.
    """

    title: str
    entries: tuple[Item, ...]
    total: int = 0
    more: Choice | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`lines` are said under the title: what an empty section means, or what its items have in common."""

    title: str
    items: tuple[Item, ...] = ()
    lines: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file for the person: an export. `name` ends in its extension; `alt_text` says what a picture shows."""

    name: str
    content: bytes
    title: str
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. Texts are plain (no markup): the front end escapes and formats them.

    `headline` alone must make sense to a screen reader. `cautions` are warnings, `next_steps` lines the person can type
    or do. `is_public` asks for the whole channel to see it; the default is the asker alone. `notices` go to other
    people once the change is saved. `copy` is a text for the person to copy. `rated_by` is a command that takes
    "helpful" or "not_helpful" after it. `ruling` is a verdict for the eye; `headline` and `lines` say it in sentences.
    `groups` say what `table` says, one line each: Slack draws them in its place, the command line the table. `why`
    shows in full what an answer rests on. `same_as` is the command that gives the same reply, where words were typed.
    `sections` are items with buttons of their own, for a list of things to do. `data` is what `--json` prints.
    `today` is the calendar day of whom it is about, for how far away days are; None: the workspace's.
    """

    headline: str
    verdict: Verdict | None = None
    lines: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    evidence: Evidence | None = None
    cautions: tuple[str, ...] = ()
    table: Table | None = None
    sections: tuple[Section, ...] = ()
    choices: tuple[Choice, ...] = ()
    next_steps: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    is_public: bool = False
    notices: tuple["Notice", ...] = ()
    copy: str | None = None
    rated_by: str | None = None
    ruling: Ruling | None = None
    groups: tuple[Group, ...] = ()
    why: Choice | None = None
    same_as: str = ""
    today: date | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to somebody else that follows from a command. `to` is a Slack user or channel id.

    `receipt` names what is marked as told when it has been delivered, e.g. "question:12".
    """

    to: str
    reply: Reply
    receipt: str | None = None
