"""The regulations, standards, certifications and requirements a client may have to follow: shipped data, with sources.

The facts are in regulations.toml, next to this file; adding one there is all it takes. Nothing here says that a
regulation applies to anybody: only a client's disclosure does.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any

from rapidfuzz import fuzz, process

from storage.catalog.deadlines import (
    Deadline,
    Milestone,
    Proposal,
    read_day,
    read_deadlines,
    read_milestones,
    read_proposals,
)
from storage.records import AgreementKind, Period, RegulationKind

EVERYBODY = "any"
_NEAR = 70
_EEA = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
_FILE = "regulations.toml"


class Paper(StrEnum):
    """Paper that a regulation calls for between the client and those who work on its data."""

    BAA = "baa"
    DPA = "dpa"
    SCC = "scc"
    AOC = "aoc"
    SRM = "srm"
    WRITTEN_ACKNOWLEDGEMENT = "written_acknowledgement"
    SAFEGUARDS_CLAUSE = "safeguards_clause"
    SECURITY_ADDENDUM = "security_addendum"
    DATA_SHARING_AGREEMENT = "data_sharing_agreement"
    QSOA = "qsoa"
    SOC_REPORT = "soc_report"
    CERTIFICATE = "certificate"
    INSURANCE_APPLICATION = "insurance_application"
    CUSTOMER_CONTRACT = "customer_contract"

    @property
    def in_words(self) -> str:
        """business associate agreement (BAA)"""
        return _PAPER_WORDS[self]

    @property
    def agreement_kind(self) -> AgreementKind | None:
        """The kind of agreement that is this paper; None when it is evidence or a clause and not an agreement."""
        return _AGREEMENT_KINDS.get(self)


_PAPER_WORDS = {
    Paper.BAA: "business associate agreement (BAA)",
    Paper.DPA: "data processing agreement (DPA)",
    Paper.SCC: "standard contractual clauses for transfers abroad (SCC)",
    Paper.AOC: "attestation of compliance (AOC)",
    Paper.SRM: "shared responsibility matrix (SRM)",
    Paper.WRITTEN_ACKNOWLEDGEMENT: "written acknowledgement of responsibility",
    Paper.SAFEGUARDS_CLAUSE: "contract clause on security safeguards",
    Paper.SECURITY_ADDENDUM: "security addendum",
    Paper.DATA_SHARING_AGREEMENT: "data sharing agreement",
    Paper.QSOA: "qualified service organization agreement (QSOA)",
    Paper.SOC_REPORT: "SOC report",
    Paper.CERTIFICATE: "certificate",
    Paper.INSURANCE_APPLICATION: "copy of the signed insurance application",
    Paper.CUSTOMER_CONTRACT: "copy of the contract that demands it",
}
_AGREEMENT_KINDS = {Paper.BAA: AgreementKind.BAA, Paper.DPA: AgreementKind.DPA}


@dataclass(frozen=True, slots=True)
class Regulation:
    """One entry. `protects` is the data, `applies_to` the organisations, both as a question to a client would say it.

    `industries` names those worth asking ("any" asks everybody). `jurisdiction` is an ISO 3166 code such as US, US-CA
    or GB, or EU, or "international"; `ask_abroad`: clients elsewhere are worth asking too. `family` groups laws of one
    kind, such as the breach laws of the states. `framework` is the key of the framework that it is measured by.

    `in_force_from` and `ended` are its first day and the first day without it, where they are known; `proposed` says
    where it stands while it is not law. `proposals` are changes to it that are not law. `checked_on`: the day its facts
    were last compared with `checked_with`; None where nobody has done so since this is kept.
    """

    key: str
    title: str
    kind: RegulationKind
    protects: str
    applies_to: str
    source_url: str
    jurisdiction: str
    reask_every: Period
    aliases: tuple[str, ...] = ()
    required_paper: tuple[Paper, ...] = ()
    industries: tuple[str, ...] = ()
    ask_abroad: bool = False
    family: str | None = None
    place: str | None = None
    citation: str | None = None
    notes: str | None = None
    framework: str | None = None
    in_force_from: date | None = None
    ended: date | None = None
    proposed: str | None = None
    milestones: tuple[Milestone, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    checked_on: date | None = None
    checked_with: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Everything that `find` knows it by."""
        return (self.key, self.title, *self.aliases)


