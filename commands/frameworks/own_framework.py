"""The workspace's own frameworks, with their versions: a standard of care that the shipped list does not have."""

import json
import re
from collections.abc import Mapping
from typing import Any

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict, NotFound, UsageError
from commands.frameworks.framework import FRAMEWORK, month_said
from commands.grammar.words import command_line
from commands.history.versions import end_version, replace_version, stamp
from commands.known_frameworks import as_framework, known_frameworks
from commands.own_entries import refuse_known, stanza_text
from commands.parameters import Kind, Parameter
from commands.reply import Field, Reply
from commands.rules.frameworks.trace import edition_order
from commands.rules.text.placeholders import BLANK
from storage.catalog import frameworks
from storage.catalog.frameworks import Framework, edition_key
from storage.records import OwnFramework, Role

_KEY = re.compile(r"[^a-z0-9]+")
_LONGEST = 60
_USUAL = {"publisher": "", "controls": "(?!)"}
_OF_ALL = {"publisher": "publisher", "alias": "aliases"}
_OF_VERSION = {"published": "published", "source": "source_url", "notes": "notes", "retired": "retired"}
SHOW = "framework show"


def add(ctx: Context, args: Arguments) -> Reply:
    """A name that is known already is refused: two frameworks of one name could not be told apart."""
    key = _KEY.sub("-", args.title.casefold()).strip("-")[:_LONGEST]
    if not key:
        raise UsageError(
            f'title: "{args.title}" has no letter or digit that a key could be made of.',
            fields={"title": "has no letter or digit."},
        )
    first = {"edition": args.version, "source_url": "", **_given(args, _OF_VERSION)}
    stanza, framework = read({"key": key, "title": args.title, **_given(args, _OF_ALL), "version": [first]})
    refuse_known(known_frameworks(ctx.uow), framework, SHOW)
    if ctx.uow.frameworks.list(framework.key):
        raise Conflict(
            f'"{framework.key}" was imported as a framework already.',
            next_steps=(command_line("/engagement framework show", framework.key),),
        )
    kept = ctx.uow.own_frameworks.record(
        OwnFramework(key=framework.key, title=framework.title, stanza=stanza_text(stanza), **stamp(ctx))
    )
    return _reply(kept, f"{framework.title} is known; adopt it for a client like any other.")


def edit(ctx: Context, args: Arguments) -> Reply:
    """What is said of a version is said of the one that is named, which may be new; of the newest without one."""
    own = _own(ctx, args.framework)
    stanza = json.loads(own.stanza) | _given(args, _OF_ALL)
    if args.wording:
        stanza["title"] = args.wording
    known = [dict(each) for each in stanza["version"]]
    wanted = args.version or known[-1]["edition"]
    version = next((each for each in known if edition_key(each["edition"]) == edition_key(wanted)), None)
    if version is None:
        version = {"edition": wanted, "source_url": ""}
        known.append(version)
    version |= _given(args, _OF_VERSION)
    for name in args.emptied(*_OF_VERSION):
        version.pop(_OF_VERSION[name], None)
    stanza, framework = read(stanza | {"version": known})
    refuse_known(known_frameworks(ctx.uow), framework, SHOW, but=own.key)
    after = replace_version(ctx, ctx.uow.own_frameworks, own, {"title": framework.title, "stanza": stanza_text(stanza)})
    return _reply(after, f"{framework.title} is changed; what it said before is kept.")


def remove(ctx: Context, args: Arguments) -> Reply:
    """Refused while somebody is measured by it."""
    own = _own(ctx, args.framework)
    is_shipped = frameworks.shipped().get(own.key) is not None
    with ctx.uow.revealed():  # also by a client that whoever asks must not know of: how many is not said
        is_adopted = any(each.family == own.key and each.ended_on is None for each in ctx.uow.adoptions.current())
    if is_adopted and not is_shipped:
        raise Conflict(
            f"{own.title} cannot be taken out: somebody is measured by it.",
            next_steps=(command_line("/engagement framework drop", BLANK, own.key),),
        )
    end_version(ctx, ctx.uow.own_frameworks, own)
    back = " The shipped one counts again." if is_shipped else ""
    return Reply(f"{own.title} is no longer among your frameworks. It stays in the history.{back}")


