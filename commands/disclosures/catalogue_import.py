"""Taking entries of the catalogue in from a TOML file: new ones, and newer ones in the place of what is shipped.

Where a key is set, only a file that is signed by it is taken.
"""

import tomllib
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar

from commands.arguments import Arguments
from commands.command import Command, Context, Upload
from commands.disclosures import own_regulation
from commands.errors import CommandError, Conflict, NotAllowed, UsageError
from commands.frameworks import own_framework
from commands.grammar.words import command_line
from commands.history.versions import replace_version, stamp
from commands.known_frameworks import known_frameworks
from commands.known_regulations import known_regulations
from commands.own_entries import refuse_known, stanza_text
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Emphasis, Field, Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.text.phrases import counted, plain
from commands.signing import CannotVerify
from commands.spreadsheets.uploads import keep_upload, take_upload
from storage.catalog.frameworks import Framework
from storage.catalog.regulations import Regulation
from storage.records import OwnFramework, OwnRegulation, Period, Role
from storage.repositories.versioned import VersionedRepository

_KINDS = ("regulation", "framework")
_STEP = "engagement-bot import catalogue FILE"
_SIGN = "openssl pkeyutl -sign -inkey key.pem -rawin -in FILE -out FILE.sig"
_UNSAID = ("family", "place", "key")
_AS_IT_WAS = "as it was"
Own = TypeVar("Own", OwnRegulation, OwnFramework)


@dataclass(frozen=True, slots=True)
class _Entry:
    stanza: Mapping[str, Any]
    value: Regulation | Framework


def import_file(ctx: Context, args: Arguments) -> Reply:
    """All of its entries are saved, or none, and not before somebody saw what differs, field by field, and said yes."""
    upload = _upload(ctx, args.upload)
    if args.upload is not None and args.confirm is False:
        return Reply(f"{upload.name} is put away. Nothing was saved.", data={"saved": False})
    is_verified = _is_verified(ctx, upload, args.signature)
    saves = not args.dry_run and (args.confirm or (args.confirm is None and ctx.is_confirmed))
    rows: list[tuple[str, ...]] = []
    for entry in _entries(upload):
        rows += _take_in(ctx, entry, is_dry=not saves)
    keys = dict.fromkeys(row[0] for row in rows)
    changed = dict.fromkeys(row[0] for row in rows if row[1] != _AS_IT_WAS)
    would_be = "would be" if not saves else "are" if len(changed) != 1 else "is"
    not_yet = "" if saves else " Nothing is saved yet." if changed else " There is nothing to save."
    entries = counted(len(keys), "entry", "entries")
    unsigned = "It is not verified: ENGAGEMENT_CATALOGUE_KEY is not set, so whoever may import may import any file."
    is_asked = bool(changed) and not saves and not args.dry_run
    return Reply(
        f"{upload.name}: {entries}, {len(changed)} {would_be} new or changed.{not_yet}",
        fields=(
            Field("Signed", "yes, by the key that is set" if is_verified else "not verified"),
            Field("SHA-256", sha256(upload.content).hexdigest()),
        ),
        table=Table(("Key", "What", "Field", "Before", "Now"), tuple(rows)),
        cautions=() if is_verified else (unsigned,),
        data={
            "entries": list(keys),
            "changed": list(changed),
            "verified": is_verified,
            "differences": [dict(zip(("key", "what", "field", "before", "now"), row, strict=True)) for row in rows],
            "saved": bool(saves),
        },
        choices=_choices(ctx, args, upload, len(changed)) if is_asked else (),
    )


def _choices(ctx: Context, args: Arguments, upload: Upload, count: int) -> tuple[Choice, ...]:
    number = keep_upload(ctx, upload)
    save = command_line("catalogue import", upload=number, confirm="yes", signature=args.signature)
    return (
        Choice(f"Save {counted(count, 'entry', 'entries')}", save, Emphasis.PRIMARY),
        Choice("Cancel", command_line("catalogue import", upload=number, confirm="no")),
    )


def _upload(ctx: Context, number: int | None) -> Upload:
    if number is not None:
        return take_upload(ctx, number)
    if len(ctx.uploads) != 1:
        raise UsageError(
            "Send one TOML file with this command.",
            fields={"file": "is missing: one TOML file with [[regulation]] or [[framework]] stanzas."},
            next_steps=(_STEP,),
        )
    return ctx.uploads[0]


def _is_verified(ctx: Context, upload: Upload, text: str | None) -> bool:
    """False where no key is set. Raises NotAllowed for a file that the key did not sign, and where none can be read."""
    if ctx.verify is None:
        if text:
            raise Conflict(
                f"{upload.name} is not imported: it came with a signature, and no key is set that could show whose it "
                "is. Set ENGAGEMENT_CATALOGUE_KEY, or leave the signature out."
            )
        return False
    if not text:
        raise NotAllowed(
            f"{upload.name} is not imported: only signed files are taken, and it came without a signature.",
            next_steps=(_SIGN, f"{_STEP} --signature FILE.sig"),
        )
    try:
        is_signed = ctx.verify(upload.content, b64decode(text, validate=True))
    except (Error, ValueError) as error:
        raise UsageError(
            'signature: this is not base64. Write what "base64 -w0 FILE.sig" prints.',
            fields={"signature": "is not base64."},
        ) from error
    except CannotVerify as error:
        raise Conflict(f"{upload.name} is not imported: {error}. Nothing was saved.") from error
    if not is_signed:
        raise NotAllowed(
            f"{upload.name} is not imported: the signature is not of this file, or not by the key that is set. Nothing "
            "was saved."
        )
    return True


