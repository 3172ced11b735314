"""The workspace's own entries of the catalogue: what a client must follow and the shipped catalogue does not have."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.disclosures.in_force import state_in_words
from commands.errors import Conflict, NotFound, UsageError
from commands.grammar.words import command_line
from commands.history.versions import end_version, replace_version, stamp
from commands.known_frameworks import known_frameworks
from commands.known_regulations import as_regulation, known_regulations
from commands.own_entries import refuse_known, stanza_text
from commands.parameters import Kind, Parameter
from commands.reply import Field, Reply, Table
from commands.rules.text.phrases import plain
from commands.rules.text.placeholders import BLANK
from storage.catalog import regulations
from storage.catalog.deadlines import typed_deadline, typed_milestone
from storage.catalog.regulations import Paper, Regulation
from storage.records import OwnRegulation, RegulationKind, Role

_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST_KEY = 60
_KIND_WORDS = {
    "statute": "law", "regulation": "law", "standard": "industry_standard", "framework": "industry_standard",
    "certificate": "certification", "customer_contract": "contract", "policy": "insurance",
}  # fmt: skip
_FIELDS = {
    "kind": "kind", "protects": "protects", "concerns": "applies_to", "jurisdiction": "jurisdiction",
    "source": "source_url", "citation": "citation", "alias": "aliases", "industry": "industries",
    "paper": "required_paper",
    "framework": "framework", "reask": "reask_every", "in_force_from": "in_force_from", "ended": "ended",
    "proposed": "proposed", "notes": "notes", "checked": "checked_on", "checked_with": "checked_with",
    "deadline": "deadlines", "milestone": "milestones",
}  # fmt: skip
_TYPED = {"deadline": typed_deadline, "milestone": typed_milestone}
USUAL = {
    "jurisdiction": "international", "industries": ["any"], "reask_every": "12m", "source_url": "",
    "protects": "what it says", "applies_to": "those who are bound by it",
}  # fmt: skip
SHOW = "catalogue show"


def add(ctx: Context, args: Arguments) -> Reply:
    """A name that the catalogue knows already is refused: two entries of one name could not be told apart."""
    key = _KEY.sub("_", args.title.casefold()).strip("_")[:_LONGEST_KEY]
    if not key:
        raise UsageError(
            f'title: "{args.title}" has no letter or digit that a key could be made of.',
            fields={"title": "has no letter or digit."},
        )
    stanza = {"key": key, "title": args.title, **USUAL, **_given(ctx, args)}
    regulation = read(stanza)
    refuse_known(known_regulations(ctx.uow), regulation, SHOW)
    own = ctx.uow.own_regulations.record(_record(ctx, regulation, stanza))
    return _reply(ctx, own, f"{regulation.title} is in your catalogue; disclose it like any other.")


def edit(ctx: Context, args: Arguments) -> Reply:
    own = _own(ctx, args.regulation)
    stanza = json.loads(own.stanza) | _given(ctx, args)
    for name in args.emptied(*_FIELDS):
        stanza.pop(_FIELDS[name], None)
    stanza = USUAL | stanza
    if args.wording:
        stanza["title"] = args.wording
    regulation = read(stanza)
    refuse_known(known_regulations(ctx.uow), regulation, SHOW, but=own.key)
    changes = {"title": regulation.title, "stanza": stanza_text(stanza)}
    after = replace_version(ctx, ctx.uow.own_regulations, own, changes)
    return _reply(ctx, after, f"{regulation.title} is changed; what it said before is kept.")


def remove(ctx: Context, args: Arguments) -> Reply:
    """What was disclosed about it stays, under its key."""
    own = _own(ctx, args.regulation)
    with ctx.uow.revealed():  # also of a client that whoever asks must not know of: how many is not said
        is_disclosed = bool(ctx.uow.disclosures.about(own.key))
    if is_disclosed and own.key not in regulations.shipped().by_key:
        raise Conflict(
            f"{own.title} cannot be taken out: there are answers about it. Say since when it has ended.",
            next_steps=(command_line("/engagement catalogue edit", own.key, ended=BLANK),),
        )
    end_version(ctx, ctx.uow.own_regulations, own)
    back = " The shipped entry counts again." if own.key in regulations.shipped().by_key else ""
    return Reply(f"{own.title} is no longer in your catalogue. It stays in the history.{back}")


def list_own(ctx: Context, args: Arguments) -> Reply:
    own = [(each, as_regulation(each)) for each in ctx.uow.own_regulations.current()]
    shipped = len(regulations.all_of_them())
    rows = tuple(
        (each.key, found.title, plain(found.kind), state_in_words(found, ctx.today), found.source_url)
        for each, found in own
    )
    return Reply(
        f"{shipped} entries are shipped; {len(own)} are your own."
        if own
        else f"{shipped} entries are shipped; none is your own.",
        table=Table(("Key", "Title", "Kind", "State", "Source"), rows) if rows else None,
        next_steps=(command_line("/engagement catalogue add", BLANK, kind=BLANK, source=BLANK),),
        data={"shipped": shipped, "own": [json.loads(each.stanza) for each, _ in own]},
    )


def _given(ctx: Context, args: Arguments) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in args.given(*_FIELDS).items():
        if name == "framework":
            families = known_frameworks(ctx.uow)
            family = families.find(value)
            if family is None:
                near = ", ".join(families.near(value) or [each.key for each in families.families][:6])
                raise UsageError(
                    f'framework: "{value}" is not a framework we know. There is {near}.',
                    fields={"framework": "is not known."},
                )
            value = family.key
        if name in _TYPED:
            found[_FIELDS[name]] = _typed(name, value)
        elif value not in (None, ()):
            found[_FIELDS[name]] = list(value) if isinstance(value, tuple) and name != "reask" else _plain(value)
    return found


def _typed(name: str, texts: Sequence[str]) -> list[dict[str, str]]:
    """Raises UsageError that says how it is typed."""
    try:
        return [_TYPED[name](text) for text in texts]
    except ValueError as error:
        raise UsageError(f"{name}: {error}.", fields={name: str(error)}) from error


def _plain(value: Any) -> str:
    return str(value.value if isinstance(value, RegulationKind | Paper) else value)


def read(stanza: Mapping[str, Any]) -> Regulation:
    """Raises UsageError that says what is wrong."""
    try:
        return regulations.regulation_of(stanza)
    except ValueError as error:
        raise UsageError(f"{error}. Nothing was saved.", fields={"title": str(error)}) from error


def _own(ctx: Context, regulation: Regulation) -> OwnRegulation:
    own = next((each for each in ctx.uow.own_regulations.current() if each.key == regulation.key), None)
    if own is None:
        raise NotFound(
            f"{regulation.title} is not an entry of your own: it is shipped.",
            next_steps=("/engagement catalogue list",),
        )
    return own


def _record(ctx: Context, regulation: Regulation, stanza: Mapping[str, Any]) -> OwnRegulation:
    return OwnRegulation(key=regulation.key, title=regulation.title, stanza=stanza_text(stanza), **stamp(ctx))


def _reply(ctx: Context, own: OwnRegulation, headline: str) -> Reply:
    found = as_regulation(own)
    measured_by = known_frameworks(ctx.uow).title_of(found.framework) if found.framework else None
    facts = (
        ("Key", own.key), ("Kind", plain(found.kind)), ("State", state_in_words(found, ctx.today)),
        ("Protects", found.protects), ("Usually concerns", found.applies_to), ("Source", found.source_url),
        ("Measured by", measured_by), ("Asked again", found.reask_every.in_words),
    )  # fmt: skip
    cautions = [] if found.source_url else ["No source is recorded: add source: so that others can read what it says."]
    return Reply(
        headline,
        fields=tuple(Field(label, value) for label, value in facts if value),
        cautions=tuple(cautions),
        next_steps=(command_line("/disclose", client=BLANK, regulation=own.key, answer=BLANK, by=BLANK),),
        data={"regulation": json.loads(own.stanza)},
    )


_REGULATION = Parameter("regulation", "an entry of your own", Kind.REGULATION, positional=True, required=True)
_OPTIONS = (
    Parameter("protects", "what it protects", Kind.LONG_TEXT),
    Parameter("concerns", "whom it usually concerns", Kind.LONG_TEXT),
    Parameter("jurisdiction", "a country or state, such as US, US-CA, EU; international if left out"),
    Parameter("source", "where its text is", Kind.URL),
    Parameter("citation", "how it is cited"),
    Parameter("alias", "another name of it", many=True),
    Parameter("industry", "whom to ask about it: any, healthcare, financial and so on; any if left out", many=True),
    Parameter("paper", "paper that it calls for", Kind.CHOICE, many=True, choices=Paper),
    Parameter("framework", "the framework that it is measured by"),
    Parameter("reask", "how often to ask again; 12m if left out", Kind.PERIOD),
    Parameter("in-force-from", "the first day it is in force", Kind.DATE, has_happened=False),
    Parameter("ended", "the first day it is no longer in force", Kind.DATE, has_happened=False),
    Parameter("proposed", "where it stands, while it is not law"),
    Parameter("deadline", "who tells whom by when: owner tells people within 30 days", many=True),
    Parameter("milestone", "a day and what it is: 2027-01-01 phase 2 begins", many=True),
    Parameter("checked", "when somebody compared this with its source", Kind.DATE, has_happened=True),
    Parameter("checked-with", "with which source"),
    Parameter("notes", "what else is known", Kind.LONG_TEXT),
)
COMMANDS = (
    Command(
        "catalogue", "add", add, Role.MANAGER, "Add a regulation, framework, certification or contract of your own",
        parameters=(
            Parameter("title", "what it is called", positional=True, required=True),
            Parameter(
                "kind", "what gives it force", Kind.CHOICE, required=True, choices=RegulationKind, words=_KIND_WORDS
            ),
            *_OPTIONS,
        ),
        example='/engagement catalogue add "Brazil LGPD" kind:law jurisdiction:BR',
    ),
    Command(
        "catalogue", "edit", edit, Role.MANAGER, "Change an entry of your own",
        parameters=(
            _REGULATION, Parameter("wording", "another title"),
            Parameter("kind", "what gives it force", Kind.CHOICE, choices=RegulationKind, words=_KIND_WORDS), *_OPTIONS,
        ),
        example='/engagement catalogue edit "Brazil LGPD" reask:6m',
    ),
    Command(
        "catalogue", "remove", remove, Role.MANAGER, "Take an entry of your own out of the catalogue",
        parameters=(_REGULATION,), example='/engagement catalogue remove "Brazil LGPD"',
    ),
    Command(
        "catalogue", "list", list_own, Role.VIEWER, "The catalogue's entries of your own", changes=False,
        example="/engagement catalogue list",
    ),
)  # fmt: skip
