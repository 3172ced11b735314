"""A paper of nobody: what a template is drawn from, and what one is tried with before it is taken."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache

from commands.papers.addendum import addendum
from commands.papers.content import PaperContent, Section
from commands.papers.declination import declination
from commands.papers.disclosure_form import disclosure_form
from commands.papers.facts import PaperFacts
from commands.papers.incident_sheet import incident_sheet
from commands.papers.notice_letter import notice_letter
from commands.papers.statement import statement
from commands.papers.walkthrough_sheet import walkthrough_sheet
from storage.catalog import frameworks, regulations
from storage.records import Client, PaperKind

_DAY = date(2026, 1, 1)
_TRIED = "text"
_WRITERS: Mapping[PaperKind, Callable[[PaperFacts, dict[str, str]], PaperContent]] = {
    PaperKind.STATEMENT: statement,
    PaperKind.WALKTHROUGH: walkthrough_sheet,
    PaperKind.DISCLOSURE: disclosure_form,
    PaperKind.ADDENDUM: addendum,
    PaperKind.DECLINATION: lambda facts, texts: declination(facts, texts, None, None),
    PaperKind.NOTICE: lambda facts, texts: notice_letter(facts, texts, None),
    PaperKind.INCIDENT: lambda facts, texts: incident_sheet(facts, texts, None),
}
KINDS = tuple(_WRITERS)
"""The papers that have a template; an evidence pack has none."""


def blank_paper(kind: PaperKind, texts: Mapping[str, str]) -> PaperContent:
    """The paper with its sections and columns and `texts`, about no client."""
    return _WRITERS[kind](_nobody(), dict(texts))


def filled_paper(kind: PaperKind, texts: Mapping[str, str]) -> PaperContent:
    """The same with one row in every section and all that may stand on it, so that every part of a template is used."""
    paper = blank_paper(kind, texts)
    sections = tuple(_with_row(each) for each in paper.sections)
    return replace(paper, client=_TRIED, provider=_TRIED, agreements=_TRIED, draft="draft", sections=sections)


def _with_row(section: Section) -> Section:
    return replace(section, rows=(tuple(_TRIED for _ in section.columns),)) if section.columns else section


@cache
def _nobody() -> PaperFacts:
    return PaperFacts(
        client=Client(name="A client"), provider=None, day=_DAY, papers={}, chosen=(), rows=(), topics=(), adoptions=(),
        disclosures=(), questionnaires=(), insurance=(), access=(), walkthroughs=(), names={},
        regulations=regulations.shipped(), families=frameworks.shipped(),
    )  # fmt: skip