def _entries(upload: Upload) -> list[_Entry]:
    """Raises CommandError naming what is wrong."""
    try:
        document = tomllib.loads(upload.content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CommandError(f"{upload.name} is not imported: it is no TOML file: {error}.") from error
    if unknown := [name for name in document if name not in _KINDS]:
        raise CommandError(
            f"{upload.name} is not imported: [{unknown[0]}] is not read. There is [[regulation]] and [[framework]]."
        )
    stanzas = {kind: document.get(kind, []) for kind in _KINDS}
    if any(not isinstance(each, list) or not all(isinstance(one, dict) for one in each) for each in stanzas.values()):
        raise CommandError(f"{upload.name} is not imported: write [[regulation]] and [[framework]], with two brackets.")
    found = [own_regulation.USUAL | stanza for stanza in stanzas["regulation"]]
    entries = [_Entry(stanza, own_regulation.read(stanza)) for stanza in found]
    entries += [_Entry(*own_framework.read(stanza)) for stanza in stanzas["framework"]]
    if not entries:
        raise CommandError(f"{upload.name} is not imported: it has no [[regulation]] and no [[framework]].")
    keys = [(type(each.value), each.value.key) for each in entries]
    twice = next((key for kind, key in keys if keys.count((kind, key)) > 1), None)
    if twice is not None:
        raise CommandError(f"{upload.name} is not imported: {twice} is in it twice.")
    return entries


def _take_in(ctx: Context, entry: _Entry, *, is_dry: bool) -> Iterator[tuple[str, ...]]:
    """A row for each field that differs from what counted until now."""
    value, before = entry.value, _before(ctx, entry.value)
    differing = _differences(before, value) if before is not None else []
    if before is not None and not differing:
        yield value.key, _AS_IT_WAS, "", "", ""
        return
    if isinstance(value, Framework):
        refuse_known(known_frameworks(ctx.uow), value, own_framework.SHOW, but=value.key)
        was_own = _keep(ctx, ctx.uow.own_frameworks, OwnFramework, entry, is_dry=is_dry)
    else:
        refuse_known(known_regulations(ctx.uow), value, own_regulation.SHOW, but=value.key)
        was_own = _keep(ctx, ctx.uow.own_regulations, OwnRegulation, entry, is_dry=is_dry)
    if before is None:
        yield value.key, "new", "Title", "", value.title
        return
    what = "changed" if was_own else "counts in the place of the shipped entry"
    for name in differing:
        yield value.key, what, plain(name), _words(getattr(before, name)), _words(getattr(value, name))


def _before(ctx: Context, value: Regulation | Framework) -> Regulation | Framework | None:
    if isinstance(value, Framework):
        return known_frameworks(ctx.uow).get(value.key)
    return known_regulations(ctx.uow).by_key.get(value.key)


def _keep(ctx: Context, repository: VersionedRepository[Own], kind: type[Own], entry: _Entry, *, is_dry: bool) -> bool:
    """Whether there was one of the workspace's own before."""
    value, text = entry.value, stanza_text(entry.stanza)
    old = next((each for each in repository.current() if each.key == value.key), None)
    if is_dry:
        return old is not None
    if old is not None:
        replace_version(ctx, repository, old, {"title": value.title, "stanza": text})
    else:
        repository.record(kind(key=value.key, title=value.title, stanza=text, **stamp(ctx)))
    return old is not None


def _differences(before: Regulation | Framework, after: Regulation | Framework) -> list[str]:
    names = [each.name for each in fields(after) if each.name not in _UNSAID]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _words(value: Any) -> str:
    """A field as a person reads it."""
    if value is None or value in ((), ""):
        return "nothing"
    if isinstance(value, tuple):
        return "; ".join(map(_words, value))
    if isinstance(value, Period):
        return value.in_words
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, StrEnum):
        return plain(value)
    if is_dataclass(value):
        told = ((each.name, getattr(value, each.name)) for each in fields(value))
        return ", ".join(f"{plain(name)} {_words(each)}" for name, each in told if each not in (None, ()))
    return str(value)


COMMANDS = (
    Command(
        "catalogue", "import", import_file, Role.ADMIN, "Take entries in from a TOML file, after a preview",
        parameters=(
            Parameter("file", "a TOML file with [[regulation]] or [[framework]] stanzas", Kind.FILE),
            Parameter("signature", "what base64 prints of its signature, where a key is set"),
            Parameter("upload", "a file sent before, by its number", Kind.INTEGER),
            Parameter("confirm", "save it", Kind.YES_NO),
            Parameter("dry-run", "only say what would change", Kind.YES_NO),
        ),
        example="/engagement catalogue import",
    ),
)  # fmt: skip
