"""The arguments of a command that somebody's words stand for, as far as the words and the records tell them."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from commands.checks.figures import Figure
from commands.command import Command, Context
from commands.disclosures.told import told_about
from commands.grammar.words import command_line
from commands.incidents.naming import called
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.parameters import Kind
from commands.rules.conduct.access import touched_grants
from commands.rules.matching.text import stem, tokens
from commands.rules.wishes.phrases import asks_for_papers, asks_of_record
from commands.rules.wishes.said import answer_said, days_said, is_mine, kind_said, lacking_said, topic_said, whose_said
from commands.rules.wishes.told import (
    billed_month_said,
    day_known_said,
    day_said,
    decision_said,
    declined_said,
    doer_said,
    new_name_said,
    past_days_said,
    reason_said,
    role_said,
    time_spent_said,
)
from commands.wishes.people import only_one, owner_meant, people_meant
from storage.catalog.regulations import Regulation
from storage.records import Agreement, AgreementStatus, Client, Role
from storage.records.agreement import AgreementKind, reference_key

BILLING, OTHER = "billing", "other"
_OVER = (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED)
_SHORTEST_NAME = 3
_LONGEST_NAME = 6


Given = tuple[str, tuple[object, ...], Mapping[str, object], str | None]
"""The command's name, its positional values, its options, and the lead."""


def lacks_more(command: Command, values: tuple[object, ...], options: Mapping[str, object]) -> bool:
    """Whether something else than the client has to be known, and the words do not tell it."""
    given = {each.name for each, _ in zip(command.positionals, values, strict=False)} | set(options)
    asked = (each for each in command.parameters if each.name not in given and each.kind is not Kind.CLIENT)
    return any(each.required or each.kind is Kind.FILE for each in asked)


def without_it(ctx: Context, command: Command, said: str, client: Client | None) -> Given:
    """What comes nearest where the words do not say which agreement, row, or number is meant."""
    wider = _WIDER.get(command.name)
    if wider is None:
        return "help", tuple(command.name.split()), {}, None
    return plainly(ctx, wider, said, client)


def noun_and_verb(name: str) -> tuple[str, str]:
    """The two parts of a command's name."""
    noun, _, verb = name.partition(" ")
    return noun, verb


def read_instead(ctx: Context, label: str, said: str) -> str:
    """What shows it, where somebody asks about what `label` would change: "when did they tell us about HIPAA?"."""
    command = ctx.registry.find(*noun_and_verb(label))
    if command is None or not command.changes or not asks_of_record(said):
        return label
    if label in _SHOWN_BY:
        return _SHOWN_BY[label]
    found = (ctx.registry.find(command.noun, verb) for verb in _READING if command.verb)
    shown = next((each for each in found if each is not None and not each.changes), None)
    return shown.name if shown is not None and command.noun not in _AS_ASKED else label


def may_be_about(ctx: Context, label: str) -> bool:
    """Whether the client of the channel is meant where none is named: in its channel, one speaks of it."""
    command = ctx.registry.find(*noun_and_verb(label))
    return command is None or takes_client(command, must=False)


def takes_client(command: Command, *, must: bool) -> bool:
    """Whether the command may be, or `must` be, about a client."""
    clients = [each for each in command.parameters if each.kind is Kind.CLIENT]
    return any(each.required for each in clients) if must else bool(clients)


