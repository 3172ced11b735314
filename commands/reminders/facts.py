"""What is stored about a client, as the facts that the registry of reminder kinds looks at."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from commands.disclosures.paper_needs import paper_needs
from commands.explanations import explanations, unexplained_parts
from commands.frameworks.updates import framework_updates
from commands.reminders.rule_dates import rule_dates
from commands.rules.agreements.linked_terms import drift_of
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.conduct.obligations import ObligationState, state_of, unmet_since
from commands.rules.dates.business_days import BusinessCalendar
from commands.rules.history.spans import has_ended
from commands.rules.reminders.facts import AgreementFacts, DisclosureFacts, Item
from storage.catalog.regulations import Catalogue
from storage.records import (
    AccessGrant,
    Agreement,
    Client,
    ClientContract,
    Disclosure,
    Obligation,
    Promise,
    Reminder,
    ReminderKind,
    TermsCopy,
)
from storage.records.client import client_key
from storage.unit_of_work import UnitOfWork

CONTRACT_REASK = "contract_reask"


def agreements_of(
    uow: UnitOfWork, client: Client, today: date, calendar: BusinessCalendar, zone: ZoneInfo
) -> tuple[AgreementFacts, ...]:
    held = uow.walkthroughs.of_client(client.id)
    explained = {each.agreement_id for each in held}
    agreements = uow.agreements.of_client(client.id)
    recorded = uow.agreements.first_recorded(client.id)
    agreements = [each for each in agreements if each.id in recorded]  # not those removed between the two readings
    topics = uow.topics.current(client.id) if held else []
    rows = uow.responsibilities.current(client.id) if topics else []
    partly = unexplained_parts(explanations(agreements, held, topics, rows, today), agreements)
    reckoning = Reckoning(agreements, uow.decisions.of_client(client.id), calendar)
    drifts = drifts_of(uow, agreements, client, zone)
    found = []
    for agreement in agreements:
        outlook = reckoning.outlook(agreement, today)
        found.append(
            AgreementFacts(
                agreement,
                reckoning.standing(agreement, today),
                recorded[agreement.id].astimezone(client.zone or zone).date(),
                agreement.id in explained,
                outlook is not None and outlook.is_settled,
                partly.get(agreement.id),
                drifts.get(agreement.id),
            )
        )
    return tuple(found)


def drifts_of(uow: UnitOfWork, agreements: Iterable[Agreement], client: Client, zone: ZoneInfo) -> dict[int, str]:
    """How the linked terms of the client's agreements changed since their last review, in words, by agreement."""
    copies: dict[int, list[TermsCopy]] = {}
    for each in uow.terms_copies.of_client(client.id):
        copies.setdefault(each.agreement_id, []).append(each)
    place = client.zone or zone
    found = (
        (each.id, drift_of(copies.get(each.id, ()), each.last_reviewed_on, lambda at: at.astimezone(place).date()))
        for each in agreements
    )
    return {id: drift.in_words for id, drift in found if drift is not None}


def disclosure_facts(known: Catalogue, disclosure: Disclosure, today: date) -> DisclosureFacts:
    regulation = known.find(disclosure.regulation)
    if regulation is None:
        return DisclosureFacts(disclosure, disclosure.regulation)
    binds = regulation.proposed is None and (regulation.ended is None or regulation.ended > today)
    return DisclosureFacts(disclosure, regulation.title, paper_needs(regulation), regulation.in_force_from, binds)


def items_of(uow: UnitOfWork, client: Client, today: date, zone: ZoneInfo) -> tuple[Item, ...]:
    found = [_access(each, today) for each in uow.access.current(client.id)]
    found += [*promises_of(uow, client.id, today), *framework_updates(uow, client, today, client.zone or zone)]
    found += [_obligation(each, today) for each in uow.obligations.current(client.id)]
    for each in uow.contracts.current(client.id):
        found += [_contract(each, today), _contract_reask(each, today)]
    return distinct((*found, *rule_dates(uow, client, today)))


def promises_of(uow: UnitOfWork, client_id: int | None, today: date) -> Iterator[Item | None]:
    """What is due of the promises to one client, or (None) to everybody."""
    known = uow.promises.current(client_id)
    return (_promise(each, today) for each in known if each.client_id == client_id)


