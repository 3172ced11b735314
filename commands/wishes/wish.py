"""From a label and somebody's words to the command that they stand for, with what the words name filled in.

A wish is never carried out where it would change something: that opens the command's form.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from commands.command import Command, Context
from commands.disclosures.told import told_about
from commands.grammar.words import command_line
from commands.known_regulations import known_regulations
from commands.parameters import Kind
from commands.rules.conduct.access import touched_grants
from commands.rules.wishes.said import answer_said, days_said, kind_said, topic_said, whose_said
from storage.catalog.regulations import Regulation
from storage.records import Agreement, AgreementStatus, Client
from storage.records.agreement import AgreementKind, reference_key

BILLING, OTHER = "billing", "other"
_OVER = (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED)
_SHORTEST_NAME = 3
_LONGEST_NAME = 6


@dataclass(frozen=True, slots=True)
class Wish:
    """`text` is what is typed after the command's name. `lead` is what the answer begins with.

    `needs_client`: the command is about one client, and nothing says which.
    """

    label: str
    command: Command
    text: str
    said: str
    client: Client | None
    lead: str | None = None
    needs_client: bool = False

    @property
    def line(self) -> str:
        """The command as it could have been typed."""
        return f"/engagement {self.command.name} {self.text}".strip()

    @property
    def needs_words(self) -> bool:
        """Whether it cannot be answered by running the command: that would change something, or lacks a client."""
        return self.needs_client or self.command.changes or self.label == OTHER


_Given = tuple[str, tuple[object, ...], Mapping[str, object], str | None]
"""The command's name, its positional values, its options, and the lead."""


def wish_for(ctx: Context, label: str, said: str, client: Client | None, *, is_named: bool) -> Wish | None:
    """The wish that `label` stands for; None where its command is not to be had.

    `client`: whom it is about; `is_named`: by the words, not by the place.
    """
    if label not in (BILLING, OTHER) and ctx.registry.find(*_noun_and_verb(label)) is None:
        return None
    fill = _FILLED.get(label, _plainly)
    name, values, options, lead = fill(ctx, label, said, client if is_named or _needs(ctx, label) else None)
    command = ctx.registry.find(*_noun_and_verb(name))
    if command is None:
        return None
    needs = client is None and _takes_client(command, must=True)
    return Wish(label, command, command_line("", *values, **options).strip(), said, client, lead, needs)


def _noun_and_verb(name: str) -> tuple[str, str]:
    noun, _, verb = name.partition(" ")
    return noun, verb


def _needs(ctx: Context, label: str) -> bool:
    """Whether the client of the channel is meant where none is named: in its channel, one speaks of it."""
    command = ctx.registry.find(*_noun_and_verb(label))
    return command is None or _takes_client(command, must=False)


def _takes_client(command: Command, *, must: bool) -> bool:
    clients = [each for each in command.parameters if each.kind is Kind.CLIENT]
    return any(each.required for each in clients) if must else bool(clients)


