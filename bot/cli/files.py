"""`import` and `export`: spreadsheets in and out."""

import re
import sys
from base64 import b64encode
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.archive import export_all, import_all
from bot.cli.session import exit_with_message, print_reply, progress, save_file, session
from commands.command import Upload
from commands.errors import CommandError, NeedsYes, UsageError
from commands.grammar.words import command_line
from commands.reply import File, Reply

_File = Annotated[Path, typer.Argument(help="A CSV or XLSX file.")]
_Client = Annotated[str, typer.Option("--client", help="The client's name or alias.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Let it end what the file says, or leaves out.")]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
_Sheet = Annotated[str | None, typer.Option(help="The sheet, by name or number.")]
_HeaderRow = Annotated[int | None, typer.Option(help="The row with the column titles.")]
_Columns = Annotated[list[str] | None, typer.Option("--column", help="Which column is what: name=Organisation.")]
_Values = Annotated[list[str] | None, typer.Option("--value", help='What a word means: "Managed Services=sow".')]
_Dates = Annotated[str | None, typer.Option(help='Which number comes first in dates: "day first", "month first".')]
_Skip = Annotated[list[int] | None, typer.Option(help="A row to leave out.")]
_Accept = Annotated[bool, typer.Option("--accept", help="Take the proposed readings.")]
_Fresh = Annotated[bool, typer.Option("--fresh", help="Forget what was said about this layout before.")]
_TABLE_STEPS = ("Add --accept to take the proposed readings, --yes to let end what the file ends too.",)
_TYPED = re.compile(
    r"(?<![\w-])(?P<name>value|column|unit|dates|skip|party|sheet|header-row|accept|fresh|hidden|expand|proposed|as-signed)"
    r":(?P<yes>yes\b)?(?=\S|(?<=yes))"
)
_LARGEST = 64_000_000


def register(app: typer.Typer) -> None:
    importing = typer.Typer(
        no_args_is_help=True, help="Read a matrix, clients, agreements or a framework; or everything."
    )
    importing.command("matrix")(import_matrix)
    importing.command("clients")(import_clients)
    importing.command("agreements")(import_agreements)
    importing.command("framework")(import_framework)
    importing.command("catalogue")(import_catalogue)
    importing.command("all")(import_all)
    exporting = typer.Typer(no_args_is_help=True, help="Write files that can be imported again.")
    exporting.command("matrix")(export_matrix)
    exporting.command("clients")(export_clients)
    exporting.command("agreements")(export_agreements)
    exporting.command("all")(export_all)
    app.add_typer(importing, name="import")
    app.add_typer(exporting, name="export")


