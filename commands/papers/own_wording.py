"""Whose wording a paper has: the one that came with the bot, or a template of one's own in one of its versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from commands.papers.blank import blank_paper
from commands.papers.word import passages_in
from commands.papers.word_template import default_template
from commands.papers.wording import PASSAGES
from storage.records import PaperKind
from storage.unit_of_work import UnitOfWork

SHIPPED = "Wording: as it came with the bot."


@dataclass(frozen=True, slots=True)
class Wording:
    """`version` is 0 for the wording that came with the bot, which has no `template`; `said` stands on the paper."""

    version: int
    passages: Mapping[str, str]
    template: bytes | None = None
    said: str = SHIPPED


def wording_of(uow: UnitOfWork, kind: PaperKind, version: int | None = None) -> Wording:
    """The wording that counts now; of `version` if given, and the shipped one where there is no such version."""
    shipped = Wording(0, PASSAGES[kind])
    versions = uow.paper_templates.of_kind(kind)
    found = versions[-1] if versions else None
    if version is not None:
        found = next((each for each in versions if each.version == version), None)
    if found is None or found.is_reset:
        return shipped
    content = uow.paper_templates.content_of(found)
    said = f"Wording: template version {found.version}, SHA-256 {found.file_hash[:16]}."
    return Wording(found.version, _passages(kind, content), content, said)


@cache
def shipped_template(kind: PaperKind, page: str) -> bytes:
    """The DOCX template that comes with the bot. `page` is a4 or us-letter."""
    passages = dict(PASSAGES[kind])
    return default_template(blank_paper(kind, passages), passages, page)


def _passages(kind: PaperKind, content: bytes) -> dict[str, str]:
    passages = passages_in(content)
    return {name: passages.get(name, "") for name in PASSAGES[kind]}
