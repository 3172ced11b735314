"""The days on which what a client is bound or measured by starts, ends or changes, as items to be reminded of."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from commands.disclosures.in_force import dates_of
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.rules.frameworks.trace import is_adopted
from commands.rules.reminders.facts import Item
from storage.catalog.deadlines import Milestone
from storage.records import Client, DisclosureAnswer, ReminderKind
from storage.unit_of_work import UnitOfWork

# A day that has just passed is still said: nobody may have been there to say it.
_STILL_SAID = timedelta(days=14)
_CONCERNS = (DisclosureAnswer.APPLIES, DisclosureAnswer.UNKNOWN)


def rule_dates(uow: UnitOfWork, client: Client, today: date) -> Iterator[Item]:
    """Of each regulation that applies or may, and of each framework that the client is measured by; each day once."""
    said: set[tuple[str, date]] = set()
    for key, title, milestones in _concerning(uow, client, today):
        for each in milestones:
            if each.on >= today - _STILL_SAID and (key, each.on) not in said:
                said.add((key, each.on))
                yield Item(ReminderKind.RULE_DATE, f"rule:{client.id}:{key}"[:80], f"{title}: {each.what}", each.on)


def _concerning(uow: UnitOfWork, client: Client, today: date) -> Iterator[tuple[str, str, Iterable[Milestone]]]:
    known, families = known_regulations(uow), known_frameworks(uow)
    for disclosure in uow.disclosures.current(client.id):
        regulation = known.find(disclosure.regulation)
        if regulation is not None and disclosure.answer in _CONCERNS:
            yield regulation.framework or regulation.key, regulation.title, dates_of(regulation, families)
    for adoption in uow.adoptions.current(client.id):
        family = families.get(adoption.family)
        edition = family.edition(adoption.edition) if family else None
        if family is not None and edition is not None and is_adopted(adoption, today):
            yield family.key, family.title, edition.milestones