def read(given: Mapping[str, Any]) -> tuple[dict[str, Any], Framework]:
    """A stanza as it is kept, its versions in order, and what it describes. Raises UsageError."""
    stanza = {**_USUAL, **given}
    versions = stanza.get("version")
    if not isinstance(versions, list) or not versions or not all(isinstance(each, dict) for each in versions):
        raise _wrong(f"{stanza.get('key', '?')}: a framework has one [[framework.version]] at least")
    for each in versions:
        edition = each.get("edition")
        if not isinstance(edition, str) or not edition_order(edition) or len(edition) > _LONGEST:
            raise _wrong(f'version: "{edition}" has no number, or more than {_LONGEST} characters')
    stanza["version"] = sorted(versions, key=lambda each: edition_order(each["edition"]))
    try:
        framework = frameworks.framework_of(stanza)
    except ValueError as error:
        raise _wrong(str(error)) from error
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", framework.key) or len(framework.key) > _LONGEST:
        raise _wrong(f'key: "{framework.key}" is not made of up to {_LONGEST} small letters, digits and hyphens')
    return stanza, framework


def _wrong(said: str) -> UsageError:
    return UsageError(f"{said}. Nothing was saved.", fields={"version": said})


def _given(args: Arguments, names: Mapping[str, str]) -> dict[str, Any]:
    given = args.given(*names).items()
    return {names[name]: list(value) if isinstance(value, tuple) else value for name, value in given if value}


def _own(ctx: Context, text: str) -> OwnFramework:
    found = known_frameworks(ctx.uow).find(text)
    own = next((each for each in ctx.uow.own_frameworks.current() if found and each.key == found.key), None)
    if own is None:
        said = f"{found.title} is not a framework of your own." if found else f'"{text}" is not a framework we know.'
        raise NotFound(said, next_steps=("/engagement framework list",))
    return own


def _reply(own: OwnFramework, headline: str) -> Reply:
    found = as_framework(own)
    facts = (
        ("Typed as", own.key), ("Newest version", found.newest.edition),
        ("Published", month_said(found.newest.published)),
        ("Versions", ", ".join(each.edition for each in found.versions)), ("Publisher", found.publisher),
        ("Source", found.newest.source_url),
    )  # fmt: skip
    cautions = [] if found.newest.source_url else ["No source is recorded: add source: so that others can read it."]
    return Reply(
        headline,
        fields=tuple(Field(label, value) for label, value in facts if value),
        cautions=tuple(cautions),
        next_steps=(command_line("/engagement framework adopt", BLANK, own.key),),
        data={"framework": json.loads(own.stanza)},
    )


_OPTIONS = (
    Parameter("publisher", "who publishes it"),
    Parameter("source", "where its text is", Kind.URL),
    Parameter("alias", "another name of it", many=True),
    Parameter("retired", "when this version was retired: 2026, 2026-03 or 2026-03-01"),
    Parameter("notes", "what else is known of this version", Kind.LONG_TEXT),
)
_PUBLISHED = "when this version was published: 2026, 2026-03 or 2026-03-01"
COMMANDS = (
    Command(
        "framework", "add", add, Role.MANAGER, "Add a framework of your own to those that clients are measured by",
        parameters=(
            Parameter("title", "what it is called", positional=True, required=True),
            Parameter("version", "its version, such as 1.0", required=True),
            Parameter("published", _PUBLISHED, required=True),
            *_OPTIONS,
        ),
        example='/engagement framework add "Harbor baseline" version:1.0 published:2026-03',
    ),
    Command(
        "framework", "edit", edit, Role.MANAGER, "Change a framework of your own, or add its next version",
        parameters=(
            FRAMEWORK, Parameter("wording", "another title"),
            Parameter("version", "which version, or a new one; the newest if left out"),
            Parameter("published", _PUBLISHED), *_OPTIONS,
        ),
        example='/engagement framework edit "Harbor baseline" version:1.1 published:2026-09',
    ),
    Command(
        "framework", "remove", remove, Role.MANAGER, "Take a framework of your own out of the list",
        parameters=(FRAMEWORK,), example='/engagement framework remove "Harbor baseline"',
    ),
)  # fmt: skip