def find(text: str) -> Regulation | None:
    """The shipped regulation with that key, title or alias; case, punctuation and a leading "the" do not matter."""
    return shipped().find(text)


def get(key: str) -> Regulation:
    """The shipped regulation with exactly that key. Raises KeyError."""
    return shipped().get(key)


def near(text: str, limit: int = 5) -> list[str]:
    """Titles of shipped ones that `text` comes close to, nearest first, each once."""
    return shipped().near(text, limit)


def all_of_them() -> tuple[Regulation, ...]:
    """Every shipped regulation, in the order of the file: the ones asked most first, the states at the end."""
    return shipped().regulations


def likely(industry: str | None, country: str | None = None, subdivision: str | None = None) -> tuple[Regulation, ...]:
    """See Catalogue.likely."""
    return shipped().likely(industry, country, subdivision)


def name_key(text: str) -> str:
    """`text` as names are compared: letters and digits only, lower case, "&" read as "and", no leading "the"."""
    words = text.casefold().replace("&", " and ").strip().removeprefix("the ")
    return re.sub(r"[^a-z0-9]", "", words)


def read(text: str) -> tuple[Regulation, ...]:
    """The regulations that a TOML text describes. Raises ValueError naming the stanza that is wrong."""
    return _read(tomllib.loads(text)).regulations


def regulation_of(stanza: Mapping[str, Any]) -> Regulation:
    """The regulation that one stanza describes. Raises ValueError that says what is wrong with it."""
    regulation = _regulation(stanza, {})
    if unknown := set(regulation.industries) - {EVERYBODY, *shipped().industry_words}:
        raise ValueError(
            f"industries: {', '.join(sorted(unknown))}: not one of any, {', '.join(shipped().industry_words)}"
        )
    return regulation


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known: the shipped regulations, or these with a workspace's own."""

    regulations: tuple[Regulation, ...]
    by_key: Mapping[str, Regulation]
    by_name: Mapping[str, Regulation]
    industry_words: Mapping[str, tuple[str, ...]]

    def find(self, text: str) -> Regulation | None:
        """The one with that key, title or alias; case, punctuation and a leading "the" do not matter."""
        return self.by_name.get(name_key(text))

    def get(self, key: str) -> Regulation:
        """The one with exactly that key. Raises KeyError."""
        return self.by_key[key]

    def title_of(self, key: str) -> str:
        """Its title; the key itself where there is no such regulation."""
        found = self.by_key.get(key)
        return found.title if found else key

    def near(self, text: str, limit: int = 5) -> list[str]:
        """Titles that `text` comes close to, nearest first, each once."""
        typed = name_key(text)
        if len(typed) < 2:
            return []
        started = [regulation.title for name, regulation in self.by_name.items() if name.startswith(typed)]
        scored = process.extract(typed, self.by_name.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=limit * 3)
        close = [self.by_name[name].title for name, _, _ in scored]
        return list(dict.fromkeys([*close, *started]))[:limit]

    def likely(
        self, industry: str | None, country: str | None = None, subdivision: str | None = None
    ) -> tuple[Regulation, ...]:
        """Those worth asking a client about. Narrowed by place only where the place is known; never a judgement.

        `country` is ISO 3166-1 alpha-2, `subdivision` ISO 3166-2 without the country. Laws of a single state are left
        out unless it is the client's.
        """
        wanted = {EVERYBODY, *(self._industries_of(industry) if industry else ())}
        return tuple(
            regulation
            for regulation in self.regulations
            if wanted.intersection(regulation.industries) and _may_reach(regulation, country, subdivision)
        )

    def with_own(self, own: Iterable[Regulation]) -> "Catalogue":
        """Together with others; one of the same key counts in the place of what is here. Names that are taken stay."""
        added = {each.key: each for each in own}
        if not added:
            return self
        regulations = (*(added.pop(each.key, each) for each in self.regulations), *added.values())
        by_name: dict[str, Regulation] = {}
        for regulation in regulations:
            for name in regulation.names:
                by_name.setdefault(name_key(name), regulation)
        return Catalogue(regulations, {each.key: each for each in regulations}, by_name, self.industry_words)

    def _industries_of(self, text: str) -> tuple[str, ...]:
        """The catalogue's industries that a client's free text names."""
        typed = f" {re.sub(r'[^a-z0-9]+', ' ', text.casefold()).strip()} "
        return tuple(
            industry
            for industry, words in self.industry_words.items()
            if any(f" {word} " in typed for word in (industry.replace("_", " "), *words))
        )