def plainly(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """The command as it is called, with the client where it takes one."""
    command = ctx.registry.find(*noun_and_verb(label))
    takes = next((each for each in command.parameters if each.kind is Kind.CLIENT), None) if command else None
    if command is None or client is None or takes is None:
        return label, (), {}, None
    if takes is command.parameters[0]:
        return label, (client.name,), {}, None
    return label, (), {takes.name: client.name}, None


def _agreement_or_list(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    if (lacking := lacking_said(said)) is not None and asks_for_papers(said):
        return "agreement list", (client.name,) if client else (), {"without": lacking}, None
    if client is None:
        return "signature list" if _WHO_SIGNED.search(said) else "agreement list", (), {}, None
    paper = _paper_meant(ctx, client, said)
    if paper is not None and _WHO_SIGNED.search(said):
        return "signature list", (client.name, paper.reference), {}, None
    kind = kind_said(said)
    if paper is None:
        is_there = kind is None or any(each.kind is kind for each in ctx.uow.agreements.of_client(client.id))
        lead = None if is_there or kind is None else _no_paper(client, kind)
        return "agreement list", (client.name,), {}, lead
    return "agreement show", (client.name, paper.reference), {}, None


def _on_paper(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """A command that is about an agreement, named where the words leave no doubt which."""
    paper = _paper_meant(ctx, client, said) if client is not None else _only_paper(ctx, said, None)
    if client is None and paper is not None:
        client = ctx.uow.clients.get(paper.client_id)
    values = (client.name, *((paper.reference,) if paper else ())) if client is not None else ()
    return label, values, {}, None


def _signatures(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """Who signed a paper; of a kind that the client has none of: that, and which papers there are."""
    return (_agreement_or_list if kind_said(said) else _on_paper)(ctx, label, said, client)


def _unsigned(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """What is not signed, unless it is asked who did sign."""
    asks_signer = _WHO_SIGNED.search(said) is not None and not _NOT_SIGNED.search(said)
    return (_agreement_or_list if asks_signer else plainly)(ctx, label, said, client)


def _renewals(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    today = ctx.today_for(client) if client else ctx.today
    mine = "me" if is_mine(said) else None
    which = [client.name if client is not None else mine, days_said(said, today)]
    return label, tuple(filter(None, which)), {}, None


def day_filled(command: Command, said: str, today: date) -> dict[str, object]:
    """The day on which it happened or will, where the command asks for that and the words name it."""
    asked = next((each for each in command.parameters if each.name == "on" and each.kind is Kind.DATE), None)
    day = day_said(said, today, has_happened=bool(asked.has_happened)) if asked is not None else None
    return {"on": day} if day is not None else {}


def then_filled(command: Command, said: str, today: date) -> dict[str, object]:
    """The past day as of which the record is asked for, where the command shows that."""
    known = {each.name for each in command.parameters}
    found = day_known_said(said, today)
    return {found[0]: str(found[1])} if found is not None and found[0] in known else {}


def _disclosures(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    if client is None:
        return label, (), {}, None
    if kind_said(said) is AgreementKind.BAA:
        if (paper := _paper_meant(ctx, client, said)) is not None:
            return "agreement show", (client.name, paper.reference), {}, None
        return label, (client.name,), {}, f"{_no_paper(client, AgreementKind.BAA)} What it told us:"
    regulation = _regulation_said(ctx, said)
    return label, (client.name,), {}, told_about(ctx, client, regulation) if regulation else None


def _record_disclosure(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    regulation = _regulation_said(ctx, said)
    values = (client.name, *((regulation.key, answer_said(said)) if regulation else ())) if client else ()
    return label, values, {}, None


def _who(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    regulation = _regulation_said(ctx, said)
    return (label, (regulation.key,), {}, None) if regulation else ("help", (label,), {}, None)


def _gap(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    topic = topic_said(said)
    return (label, (topic.value,), {}, None) if topic else ("check rules", (), {}, None)


def _matrix(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    return label, (client.name,) if client else (), {"whose": whose_said(said)}, None


def _access(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    if client is None:
        return label, (), {}, None
    touched = touched_grants(ctx.uow.access.current(client.id), (said,))
    return label, (client.name, *(each.system for each in touched[:1])), {}, None


def _week(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    if doer_said(said) is not None:
        return _audit(ctx, "audit show", said, client)
    if not ctx.actor.role.may_act_as(Role.TECHNICIAN):
        return "home", (), {}, None
    mine = ("me",) if is_mine(said) else ()
    return "week", mine, {"client": client.name if client else None}, None


def _matrix_history(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """The row whose name shares most with the words, where that is one."""
    rows = ctx.uow.responsibilities.current(client.id) if client is not None else ()
    words = set(map(stem, tokens(said)))
    alike = {row.item: len(words & set(map(stem, tokens(row.item)))) for row in rows}
    most = max(alike.values(), default=0)
    best = [item for item, count in alike.items() if count == most]
    return label, (client.name, *best) if client is not None and most and len(best) == 1 else (), {}, None


def _framework(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    words, known = re.findall(r"[\w.-]+", said), known_frameworks(ctx.uow)
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for at in range(len(words) - count + 1):
            if (found := known.find(" ".join(words[at : at + count]))) is not None:
                return label, (found.key,), {}, None
    return label, (), {}, None


def _catalogue(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    regulation = _regulation_said(ctx, said)
    return label, (regulation.key,) if regulation else (), {}, None


def _about_answer(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """About the newest answer in this thread, or else the newest that the asker got today."""
    newest = None
    if ctx.thread is not None and ctx.channel is not None:
        newest = ctx.uow.questions.newest_in_thread(ctx.channel, ctx.thread)
    if newest is None:
        newest = next(iter(ctx.uow.questions.of_asker(ctx.actor.user, ctx.now - _RECENT, 1)), None)
    spent = {"took": time_spent_said(said)} if label == "scope bill" else {}
    if label == "scope dispute" and _ESCALATES.search(said):
        label = "scope escalate"
    return label, (newest.id,) if newest else (), spent, None


def _billable(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    return label, (client.name,) if client else (), {"month": billed_month_said(said)}, None


def _sheets(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """An import or export of what is named: clients, agreements, or else the matrix."""
    verb = noun_and_verb(label)[1]
    if re.search(r"\b(?:agreements?|contracts?)\b", said, re.IGNORECASE):
        return f"agreement {verb}", (), {}, None
    if re.search(r"\b(?:clients|customers|client list|customer list)\b", said, re.IGNORECASE):
        return f"client {verb}", (), {}, None
    return f"matrix {verb}", (client.name,) if client else (), {}, None


def _new_client(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    return label, tuple(filter(None, (new_name_said(said),))), {}, None


def _edit_client(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """As the owner or as the backup. Of both at once the words do not tell who is which: the form asks."""
    name = owner_meant(said)
    options = {name: only_one(people_meant(ctx, said))} if name is not None else {}
    return label, (client.name,) if client else (), options, None


def _new_agreement(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    kind = kind_said(said)
    day = day_said(said, ctx.today_for(client) if client else ctx.today, has_happened=False)
    return label, (client.name,) if client else (), {"kind": kind, "effective": day}, None


def _decide(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    name, values, options, lead = _on_paper(ctx, label, said, client)
    return name, values, {**options, "decision": decision_said(said), "reason": reason_said(said)}, lead


def _reminders(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """What is open; where it is asked who was told, with where the rest is: an answered reminder is not in the list."""
    name, values, options, lead = plainly(ctx, label, said, client)
    if _WAS_TOLD.search(said):
        pack = command_line("/engagement paper evidence", client.name if client else "CLIENT")
        lead = f"Only reminders that are planned or wait for an answer are listed. Who was told of all others: {pack}"
    return name, values, options, lead


def _snooze(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    return (
        label,
        (),
        {"until": day_said(said, ctx.today_for(client) if client else ctx.today, has_happened=False)},
        None,
    )


def _role(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    role = {"role": role_said(said)} if label == "role grant" else {}
    return label, (), {"person": only_one(people_meant(ctx, said)), **role}, None


def _audit(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """By whom and when; where it is asked about somebody whom nobody knows, that it is everybody's. What was recorded
    of one agreement is in its history.
    """
    if (paper := _only_paper(ctx, said, client)) is not None:
        return "agreement history", (ctx.uow.clients.get(paper.client_id).name, paper.reference), {}, None
    person, doer = only_one(people_meant(ctx, said)), doer_said(said)
    if person is not None and doer is not None and doer not in person and person not in people_meant(ctx, doer):
        person = None  # somebody whom it was about
    days = past_days_said(said, ctx.today_for(client) if client else ctx.today)
    options = {"person": person, "client": client.name if client else None}
    if days is not None:
        options |= {"since": str(days[0]), "until": str(days[1])}
    is_known = person is not None or doer is None or (client is not None and _is_called(client, doer))
    lead = None if is_known else f'It is not clear who "{doer}" is. This is what everybody did.'
    return label, (), options, lead


def _is_called(client: Client, word: str) -> bool:
    names = (client.name, *client.aliases)
    return word.lower() in {each for name in names for each in re.findall(r"[\w.'’-]*\w", name.lower())}


def _recommended(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    return label, (client.name,) if client else (), {"what": declined_said(said)}, None


def _billing(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """No row says what is billed: the paper does, and it is not read here."""
    lead = "This is about billing, which the responsibility matrix does not settle. Look in the agreement itself"
    if client is None:
        return "agreement list", (), {}, f"{lead}."
    papers = [each for each in ctx.uow.agreements.of_client(client.id) if each.status not in _OVER]
    named = f": {papers[0].reference}" if len(papers) == 1 else ", listed below" if papers else ""
    return "agreement list", (client.name,), {}, f"{client.name}: {lead[0].lower()}{lead[1:]}{named}."


def _other(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    return "help", (), {}, None


def _no_paper(client: Client, kind: AgreementKind) -> str:
    return f"{client.name}: no {kind.value.upper()} is on record."


def _incident(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """With the day only where it is said to be that of the discovery: the clocks run from there."""
    today = ctx.today_for(client) if client else ctx.today
    day = day_said(said, today, has_happened=True) if _DISCOVERED.search(said) else None
    return label, (client.name,) if client else (), {"discovered": day}, None


def _incident_sheet(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    """The sheet, of an incident that is on record; without one, that."""
    if client is None:
        return label, (), {}, None
    known = ctx.uow.incidents.current(client.id)
    standing = [each for each in known if each.ended_on is None] or known
    if not standing:
        return "incident list", (client.name,), {}, None
    only = (called(ctx.uow, standing[0]),) if len(standing) == 1 else ()
    return label, (client.name, *only), {}, None


def _lacking(ctx: Context, label: str, said: str, client: Client | None) -> Given:
    what = next((each for each, words in _LACKED.items() if re.search(words, said, re.IGNORECASE)), Figure.AGREEMENT)
    return label, (what.value,), {}, None


def _paper_meant(ctx: Context, client: Client, said: str) -> Agreement | None:
    """The agreement that is named by its reference or its kind, or the only one that is not over."""
    papers = ctx.uow.agreements.of_client(client.id)
    if len(named := _named_papers(papers, said)) == 1:
        return named[0]
    kind = kind_said(said)
    standing = [each for each in papers if each.status not in _OVER and kind in (None, each.kind)]
    return standing[0] if len(standing) == 1 else None


def _named_papers(papers: Iterable[Agreement], said: str) -> list[Agreement]:
    words = f" {reference_key(said)} "
    return [each for each in papers if re.search(rf"(?<!\w){re.escape(reference_key(each.reference))}(?!\w)", words)]


def _only_paper(ctx: Context, said: str, client: Client | None) -> Agreement | None:
    """The agreement of the client, else of any, that alone is called so in the words."""
    papers = ctx.uow.agreements.of_client(client.id) if client is not None else ctx.uow.agreements.list()
    named = _named_papers(papers, said)
    return named[0] if len(named) == 1 else None


def _regulation_said(ctx: Context, said: str) -> Regulation | None:
    """The regulation that is named in the words, by the longest of its names."""
    known = known_regulations(ctx.uow)
    words = re.findall(r"[\w&-]+", said)
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        for at in range(len(words) - count + 1):
            name = " ".join(words[at : at + count])
            if len(name) >= _SHORTEST_NAME and (found := known.find(name)) is not None:
                return found
    hinted = (key for hint, key in _HINTS.items() if re.search(hint, said, re.IGNORECASE))
    return next((found for key in hinted if (found := known.find(key)) is not None), None)


_WAS_TOLD = re.compile(
    r"\bwho\b.*\b(?:was|were|been|did)\b.*\b(?:told|tell|remind(?:ed)?|warn(?:ed)?|notif(?:y|ied)|inform(?:ed)?)\b",
    re.IGNORECASE,
)
_DISCOVERED = re.compile(r"\b(?:discover\w*|found out|notic(?:ed|ing)|learned)\b", re.IGNORECASE)
_ESCALATES = re.compile(r"\bescalat|\b(?:manager|boss|supervisor)\b", re.IGNORECASE)
_WHO_SIGNED = re.compile(r"\bwho(?:m|se)?\b.*\b(?:signed|signs|signatory|signer)\b", re.IGNORECASE)
_NOT_SIGNED = re.compile(r"\b(?:no|not|never|yet|still|without|missing)\b|n['’]t\b", re.IGNORECASE)
_RECENT = timedelta(hours=12)
_LACKED = {
    Figure.MATRIX: r"\b(?:matrix|matrices|raci)\b",
    Figure.REGULATIONS: r"\b(?:regulations?|disclosures?)\b",
    Figure.EXPLANATION: r"\b(?:explained|explanations?|walk[- ]?throughs?)\b",
}
_READING = ("list", "show", "")
_AS_ASKED = frozenset({"scope", "calendar", "check"})
_SHOWN_BY = {"agreement sign": "signature list", "scope settle": "scope open"}
"""Which command shows what another one changes, where that is not the list of the same noun."""
_WIDER = {
    "agreement history": "agreement list",
    "walkthrough show": "walkthrough list",
    "matrix history": "matrix show",
    "catalogue show": "catalogue list",
    "framework show": "framework list",
    "framework affected": "framework list",
    "who framework": "framework list",
    "reminder why": "reminder list",
    "copy get": "copy list",
}
"""What lists that which the words do not single out."""
_HINTS = {
    r"\b(?:health|patient|medical) (?:data|records?|information)\b|\bphi\b|\bcovered entity\b": "hipaa",
    r"\b(?:credit |debit )?cards?(?:holder)?\b": "pci_dss",
}
FILLED: Mapping[str, Callable[[Context, str, str, Client | None], Given]] = {
    "agreement show": _agreement_or_list,
    "agreement list": _agreement_or_list,
    "renewal list": _renewals,
    "who unsigned": _unsigned,
    "disclosure list": _disclosures,
    "disclosure record": _record_disclosure,
    "who": _who,
    "who gap": _gap,
    "matrix show": _matrix,
    "access": _access,
    "home": _week,
    "incident record": _incident,
    "paper incident": _incident_sheet,
    "who lacks": _lacking,
    "matrix history": _matrix_history,
    "framework show": _framework,
    "framework affected": _framework,
    "who framework": _framework,
    "catalogue show": _catalogue,
    "scope billable": _billable,
    "matrix import": _sheets,
    "client export": _sheets,
    "client add": _new_client,
    "client edit": _edit_client,
    "agreement add": _new_agreement,
    "renewal decide": _decide,
    "reminder list": _reminders,
    "reminder snooze": _snooze,
    "signature list": _signatures,
    "audit show": _audit,
    "role grant": _role,
    "role revoke": _role,
    "recommendation decline": _recommended,
    "recommendation accept": _recommended,
    **dict.fromkeys(("scope why", "scope wording", "scope draft", "scope bill", "scope dispute"), _about_answer),
    BILLING: _billing,
    OTHER: _other,
    **dict.fromkeys(
        ("agreement sign", "agreement terminate", "agreement edit", "walkthrough record", "walkthrough list",
         "topic list", "topic set", "signature record", "agreement history", "agreement remove",
         "agreement reinstate", "paper statement", "paper walkthrough", "paper notice", "paper addendum"),
        _on_paper,
    ),
}  # fmt: skip
