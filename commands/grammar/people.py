"""Whether somebody can answer for something here: as Slack says now, else as it said last."""

import re
from collections.abc import Iterable, Mapping

from commands.command import Command, Context
from commands.errors import UsageError
from commands.parameters import Kind
from commands.profile import Profile
from commands.rules.text.people import as_person
from storage.records import Absence, Person

_ID = re.compile(r"(?<![A-Z0-9])[UW][A-Z0-9]{2,30}(?![A-Z0-9])")
_WHY = {
    Absence.GONE: "has no active account in this workspace any more",
    Absence.GUEST: "is a guest of this workspace",
    Absence.BOT: "is an app, not a person",
    Absence.STRANGER: "works for another company",
    Absence.UNKNOWN: "is nobody that Slack knows in this workspace",
}


def mentioned_users(texts: Iterable[str]) -> frozenset[str]:
    """Every Slack user id in `texts`."""
    return frozenset(found for text in texts for found in _ID.findall(text))


def learn(ctx: Context, seen: Mapping[str, Profile | None]) -> None:
    """Keep what Slack said, for when it cannot be asked."""
    for user, each in seen.items():
        if each is not None:
            ctx.uow.people.learn(Person(user=user, name=each.name, absence=each.absence, seen_at=ctx.now))


def why_absent(absence: Absence) -> str:
    """The reason as the end of a sentence about somebody."""
    return _WHY[absence]


def refuse_absent(
    ctx: Context,
    command: Command,
    values: Mapping[str, object],
    seen: Mapping[str, Profile | None],
    unchanged: Iterable[str] = (),
) -> tuple[str, ...]:
    """Remarks on people who are named to answer for something or to read it, and could not be looked up.

    `unchanged` are users who are on record already. Raises UsageError for somebody who cannot, by field.
    """
    problems: dict[str, str] = {}
    remarks = []
    for parameter in command.parameters:
        given = values.get(parameter.attribute)
        if parameter.kind is not Kind.PERSON or parameter.may_be_absent or not given:
            continue
        for user in given if isinstance(given, tuple) else (given,):
            if user == ctx.actor.user or user in unchanged:
                continue
            found = seen.get(user)
            kept = None if found else ctx.uow.people.of([user]).get(user)
            absence = found.absence if found else kept.absence if kept else None
            if absence is not None:
                as_of = f" (as of {ctx.day_of(kept.seen_at)})" if kept else ""
                problems[parameter.name] = (
                    f"{as_person(user)} {_WHY[absence]}{as_of}. Name a full member of this workspace."
                )
            elif found is None:
                remarks.append(
                    f"Whether {as_person(user)} works here was not checked: Slack was not asked, or did not answer."
                )
    if problems:
        raise UsageError(" ".join(f"{name}: {text}" for name, text in problems.items()), fields=problems)
    return tuple(remarks)


def absent_among(ctx: Context, users: Iterable[str]) -> dict[str, Absence]:
    """Those of `users` who cannot answer for anything here, with the reason."""
    wanted = sorted(set(users))
    seen = {user: ctx.look_up(user) if ctx.look_up else None for user in wanted}
    kept = ctx.uow.people.of([user for user, found in seen.items() if found is None])
    states = {user: found or kept.get(user) for user, found in seen.items()}
    return {user: state.absence for user, state in states.items() if state is not None and state.absence is not None}