@lru_cache(maxsize=1)
def shipped() -> Catalogue:
    """The catalogue that comes with the product."""
    text = resources.files(__package__).joinpath(_FILE).read_text(encoding="utf-8")
    return _read(tomllib.loads(text))


def _read(document: Mapping[str, Any]) -> Catalogue:
    families = document.get("family", {})
    by_key: dict[str, Regulation] = {}
    by_name: dict[str, Regulation] = {}
    for stanza in document["regulation"]:
        regulation = _regulation(stanza, families)
        if regulation.key in by_key:
            raise ValueError(f"{regulation.key}: there are two regulations with this key.")
        by_key[regulation.key] = regulation
        for name in regulation.names:
            other = by_name.setdefault(name_key(name), regulation)
            if other.key != regulation.key:
                raise ValueError(f'{regulation.key}: "{name}" is also a name of {other.key}.')
    industries = {industry: tuple(words) for industry, words in document.get("industries", {}).items()}
    for regulation in by_key.values():
        if unknown := set(regulation.industries) - {EVERYBODY, *industries}:
            raise ValueError(f"{regulation.key}: industries not in [industries]: {', '.join(sorted(unknown))}.")
    return Catalogue(tuple(by_key.values()), by_key, by_name, industries)


def _regulation(stanza: Mapping[str, Any], families: Mapping[str, Mapping[str, Any]]) -> Regulation:
    """A stanza over its family's defaults; a family's texts may name the {place} and the {postal} code."""
    key = stanza.get("key", "?")
    try:
        family = families[stanza["family"]] if "family" in stanza else {}
        postal = str(stanza.get("jurisdiction", "")).rpartition("-")[2]
        filled = {name: _fill(value, place=stanza.get("place", ""), postal=postal) for name, value in family.items()}
        fields = {**filled, **stanza, "aliases": (*filled.get("aliases", ()), *stanza.get("aliases", ()))}
        fields["kind"] = RegulationKind(fields["kind"])
        fields["required_paper"] = tuple(Paper(paper) for paper in fields.get("required_paper", ()))
        fields["industries"] = tuple(fields.get("industries", ()))
        fields["reask_every"] = Period.parse(fields["reask_every"])
        fields["milestones"] = read_milestones(fields.get("milestones", ()))
        fields["proposals"] = read_proposals(fields.get("proposals", ()))
        fields["deadlines"] = read_deadlines(fields.get("deadlines", ()))
        for name in ("in_force_from", "ended", "checked_on"):
            if name in fields:
                fields[name] = read_day(fields[name])
        return Regulation(**fields)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{key}: {error}") from error


def _fill(value: Any, **words: str) -> Any:
    if isinstance(value, str):
        return value.format(**words)
    return tuple(_fill(each, **words) for each in value) if isinstance(value, Iterable) else value


def covers(jurisdiction: str, place: str) -> bool:
    """Whether a law of that jurisdiction is one of that place, both by ISO 3166: EU covers DE, CA covers CA-QC."""
    nation = place.partition("-")[0]
    if jurisdiction == "EU":
        return nation in _EEA.split()
    return jurisdiction == place or ("-" not in jurisdiction and jurisdiction == nation)


def _may_reach(regulation: Regulation, country: str | None, subdivision: str | None) -> bool:
    nation, _, region = regulation.jurisdiction.partition("-")
    if region:
        return (nation, region) == (country, subdivision)
    if country is None or regulation.ask_abroad or nation == "international":
        return True
    return country in _EEA.split() if nation == "EU" else country == nation
