"""People by name or mail address on the command line, where nobody picks them from a list."""

import re
from collections.abc import Iterable, Mapping

from commands.errors import UsageError
from commands.rules.text.people import as_person
from storage.records import Person

_NAMED = re.compile(
    r"(?<![\w<.@])@(?P<name>[^\W\d_][\w.'’-]*\w|[^\W\d_])"
    r"|(?<![^\s:,\"])(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)(?![^\s,\"])"
)


def with_people(text: str, people: Iterable[Person]) -> str:
    """`text` with "@dana", "@dana.ortiz" and "dana@our-msp.example" as Slack would have sent the person.

    What names nobody stays as it is. Raises UsageError for a name that several have.
    """
    if "@" not in text:
        return text
    names = _by_name(people)

    def replaced(found: re.Match[str]) -> str:
        typed = (found["name"] or found["mail"]).lower()
        known = names.get(typed, {})
        if len(known) > 1:
            several = ", ".join(f"{name or user} ({user})" for user, name in sorted(known.items()))
            raise UsageError(f'"{found[0]}" may be {several}. Type the whole name with dots, or the id.')
        return as_person(next(iter(known))) if known else found[0]

    return _NAMED.sub(replaced, text)


def _by_name(people: Iterable[Person]) -> Mapping[str, dict[str, str | None]]:
    """From what somebody may be called to the users who are called so."""
    found: dict[str, dict[str, str | None]] = {}
    for person in people:
        words = re.findall(r"[\w'’-]+", (person.name or "").lower())
        called = {words[0], ".".join(words), "".join(words), "-".join(words), "_".join(words)} if words else set()
        if person.email:
            called |= {person.email, person.email.partition("@")[0]}
        for name in called:
            found.setdefault(name, {})[person.user] = person.name
    return found