def _plainly(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    return label, (client.name,) if client is not None and _needs(ctx, label) else (), {}, None


def _agreement_or_list(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    if client is None:
        return "agreement list", (), {}, None
    paper = _paper_meant(ctx, client, said)
    kind = kind_said(said)
    if paper is None:
        is_there = kind is None or any(each.kind is kind for each in ctx.uow.agreements.of_client(client.id))
        lead = None if is_there or kind is None else _no_paper(client, kind)
        return "agreement list", (client.name,), {}, lead
    return "agreement show", (client.name, paper.reference), {}, None


def _on_paper(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    """A command that is about an agreement, named where the words leave no doubt which."""
    paper = _paper_meant(ctx, client, said) if client is not None else None
    values = (client.name, *((paper.reference,) if paper else ())) if client is not None else ()
    return label, values, {}, None


def _renewals(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    today = ctx.today_for(client) if client else ctx.today
    mine = "me" if re.search(r"\b(?:my|mine|me|i)\b", said, re.IGNORECASE) else None
    which = [client.name if client is not None else mine, days_said(said, today)]
    return label, tuple(filter(None, which)), {}, None


def _disclosures(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    if client is None:
        return label, (), {}, None
    if kind_said(said) is AgreementKind.BAA:
        if (paper := _paper_meant(ctx, client, said)) is not None:
            return "agreement show", (client.name, paper.reference), {}, None
        return label, (client.name,), {}, f"{_no_paper(client, AgreementKind.BAA)} What it told us:"
    regulation = _regulation_said(ctx, said)
    return label, (client.name,), {}, told_about(ctx, client, regulation) if regulation else None


def _record_disclosure(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    regulation = _regulation_said(ctx, said)
    values = (client.name, *((regulation.key, answer_said(said)) if regulation else ())) if client else ()
    return label, values, {}, None


def _who(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    regulation = _regulation_said(ctx, said)
    return label, (regulation.key,) if regulation else (), {}, None


def _gap(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    topic = topic_said(said)
    return (label, (topic.value,), {}, None) if topic else ("check rules", (), {}, None)


def _matrix(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    return label, (client.name,) if client else (), {"whose": whose_said(said)}, None


def _access(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    if client is None:
        return label, (), {}, None
    touched = touched_grants(ctx.uow.access.current(client.id), (said,))
    return label, (client.name, *(each.system for each in touched[:1])), {}, None


def _week(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    week = ctx.registry.find("week", "")
    return ("week" if week is not None and ctx.actor.role.may_act_as(week.role) else "home"), (), {}, None


def _billing(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    """No row says what is billed: the paper does, and it is not read here."""
    lead = "This is about billing, which the responsibility matrix does not settle. Look in the agreement itself"
    if client is None:
        return "agreement list", (), {}, f"{lead}."
    papers = [each for each in ctx.uow.agreements.of_client(client.id) if each.status not in _OVER]
    named = f": {papers[0].reference}" if len(papers) == 1 else ", listed below" if papers else ""
    return "agreement list", (client.name,), {}, f"{client.name}: {lead[0].lower()}{lead[1:]}{named}."


def _other(ctx: Context, label: str, said: str, client: Client | None) -> _Given:
    return "help", (), {}, None


def _no_paper(client: Client, kind: AgreementKind) -> str:
    return f"{client.name}: no {kind.value.upper()} is on record."


def _paper_meant(ctx: Context, client: Client, said: str) -> Agreement | None:
    """The agreement that is named by its reference or its kind, or the only one that is not over."""
    papers = ctx.uow.agreements.of_client(client.id)
    words = f" {reference_key(said)} "
    named = [each for each in papers if re.search(rf"(?<!\w){re.escape(reference_key(each.reference))}(?!\w)", words)]
    if len(named) == 1:
        return named[0]
    kind = kind_said(said)
    standing = [each for each in papers if each.status not in _OVER and kind in (None, each.kind)]
    return standing[0] if len(standing) == 1 else None


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


_HINTS = {
    r"\b(?:health|patient|medical) (?:data|records?|information)\b|\bphi\b|\bcovered entity\b": "hipaa",
    r"\b(?:credit |debit )?cards?(?:holder)?\b": "pci_dss",
}
_FILLED: Mapping[str, Callable[[Context, str, str, Client | None], _Given]] = {
    "agreement show": _agreement_or_list,
    "agreement list": _agreement_or_list,
    "renewal list": _renewals,
    "disclosure list": _disclosures,
    "disclosure record": _record_disclosure,
    "who": _who,
    "who gap": _gap,
    "matrix show": _matrix,
    "access": _access,
    "home": _week,
    BILLING: _billing,
    OTHER: _other,
    **dict.fromkeys(
        ("agreement sign", "agreement terminate", "agreement edit", "renewal decide", "walkthrough record",
         "walkthrough list", "topic list"),
        _on_paper,
    ),
}  # fmt: skip
