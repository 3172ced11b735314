"""From what is on record to the duties to tell: breach laws where people live, what the client disclosed, contracts,
policies and what we promised. What is not on record is said, and never made up.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from commands.disclosures.in_force import why_not
from commands.known_regulations import known_regulations
from commands.rules.dates.format import format_date
from commands.rules.history.spans import has_ended
from commands.rules.incidents.clocks import Duty, Start, Tells, Unit
from commands.rules.incidents.places import Place, kept_places
from commands.rules.text.phrases import join_names
from storage.catalog.deadlines import Deadline, Teller, Told
from storage.catalog.regulations import EVERYBODY, Catalogue, Regulation, covers
from storage.records import Client, ClientContract, ContractKind, DisclosureAnswer, Incident, Promise, RegulationKind
from storage.records.client import client_key
from storage.unit_of_work import UnitOfWork

_HOURS = re.compile(r"\b(?:within|in) (\d{1,4})\s*(?:hours?|hrs?|h)\b", re.IGNORECASE)
_DAYS = re.compile(r"\b(?:within|in) (\d{1,3})\s*(business )?days?\b", re.IGNORECASE)
_OF_INCIDENTS = re.compile(r"\b(?:incidents?|breach(?:es)?|compromise[ds]?)\b", re.IGNORECASE)
_TO_TELL = re.compile(r"\b(?:notif\w*|tell|inform|report|notice|alert)\b", re.IGNORECASE)
_TELLS = {Teller.OWNER: Tells.OWNER, Teller.PROCESSOR: Tells.KEEPER}
_FEDERAL = "US"


@dataclass(frozen=True, slots=True)
class Duties:
    """`unknown`: sentences about what is not on record, so that nobody takes the list for complete."""

    known: tuple[Duty, ...]
    unknown: tuple[str, ...]


def duties_of(uow: UnitOfWork, client: Client, incident: Incident) -> Duties:
    """What is on record now, for what was in force on the day of the discovery."""
    catalogue = known_regulations(uow)
    places = kept_places(incident.residents)
    disclosed = {each.regulation: each.answer for each in uow.disclosures.current(client.id)}
    applying = [
        found
        for key, answer in disclosed.items()
        if answer is DisclosureAnswer.APPLIES and (found := catalogue.find(key)) is not None
    ]
    laws = _laws(catalogue, places, applying, incident.discovered_on)
    contracts = [each for each in uow.contracts.current(client.id) if not has_ended(each, incident.discovered_on)]
    promises = [
        each for each in uow.promises.current(client.id, with_general=True)
        if not has_ended(each, incident.discovered_on) and _is_notice(each)
    ]  # fmt: skip
    duties = [duty for law in laws for duty in _of_law(law, incident, places)]
    duties += [duty for each in contracts for duty in _of_contract(each, incident)]
    duties += [_of_promise(each) for each in promises]
    demanding = _demanding(uow, client, incident.discovered_on)
    unknown = _unknown(catalogue, client, incident, places, laws, contracts, promises, disclosed, demanding)
    return Duties(tuple(duties), tuple(unknown))


def _demanding(uow: UnitOfWork, client: Client, on: date) -> tuple[str, ...]:
    """The insurers that requirements name, with their policies."""
    named = [each for each in uow.insurance.current(client.id) if not has_ended(each, on)]
    said = (" ".join(filter(None, (each.insurer, each.policy))) for each in named)
    return tuple(dict.fromkeys(filter(None, said)))


def _laws(
    catalogue: Catalogue, places: Sequence[Place], applying: Sequence[Regulation], on: date
) -> tuple[Regulation, ...]:
    """Those that the client disclosed, and those of the places where people live, each once; in force on that day."""
    there = [each for each in catalogue.regulations if any(_is_of(each, place) for place in places)]
    found = {each.key: each for each in (*there, *applying)}
    return tuple(each for each in found.values() if each.deadlines and why_not(each, on) is None)


def _is_of(law: Regulation, place: Place) -> bool:
    """Whether the law is a general one that protects people by where they live."""
    if law.kind is not RegulationKind.LAW or EVERYBODY not in law.industries or law.jurisdiction == _FEDERAL:
        return False
    is_general = law.family is not None or any(each.tells is Told.PEOPLE for each in law.deadlines)
    return is_general and bool(law.deadlines) and covers(law.jurisdiction, place.code)


def _of_law(law: Regulation, incident: Incident, places: Sequence[Place]) -> Iterator[Duty]:
    alike: Counter[str] = Counter()
    for each in law.deadlines:
        kind = f"{law.key}:{each.who.value}:{each.tells.value}"
        alike[kind] += 1
        if each.since is not None and incident.discovered_on < each.since:
            continue
        at_least, at_most = _people(law, each, incident, places)
        yield Duty(
            key=kind if alike[kind] == 1 else f"{kind}:{alike[kind]}",
            source=law.title,
            whom=each.whom_in_words,
            tells=_TELLS[each.who],
            span=each.time_in_words,
            within=each.within,
            unit=Unit(each.unit.value) if each.unit else None,
            start=Start(each.start.value),
            tells_people=each.tells is Told.PEOPLE,
            condition=each.condition,
            at_least=at_least,
            at_most=at_most,
            citation=each.citation or law.citation,
            source_url=law.source_url,
            checked_on=law.checked_on if each.is_compared else None,
            checked_with=law.checked_with if each.is_compared else None,
        )


def _people(law: Regulation, each: Deadline, incident: Incident, places: Sequence[Place]) -> tuple[int, int | None]:
    """How many people it counts, at least and at most (None: not known), as far as is on record."""
    if law.family is not None or "-" in law.jurisdiction:
        here = [place for place in places if covers(law.jurisdiction, place.code)]
    else:
        here = list(places)
    counts = [place.count or 0 for place in here]
    is_all_counted = bool(here) and all(place.count is not None for place in here)
    if each.condition and "of one state" in each.condition:
        return max(counts, default=0), max(counts) if is_all_counted else incident.people
    total = sum(counts)
    if len(here) == len(places) and incident.people is not None:
        return incident.people, incident.people
    return total, total if is_all_counted else incident.people


def contract_name(each: ClientContract) -> str:
    """Acme Insurance CY-4711"""
    return " ".join(filter(None, (each.counterparty, each.reference)))


def insurers_of(uow: UnitOfWork, client: Client, incident: Incident) -> tuple[str, ...]:
    """Each contract with an insurer that was not over at the discovery: its policy, its days, whom to tell how soon."""
    known = [each for each in uow.contracts.current(client.id) if each.kind is ContractKind.INSURER]
    return tuple(_policy(each, incident) for each in known if not has_ended(each, incident.discovered_on))


def _policy(each: ClientContract, incident: Incident) -> str:
    days = " to ".join(format_date(day) for day in (each.starts_on, each.ends_on) if day) or "its days are not recorded"
    on = incident.discovered_on
    is_outside = (each.starts_on is not None and on < each.starts_on) or (
        each.ends_on is not None and each.ends_on < on
    )
    parts = [
        contract_name(each),
        days + (", not at the discovery" if is_outside else ""),
        f"to be told within {each.notice_hours} hours" if each.notice_hours is not None else "how soon is not recorded",
        each.notice_to or "where to tell it is not recorded",
        *([f"claims until {each.report_days} days after its end"] if each.report_days is not None else []),
        each.document_url or "no document is linked",
    ]
    return "; ".join(parts)


def _of_contract(each: ClientContract, incident: Incident) -> Iterator[Duty]:
    """Notice of an incident, by hours; and of a policy that ended, until when a claim can still be reported."""
    name, on = contract_name(each), incident.discovered_on
    if each.starts_on is not None and on < each.starts_on:
        return
    key = _digest("contract", name)
    where = (f"They want to hear it at: {each.notice_to}.",) if each.notice_to else ()
    whom = each.counterparty if each.kind is not ContractKind.INSURER else f"{each.counterparty} (insurer)"
    is_over = each.ends_on is not None and each.ends_on < on
    if not is_over:
        yield Duty(
            key=key,
            source=f"Contract with {name}",
            whom=whom,
            tells=Tells.CLIENT,
            span=f"within {each.notice_hours} hours" if each.notice_hours is not None else "its time is not recorded",
            within=each.notice_hours,
            unit=Unit.HOURS if each.notice_hours is not None else None,
            citation=each.reference,
            source_url=each.document_url,
            is_ours=True,
            notes=where if each.notice_hours is not None else (*where, "How soon is not recorded: read the paper now."),
        )
    if each.report_days is not None and each.ends_on is not None and on <= each.ends_on + timedelta(each.report_days):
        yield Duty(
            key=f"{key}:window",
            source=f"Contract with {name}",
            whom=f"{whom}, last day to report a claim",
            tells=Tells.CLIENT,
            span=f"within {each.report_days} days of the end of the policy",
            within=each.report_days,
            unit=Unit.DAYS,
            start=Start.POLICY_END,
            anchor=each.ends_on,
            citation=each.reference,
            source_url=each.document_url,
            is_ours=True,
            notes=where,
        )


def _is_notice(each: Promise) -> bool:
    return bool(_OF_INCIDENTS.search(each.what) and _TO_TELL.search(each.what))


def _of_promise(each: Promise) -> Duty:
    """A promise of ours to tell of incidents; its number only where its own words have one."""
    hours, days = _HOURS.search(each.what), _DAYS.search(each.what)
    number = hours or days
    unit = Unit.HOURS if hours else Unit.BUSINESS_DAYS if days and days[2] else Unit.DAYS if days else None
    return Duty(
        key=_digest("promise", each.what),
        source="Our promise",
        whom=each.what if len(each.what) <= 120 else f"{each.what[:119].rstrip()}…",
        tells=Tells.US,
        span=f"within {number[1]} {unit.value}" if number and unit else "as it is worded",
        within=int(number[1]) if number else None,
        unit=unit,
        citation=each.where,
        is_ours=True,
    )


def _digest(kind: str, text: str) -> str:
    return f"{kind}-{hashlib.sha256(client_key(text).encode()).hexdigest()[:16]}:notice"


def _unknown(
    catalogue: Catalogue,
    client: Client,
    incident: Incident,
    places: Sequence[Place],
    laws: Sequence[Regulation],
    contracts: Sequence[ClientContract],
    promises: Sequence[Promise],
    disclosed: Iterable[str],
    demanding: Sequence[str],
) -> Iterator[str]:
    if not places:
        yield "Where the people concerned live is not recorded, so no breach law of any place is counted here."
    lawless = [each.code for each in places if not any(_is_of(law, each) for law in laws)]
    if lawless:
        yield f"The catalogue has no clock of a law of {join_names(lawless, 8)}: that does not mean that there is none."
    if places and any(each.count is None for each in places) and (incident.people is None or len(places) > 1):
        yield "How many people live where is not recorded; some clocks depend on it."
    unread = [law.title for law in laws if law.checked_on is None]
    if unread:
        yield (
            "Nobody has compared these entries of the catalogue with their source, as far as this is kept: "
            f"{join_names(unread, 12)}. Read the source before you rely on their clocks."
        )
    if not incident.data:
        yield "Which kinds of data are concerned is not recorded; whether a law covers them depends on it."
    if demanding and not any(each.kind is ContractKind.INSURER for each in contracts):
        yield (
            f"Insurance requirements name {join_names(demanding, 4)}, and no contract with an insurer is on record: "
            "read now how soon it wants notice, and record it with contract add."
        )
    elif not any(each.kind is ContractKind.INSURER for each in contracts):
        yield "No insurance policy is on record. Ask the client whether it has one, and read how soon it wants notice."
    if not any(each.kind is not ContractKind.INSURER for each in contracts):
        yield "No contract of the client's with others is on record. Ask which of them want to hear of an incident."
    if not promises:
        yield "What our own agreements say about telling the client of an incident is not on record: read them."
    known = set(disclosed)
    unasked = [
        each.title
        for each in catalogue.likely(client.industry, client.country, client.subdivision)
        if each.deadlines and each.family is None and each.key not in known
    ]
    if unasked:
        yield f"The client has not said whether these apply, and each has clocks: {join_names(unasked, 8)}."