def import_matrix(
    file: _File,
    client: _Client,
    agreement: Annotated[str, typer.Option("--agreement", help="The agreement's reference.")],
    dry_run: _DryRun = False,
    sheet: Annotated[str | None, typer.Option(help="The sheet, by name or number; * for all that look alike.")] = None,
    header_row: Annotated[int | None, typer.Option(help="The row with the column titles.")] = None,
    column: Annotated[list[str] | None, typer.Option(help="Which column is what: item=B.")] = None,
    party: Annotated[list[str] | None, typer.Option(help='What a word means: "3P=third_party".')] = None,
    skip: Annotated[list[int] | None, typer.Option(help="A row to leave out.")] = None,
    hidden: Annotated[bool, typer.Option("--hidden", help="Read hidden sheets and columns too.")] = False,
    expand: Annotated[bool, typer.Option("--expand", help="Turn a grid of resources and duties into rows.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Take the proposed readings.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what was said about this layout before.")] = False,
    keep_missing: Annotated[bool, typer.Option("--keep-missing", help="Keep rows the file does not have.")] = False,
    since: Annotated[str | None, typer.Option(help="The first day the changes apply.")] = None,
    as_signed: Annotated[bool, typer.Option("--as-signed", help="You attest: the signed paper says it all.")] = False,
    proposed: Annotated[bool, typer.Option("--proposed", help="It is new: not agreed until signed.")] = False,
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Read a responsibility matrix into an agreement: all of it, or nothing."""
    flags = {
        "hidden": hidden,
        "expand": expand,
        "accept": accept,
        "fresh": fresh,
        "dry_run": dry_run,
        "as_signed": as_signed,
        "proposed": proposed,
    }
    text = command_line(
        "matrix import", client=client, agreement=agreement, confirm="yes", sheet=sheet, header_row=header_row,
        column=tuple(column or ()), party=tuple(party or ()), skip=tuple(skip or ()), since=since,
        retire="no" if keep_missing else None,
        **{name: "yes" for name, is_set in flags.items() if is_set},
    )  # fmt: skip
    steps = ("Add --yes to end them, or --keep-missing to keep them.",)
    _send(text, file, as_json=as_json, yes=yes, steps=steps)


def import_clients(
    file: _File,
    dry_run: _DryRun = False,
    separate: Annotated[bool, typer.Option("--separate", help="Names nearly the same are different clients.")] = False,
    sheet: _Sheet = None,
    header_row: _HeaderRow = None,
    column: _Columns = None,
    value: _Values = None,
    dates: _Dates = None,
    skip: _Skip = None,
    accept: _Accept = False,
    fresh: _Fresh = False,
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Read clients, one a row: name, aliases, owner, time zone..."""
    flags = {"dry_run": dry_run, "separate": separate, "accept": accept, "fresh": fresh}
    text = command_line(
        "client import", confirm="yes", sheet=sheet, header_row=header_row, column=tuple(column or ()),
        value=tuple(value or ()), dates=dates, skip=tuple(skip or ()),
        **{name: "yes" for name, is_set in flags.items() if is_set},
    )  # fmt: skip
    _send(text, file, as_json=as_json, yes=yes, steps=_TABLE_STEPS)


def import_agreements(
    file: _File,
    dry_run: _DryRun = False,
    sheet: _Sheet = None,
    header_row: _HeaderRow = None,
    column: _Columns = None,
    value: _Values = None,
    unit: Annotated[list[str] | None, typer.Option(help="What a column of numbers counts: notice=days.")] = None,
    dates: _Dates = None,
    skip: _Skip = None,
    accept: _Accept = False,
    fresh: _Fresh = False,
    yes: _Yes = False,
    as_json: _Json = False,
) -> None:
    """Read agreements, one a row: client, reference, kind, effective, signed, initial term, renewal, notice..."""
    flags = {"dry_run": dry_run, "accept": accept, "fresh": fresh}
    text = command_line(
        "agreement import", confirm="yes", sheet=sheet, header_row=header_row, column=tuple(column or ()),
        value=tuple(value or ()), unit=tuple(unit or ()), dates=dates, skip=tuple(skip or ()),
        **{name: "yes" for name, is_set in flags.items() if is_set},
    )  # fmt: skip
    _send(text, file, as_json=as_json, yes=yes, steps=_TABLE_STEPS)


def import_framework(
    file: Annotated[Path, typer.Argument(help="An OSCAL catalogue in JSON.")],
    family: Annotated[
        str | None, typer.Option(help="Which framework, such as nist-csf, if its title does not say.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="What to call this version, if not what the file says.")] = None,
    as_json: _Json = False,
) -> None:
    """Read a framework's catalogue, and say what it changes against the version before it."""
    _send(command_line("framework import", family=family, version=version), file, as_json=as_json)


def import_catalogue(
    file: Annotated[Path, typer.Argument(help="A TOML file with [[regulation]] or [[framework]] stanzas.")],
    signature: Annotated[
        Path | None, typer.Option(help="Its signature by the key that is set; FILE.sig if that is there.")
    ] = None,
    dry_run: _DryRun = False,
    yes: Annotated[bool, typer.Option("--yes", help="Save it without asking.")] = False,
    as_json: _Json = False,
) -> None:
    """Take regulations and frameworks into the catalogue: new ones, and newer ones in the place of what is shipped.

    What differs is shown first; nothing is saved before somebody says yes.
    """
    with exit_with_message(as_json=as_json):
        upload = Upload(file.name, _content(file))
        beside = file.with_name(f"{file.name}.sig")
        signed_in = signature or (beside if beside.is_file() else None)
        signed = b64encode(_content(signed_in)).decode() if signed_in else None
    if dry_run or not (yes or as_json):
        shown = _send_upload(command_line("catalogue import", signature=signed, dry_run="yes"), upload, as_json=as_json)
        if dry_run or not shown.data["changed"]:
            return
    with exit_with_message(as_json=as_json):
        if not yes and (as_json or not sys.stdin.isatty() or not typer.confirm("Save this?", err=True)):
            raise NeedsYes(
                f"{file.name}: nothing was saved.", next_steps=("See what differs: --dry-run", "Save it: --yes")
            )
    _send_upload(command_line("catalogue import", signature=signed, confirm="yes"), upload, as_json=as_json, yes=True)


_Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; its own name if left out.")]
_Format = Annotated[str, typer.Option("--format", help="csv or xlsx.")]


def export_matrix(
    client: _Client,
    agreement: Annotated[str | None, typer.Option("--agreement", help="Only this agreement.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Only what applied on this day.")] = None,
    known_at: Annotated[str | None, typer.Option("--known-at", help="As our records stood after this day.")] = None,
    output: _Output = None,
    file_format: _Format = "xlsx",
) -> None:
    """Write a client's matrix."""
    options = {"agreement": agreement, "as-of": as_of, "known-at": known_at}
    _receive("matrix export", output, file_format, client=client, **options)


def export_clients(output: _Output = None, file_format: _Format = "xlsx") -> None:
    """Write all clients."""
    _receive("client export", output, file_format)


def export_agreements(output: _Output = None, file_format: _Format = "xlsx") -> None:
    """Write all agreements."""
    _receive("agreement export", output, file_format)


_STEPS = ("Add --yes to do it.",)


def _send(text: str, file: Path, *, as_json: bool, yes: bool = False, steps: tuple[str, ...] = _STEPS) -> None:
    """`steps` are what to type instead where a yes is missing."""
    with exit_with_message(as_json=as_json):
        upload = Upload(file.name, _content(file))
    _send_upload(text, upload, as_json=as_json, yes=yes, steps=steps)


def _send_upload(
    text: str, upload: Upload, *, as_json: bool, yes: bool = False, steps: tuple[str, ...] = _STEPS
) -> Reply:
    with exit_with_message(as_json=as_json), session(as_json=as_json) as opened:
        request = opened.request(text, uploads=(upload,), is_confirmed=yes, progress=progress())
        try:
            reply = opened.run(request)
        except CommandError as error:
            if isinstance(error, NeedsYes):
                error.next_steps = steps
            if not as_json:
                error.message = as_options(error.message)
                error.next_steps = (*error.next_steps, *map(_written, error.files))
            raise
        print_reply(reply, as_json=as_json, say=as_options)
        return reply


def _written(file: File) -> str:
    """Where the file is, or why it is not there."""
    try:
        return f"{file.title}: {save_file(file, None)}"
    except CommandError as error:
        return f"{file.title} could not be written: {error.message}"


def as_options(text: str) -> str:
    """What can be typed after a command's name, as options of the command line; whole commands stay as they are."""
    return "\n".join(line if "/engagement " in line else _TYPED.sub(_option, line) for line in text.split("\n"))


def _option(found: re.Match[str]) -> str:
    name = found["name"]
    return f"--{name}" if found["yes"] else f"--{name} "


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise UsageError(f"{file} has more than {_LARGEST // 1_000_000} MB.")
        return file.read_bytes()
    except OSError as error:
        raise UsageError(f"Cannot read {file}: {error.strerror}.") from error


def _receive(name: str, output: Path | None, file_format: str, **options: object) -> None:
    if output is not None and output.suffix.lower() in (".csv", ".xlsx"):
        file_format = output.suffix[1:].lower()
    with session() as opened:
        reply = opened.run(opened.request(command_line(name, **options, format=file_format)))
        for file in reply.files:
            said = " ".join((reply.headline, *reply.lines))
            typer.echo(f"{said} Written: {save_file(file, output)}")
