"""What a paper says, as a frozen value: the one content that both the PDF and the DOCX are written from."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Any

from commands.rules.text.phrases import plain
from storage.records import PaperKind

_CODES = {
    PaperKind.STATEMENT: "RS",
    PaperKind.WALKTHROUGH: "WS",
    PaperKind.DISCLOSURE: "DQ",
    PaperKind.ADDENDUM: "AD",
    PaperKind.DECLINATION: "DR",
    PaperKind.NOTICE: "NN",
    PaperKind.INCIDENT: "IS",
    PaperKind.EVIDENCE: "EP",
}


@dataclass(frozen=True, slots=True)
class Column:
    """`name` is the field in a template, `share` how much of the page's width the column takes."""

    name: str
    title: str
    share: int = 1


@dataclass(frozen=True, slots=True)
class Section:
    """Texts, then rows under `columns`; where there are no rows, `missing` is printed instead of both.

    A `is_list` section has two columns, a label and what is recorded for it, and no header. It is left out of the
    paper when it has neither texts, nor rows, nor anything missing.
    """

    name: str
    title: str
    texts: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    missing: str = ""
    is_list: bool = False

    @property
    def is_shown(self) -> bool:
        return bool(self.rows or self.missing or (self.texts and not self.columns))


@dataclass(frozen=True, slots=True)
class Signature:
    """One side's block: what is recorded already, and lines to fill in by hand for what is not."""

    side: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PaperContent:
    """`draft` is what stands across it, and `draft_words` say why; empty once both signatures are recorded.

    `wording` says whose wording it has; `reservation` is a line of the workspace's own below.
    """

    kind: PaperKind
    title: str
    client: str
    provider: str
    agreements: str
    as_of: date
    draft: str
    sections: tuple[Section, ...]
    signatures: tuple[Signature, ...] = ()
    language: str = "en"
    draft_words: str = "both signatures are not recorded for what this paper rests on."
    wording: str = ""
    reservation: str = ""

    def as_data(self) -> dict[str, Any]:
        """All that it says of the records, without the workspace's own line below: that may change at any time."""
        said = asdict(self)
        del said["reservation"]
        return json.loads(json.dumps(said, default=str))  # type: ignore[no-any-return]

    @property
    def digest(self) -> str:
        """The SHA-256 of all that it says, in hexadecimal."""
        return _digest_of(self)

    @property
    def number(self) -> str:
        """The document number: kind, as-of day and the beginning of the digest, so that it stands for the content."""
        return f"{_CODES[self.kind]}-{self.as_of:%Y%m%d}-{self.digest[:10].upper()}"

    def section(self, name: str) -> Section:
        return next(each for each in self.sections if each.name == name)


@lru_cache(maxsize=1)
def _digest_of(paper: PaperContent) -> str:
    """Asked for several times in a row, of the same paper."""
    written = json.dumps(paper.as_data(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(written.encode()).hexdigest()


def differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """What two contents (as data) say differently, one short line each."""
    said = [
        f"{plain(name)}: was {before.get(name) or 'empty'}, is {after.get(name) or 'empty'}"
        for name in ("title", "client", "provider", "as_of", "draft", "wording")
        if before.get(name) != after.get(name)
    ]
    old, new = ({each["name"]: each for each in data["sections"]} for data in (before, after))
    for name in dict.fromkeys((*old, *new)):
        was, now = old.get(name, {}), new.get(name, {})
        title = (now or was)["title"]
        gone = _without(was.get("rows", ()), now.get("rows", ()))
        came = _without(now.get("rows", ()), was.get("rows", ()))
        said += [f"{title}: no longer: {' | '.join(filter(None, row))}" for row in gone]
        said += [f"{title}: new: {' | '.join(filter(None, row))}" for row in came]
        if was.get("texts") != now.get("texts"):
            said.append(f"{title}: other wording")
    if before.get("signatures") != after.get("signatures"):
        said.append("Signature blocks differ")
    return tuple(said)


def _without(rows: Any, others: Any) -> list[Any]:
    known = [tuple(each) for each in others]
    return [row for row in rows if tuple(row) not in known]
