"""Whether something touches a system that a client's access grants speak about, and what to keep in mind then."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from commands.rules.history.spans import has_ended
from storage.records.access import AccessGrant, AccessLevel
from storage.records.client import client_key

LEVEL_WORDS = {
    AccessLevel.NONE: "no access",
    AccessLevel.VIEW: "viewing only",
    AccessLevel.USER: "use as an ordinary user",
    AccessLevel.ADMIN: "administration",
}
_LEVELS_IN_ANSWERS = {
    AccessLevel.NONE: "we have no access",
    AccessLevel.VIEW: "viewing only",
    AccessLevel.USER: "as an ordinary user only",
    AccessLevel.ADMIN: "with admin rights",
}
_SHORTEST = 3


def is_active(grant: AccessGrant, on: date) -> bool:
    """Whether the access stands on that day. On the day of the revocation it is over."""
    return grant.granted_on <= on and not has_ended(grant, on)


def touched_grants(grants: Iterable[AccessGrant], texts: Iterable[str | None]) -> tuple[AccessGrant, ...]:
    """The grants whose system (or another name of it) is mentioned in one of `texts`, as whole words."""
    said = [f" {client_key(text)} " for text in texts if text]
    return tuple(grant for grant in grants if any(_mentions(text, grant) for text in said))


def access_cautions(grants: Sequence[AccessGrant], texts: Iterable[str | None], on: date) -> tuple[str, ...]:
    """One sentence for each touched system: how far the access goes, or that there is none any more."""
    return tuple(
        sentence for grant in touched_grants(grants, texts) if (sentence := access_caution(grant, on)) is not None
    )


def access_caution(grant: AccessGrant, on: date) -> str | None:
    """What to keep in mind before touching the system; None where nothing regulated and no limit is recorded."""
    if has_ended(grant, on):
        return f"Access to {grant.system} was revoked on {grant.revoked_on}: do not use it."
    if grant.granted_on > on:
        return f"Access to {grant.system} is granted only from {grant.granted_on}."
    if grant.data is None and grant.limit is None and grant.level is not AccessLevel.NONE:
        return None
    holds = f" holds {grant.data}" if grant.data else ""
    lead = f"{grant.system}{holds}: " if holds else f"{grant.system}: "
    limit = f", limited: {_sentence_end(grant.limit)}" if grant.limit else ", no limit is recorded: ask first"
    basis = f" Basis: {grant.basis}." if grant.basis else " No clause is recorded for it."
    if grant.level is AccessLevel.NONE:
        return f"{lead}we have no access to it.{basis if grant.basis else ''}"
    return f"{lead}{LEVEL_WORDS[grant.level]}{limit}.{basis}"


def access_limits(grants: Sequence[AccessGrant], texts: Iterable[str | None], on: date) -> tuple[str, ...]:
    """How far each touched system may be worked on, as a clause; empty where nothing holds us back."""
    found = touched_grants(grants, texts)
    named = [
        f"{limit} ({grant.system})" if len(found) > 1 else limit for grant in found if (limit := limit_words(grant, on))
    ]
    return tuple(dict.fromkeys(named))


def limit_words(grant: AccessGrant, on: date) -> str | None:
    """How far we may go, as a clause; None where nothing holds us back."""
    if has_ended(grant, on):
        return f"the access was revoked on {grant.revoked_on}"
    if grant.granted_on > on:
        return f"access is granted only from {grant.granted_on}"
    level = _LEVELS_IN_ANSWERS[grant.level]
    if grant.level is AccessLevel.ADMIN and grant.limit is None:
        return f"ask first: no limit is recorded for {grant.data}" if grant.data is not None else None
    if grant.level is AccessLevel.NONE or grant.limit is None:
        return level
    words = _sentence_end(grant.limit)
    words = words if words.isupper() or not words[1:2].islower() else words[0].lower() + words[1:]
    joined = f"and {words}" if words.startswith("only ") else words
    return f"{level}, {joined}"


def _mentions(text: str, grant: AccessGrant) -> bool:
    names = (client_key(name) for name in (grant.system, *grant.aliases))
    return any(len(name) >= _SHORTEST and f" {name} " in text for name in names)


def _sentence_end(text: str) -> str:
    return re.sub(r"[\s.;]+$", "", text)
