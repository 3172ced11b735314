"""Who is meant by somebody's words, and as what."""

import re

from commands.command import Context
from commands.grammar.known_people import people_here, people_said
from commands.rules.text.people import as_person

_PERSON = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>")
_MYSELF = re.compile(
    r"\b(?:make|grant|promote|set) me\b|\b(?:i am|i['’]m) the (?:new )?(?:owner|backup)\b", re.IGNORECASE
)
_BACKUP = re.compile(r"\bbackup(?: owner)?\b|\bstands? in\b", re.IGNORECASE)


def people_meant(ctx: Context, said: str) -> tuple[str, ...]:
    """Whoever is named in the words, as they are typed: with an @, as oneself, or by a name that is known here."""
    if found := tuple(each[0] for each in _PERSON.finditer(said)):
        return found
    if _MYSELF.search(said):
        return ("me",)
    return tuple(map(as_person, people_said(said, people_here(ctx))))


def owner_meant(said: str) -> str | None:
    """As what somebody is to answer for a client: "owner" or "backup"; None where both are named."""
    if _BACKUP.search(said) is None:
        return "owner"
    return None if re.search(r"\bowner\b(?!['’])", _BACKUP.sub("", said), re.IGNORECASE) else "backup"


def only_one(people: tuple[str, ...]) -> str | None:
    """The person, where it is one; None for nobody or several."""
    return people[0] if len(people) == 1 else None
