"""`service`: the bot as a systemd service: install, uninstall, status."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import OUT_OF_REACH, exit_with_message
from bot.process.systemd import (
    Place,
    Step,
    install_steps,
    missing_settings,
    problems,
    status,
    uninstall_steps,
    wrong_names,
    wrong_user,
)
from commands.errors import CommandError, UsageError

_User = Annotated[str, typer.Option("--user", help="The system user it runs as; made where it is not there.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Do it without asking.")]
_Root = Annotated[Path, typer.Option("--root", help="Another directory than /, for an image: only files are written.")]
_Program = Annotated[Path | None, typer.Option("--program", help="The engagement-bot to run; this one if left out.")]


def register(app: typer.Typer) -> None:
    service = typer.Typer(no_args_is_help=True, help="The bot as a systemd service: install, uninstall, status.")
    service.command("install")(install)
    service.command("uninstall")(uninstall)
    service.command("status")(show_status)
    app.add_typer(service, name="service")


def install(
    user: _User = "engagement", program: _Program = None, dry_run: _DryRun = False, yes: _Yes = False,
    root: _Root = Path("/"),
) -> None:  # fmt: skip
    """Make the user, the file for the settings and the unit; start it once the settings are filled in."""
    with exit_with_message():
        place = _place(user, program, root)
        found = list(problems(place, is_root=os.geteuid() == 0))
        if (found and not dry_run) or list(wrong_names(place)):
            raise UsageError("\n".join(found))
        _carry_out(list(install_steps(place)), dry_run=dry_run, yes=yes, nothing="It is installed already.")
        for line in found:
            typer.echo(f"Before that: {line}")
        if (missing := missing_settings(place)) and not dry_run:
            typer.echo(f"Fill in {place.settings} ({', '.join(missing)}), then: systemctl start engagement-bot")


def uninstall(user: _User = "engagement", dry_run: _DryRun = False, yes: _Yes = False, root: _Root = Path("/")) -> None:
    """Stop the bot and remove the unit. Settings, records and the user stay."""
    with exit_with_message():
        place = _place(user, None, root)
        if wrong := list(wrong_user(place)):
            raise UsageError("\n".join(wrong))
        if not dry_run and not place.is_image and os.geteuid() != 0:
            raise UsageError("Only root can remove a service. Run it with sudo, or look first: --dry-run")
        _carry_out(list(uninstall_steps(place)), dry_run=dry_run, yes=yes, nothing="It is not installed.")
        typer.echo(
            f"Kept: {place.settings} and {place.state}, with the records. Remove them by hand when you are sure."
        )


def show_status(user: _User = "engagement", program: _Program = None, root: _Root = Path("/")) -> None:
    """Whether it is installed, filled in and running, one line each. Exit code 3 when something is wrong."""
    found = list(status(_place(user, program, root)))
    for each in found:
        typer.echo(f"{'ok' if each.is_ok else 'PROBLEM':8}{each.subject}: {each.words}")
    if not all(each.is_ok for each in found):
        raise typer.Exit(OUT_OF_REACH)


def _place(user: str, program: Path | None, root: Path) -> Place:
    own = Path(sys.prefix) / "bin" / "engagement-bot"
    return Place((program or own).absolute(), user, root.absolute())


def _carry_out(steps: Sequence[Step], *, dry_run: bool, yes: bool, nothing: str) -> None:
    """Say the steps, ask, and do them one after another; the first that fails is the last. Raises CommandError."""
    if not steps:
        typer.echo(nothing)
        return
    typer.echo("This would be done:" if dry_run else "This will be done:")
    for number, step in enumerate(steps, 1):
        typer.echo(f"  {number}. {step.words}")
    if dry_run:
        return
    if not yes and not typer.confirm("Do it?"):
        raise CommandError("Nothing was done.")
    for number, step in enumerate(steps, 1):
        try:
            step.act()
        except (OSError, ValueError) as error:
            raise CommandError(
                f"Step {number} of {len(steps)} failed: {error}", next_steps=("Mend that, and run it again: what is "
                "done is not done twice.",)
            ) from error  # fmt: skip
    typer.echo("Done.")
