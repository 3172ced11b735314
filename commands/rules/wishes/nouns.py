"""Sentences that only name a noun of ours ("renewals", "my clients", "Calder's signed copies, please")."""

import re
from collections.abc import Collection

from commands.rules.matching.text import fold

_WORD = re.compile(r"[a-z]+")
_LONGEST = 8
# Said around a noun without changing what is meant.
_AROUND_WORDS = """
a all any are at can could display each for get give have in kindly let list me my of open our overview please pls pull
s see show some that the their there these this those up view we what whats which with you client
"""
_AROUND = frozenset(_AROUND_WORDS.split())
_NOUNS = {
    "renewal list": (
        "renewals, coming renewals, upcoming renewals, next renewals, expirations, expiries, upcoming expirations,"
        " deadlines, notice deadlines, notice dates, notice windows, contract deadlines, expiring agreements,"
        " expiring contracts, contracts expiring, renewals due, contract ends, anything expiring,"
        " anything expiring soon, anything renewing, anything renewing soon, expiring, expiring soon, renewing soon"
    ),
    "agreement list": "agreements, contracts, paperwork, msas, sows, addenda, addendums, ndas",
    "client list": "clients, customers, accounts, customer list, active clients, clients client",
    "matrix show": (
        "matrix, raci, responsibility matrix, responsibilities, scope matrix, raci matrix, matrix rows, rows,"
        " responsibility list, scope sheet"
    ),
    "disclosure list": "disclosures, disclosed regulations, compliance status",
    "disclosure history": "disclosure history, earlier disclosures, disclosures history",
    "promise list": "promises, commitments, slas, promises due, promises overdue, overdue promises, open promises",
    "obligation list": (
        "obligations, client obligations, customer obligations, obligations due, open obligations, overdue obligations"
    ),
    "contract list": "third party contracts, other contracts, contracts others, vendor contracts",
    "hold list": "holds, legal holds, litigation holds",
    "walkthrough list": "walkthroughs, walkthrough",
    "walkthrough history": "walkthrough history, earlier walkthroughs, walkthroughs history",
    "signature list": "signatures, signatories, signers",
    "who unsigned": (
        "unsigned, unsigned agreements, unsigned contracts, missing signatures, outstanding signatures,"
        " unsigned papers, unsigned paperwork, agreements unsigned, contracts not signed, not signed"
    ),
    "copy list": "signed copies, copies, scans, signed scans",
    "paper list": "papers made, generated papers, generated documents, pdfs",
    "reminder list": "reminders, planned reminders, upcoming reminders, next reminders, sent reminders",
    "topic list": "key topics, topics",
    "framework list": "frameworks, framework, framework list, framework versions",
    "insurance list": (
        "insurance requirements, insurer requirements, cyber insurance requirements, cyber requirements,"
        " insurance controls"
    ),
    "recommendation list": (
        "recommendations, declined recommendations, declined, refusals, declinations, recommendations declined"
    ),
    "access": "access, access grants, access rights, our access, access list",
    "scope open": (
        "open questions, unanswered questions, questions, unanswered, unsettled questions, pending questions,"
        " questions open, open scope questions, unanswered scope questions, scope questions open"
    ),
    "scope history": "question history, scope history, past questions, earlier questions, previous questions",
    "scope phrases": "phrases, learned phrases, learned wordings, wordings",
    "scope billable": (
        "billables, billable work, billing list, billable hours, billable this month, unbilled, unbilled work"
    ),
    "role list": "roles, admins, managers, technicians, role list, admin list",
    "audit show": "audit log, audit trail, change log, changelog, recent changes, latest changes, changes",
    "calendar": "calendar, calendar file, ics, ical, icalendar",
    "calendar feed": "calendar feed, calendar subscription, calendar address, calendar link",
    "calendar feeds": "calendar feeds, calendar addresses, calendar links",
    "agreement timeline": "timeline, agreement timeline, contract timeline",
    "home": (
        "week, today, todo, to do, todos, to dos, tasks, due, overdue, due today, due this week, agenda, dashboard,"
        " home, deadlines week, overdue items, open items"
    ),
    "check": "findings",
    "incident list": (
        "incidents, open incidents, security incidents, breaches, data breaches, incident clocks, open clocks"
    ),
    "check rules": "check rules, rules of check",
    "catalogue list": "catalogue, catalog, regulations catalogue",
    "setup progress": "setup progress, progress, onboarding progress",
    "setup": "setup, first steps",
    "help": "help, commands, manual, instructions, menu, usage",
}


def _key(words: list[str]) -> str:
    return " ".join(sorted(word for word in words if word not in _AROUND))


_BY_KEY = {
    _key(phrase.split()): label for label, phrases in _NOUNS.items() for phrase in map(str.strip, phrases.split(","))
}


def nouns_of_commands() -> Collection[str]:
    """The names of the commands that a noun alone may stand for."""
    return _NOUNS.keys()


def noun_said(text: str) -> str | None:
    """The label of the noun that `text` says with nothing else around it; None for anything more."""
    words = _WORD.findall(fold(text).replace("'", " ").replace("’", " "))
    if not words or len(words) > _LONGEST:
        return None
    key = _key(words)
    return _BY_KEY.get(key) if key else None