def promise_of(uow: UnitOfWork, reminder: Reminder, today: date) -> Promise | None:
    """The promise that the reminder is about; None where it is about none, or about one that is no longer due then."""
    if reminder.kind is not ReminderKind.PROMISE_DUE:
        return None
    subject, _, number = reminder.subject.partition("#")
    promises = [each for each in uow.promises.current(reminder.client_id) if each.client_id == reminder.client_id]
    items = [(each, _promise(each, today)) for each in promises]
    alike = [each for each, item in items if item and (item.subject, item.due_on) == (subject, reminder.deadline)]
    place = int(number or 1) - 1
    return alike[place] if place < len(alike) else None


def access_of(uow: UnitOfWork, reminder: Reminder, today: date) -> AccessGrant | None:
    """The access that the reminder is about; None where that has ended since."""
    if reminder.kind is not ReminderKind.ACCESS_REVIEW or reminder.client_id is None:
        return None
    subject, _, _ = reminder.subject.partition("#")
    items = ((each, _access(each, today)) for each in uow.access.current(reminder.client_id))
    return next((each for each, item in items if item is not None and item.subject == subject), None)


def distinct(items: Iterable[Item | None]) -> tuple[Item, ...]:
    """Each with a subject of its own: what reads alike and is due on one day would be one reminder otherwise."""
    found: list[Item] = []
    alike: Counter[tuple[str, date]] = Counter()
    for item in filter(None, items):
        alike[item.subject, item.due_on] += 1
        number = alike[item.subject, item.due_on]
        found.append(item if number == 1 else replace(item, subject=f"{item.subject[:76]}#{number}"))
    return tuple(found)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _access(grant: AccessGrant, today: date) -> Item | None:
    if grant.review_on is None or has_ended(grant, max(today, grant.review_on)):
        return None
    subject = f"access:{grant.client_id}:{_digest(client_key(grant.system))}"
    return Item(ReminderKind.ACCESS_REVIEW, subject, grant.system, grant.review_on)


def _obligation(each: Obligation, today: date) -> Item | None:
    """By when the client must; what is known not to be met is due since then, until the client is told of it."""
    state = state_of(each, today)
    is_to_be_told = state is ObligationState.UNMET and each.told_on is None
    due = unmet_since(each) if is_to_be_told else each.next_due_on
    if due is None or state in (ObligationState.WAIVED, ObligationState.ENDED):
        return None
    subject = f"obligation:{each.client_id}:{_digest(each.what)}"
    return Item(
        ReminderKind.OBLIGATION_DUE, subject, each.what, due, each.owner, each.agreement_id,
        is_unmet=due != each.next_due_on,
    )  # fmt: skip


def _contract_reask(each: ClientContract, today: date) -> Item | None:
    """When the client is to be asked about it again, as of every fact that it told us."""
    if each.reask_on is None or has_ended(each, max(today, each.reask_on)):
        return None
    name = " ".join(filter(None, (each.counterparty, each.reference)))
    subject = f"{CONTRACT_REASK}:{each.client_id}:{_digest(name)}"
    label = f"the client's contract with {name}"
    return Item(ReminderKind.DISCLOSURE_REASK, subject, label, each.reask_on)


def contract_of(uow: UnitOfWork, client: Client, subject: str) -> ClientContract | None:
    """The contract that a reminder to ask again is about, by its subject."""
    known = [(each, _contract_reask(each, date.min)) for each in uow.contracts.current(client.id)]
    return next((each for each, item in known if item is not None and item.subject == subject.partition("#")[0]), None)


def _contract(each: ClientContract, today: date) -> Item | None:
    """Its last day: a policy that ends has to be asked about again before."""
    if each.ends_on is None or each.ends_on < today or has_ended(each, max(today, each.ends_on)):
        return None
    name = " ".join(filter(None, (each.counterparty, each.reference)))
    subject = f"contract:{each.client_id}:{_digest(name)}"
    label = f"the client's contract with {name} ends; ask what follows it and what that demands"
    return Item(ReminderKind.RULE_DATE, subject, label, each.ends_on)


def _promise(promise: Promise, today: date) -> Item | None:
    if promise.next_due_on is None or has_ended(promise, max(today, promise.next_due_on)):
        return None
    subject = f"promise:{promise.client_id or 'all'}:{_digest(promise.what)}"
    return Item(ReminderKind.PROMISE_DUE, subject, promise.what, promise.next_due_on, promise.owner)
