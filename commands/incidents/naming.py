"""What an incident is called by, and which one is meant: by its name, how that begins, or its number."""

from collections.abc import Sequence

from commands.errors import Conflict
from commands.history import endings
from storage.records import Client, Incident
from storage.records.client import client_key
from storage.unit_of_work import UnitOfWork


def incident_named(known: Sequence[Incident], text: str, client: Client, noun: str = "incident") -> Incident:
    """The one of `known` that is meant. Raises NotFound; Conflict where several have that name, as after a merge."""
    same = [each for each in known if client_key(each.what) == client_key(text)]
    numbered = [each for each in known if str(each.number) == text.strip().removeprefix("#")]
    if len(same) > 1:
        numbers = " and ".join(f"no. {each.number} of {each.discovered_on}" for each in same)
        raise Conflict(f'{client.name} has several incidents "{same[0].what}": {numbers}. Write the number instead.')
    if not same and numbered:
        return numbered[0]
    return endings.find_by_name(known, text, lambda each: each.what, f"{client.name} has no {noun}")


def called(uow: UnitOfWork, incident: Incident) -> str:
    """What a command names it by: its name, or its number where the client has another one of that name."""
    known = uow.incidents.current(incident.client_id)
    same = sum(1 for each in known if client_key(each.what) == client_key(incident.what))
    return incident.what if same < 2 else str(incident.number)
