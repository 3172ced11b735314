"""Running the bot: run, demo, check, manifest."""

import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.session import OUT_OF_REACH, REFUSED, exit_with_message, instant
from bot.console.demo import run_demo
from bot.process import preflight
from bot.process.run import run_bot, run_workers
from bot.runtime.config import command_prefix, host_and_port, load_settings
from bot.runtime.log import start_logging
from bot.slack.manifest import as_yaml, build_manifest
from bot.web.bundle import BundleBroken
from bot.web.run import run_page
from commands.catalog import REGISTRY
from commands.errors import CommandError, UsageError


def register(app: typer.Typer) -> None:
    app.command("run")(run)
    app.command("demo")(demo)
    app.command("check")(check)
    app.command("manifest")(manifest)


def run(
    http: Annotated[
        str | None, typer.Option("--http", help="Serve Slack's requests on HOST:PORT instead of Socket Mode.")
    ] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="With --http: how many processes serve it. More than 1 need PostgreSQL.")
    ] = 1,
) -> None:
    """Run the bot until SIGTERM, over Socket Mode or, with --http, over HTTP."""
    with exit_with_message():
        settings = load_settings()
        start_logging(settings.log_level, form=settings.log_format)
        address = _address(http) if http else None
        if workers > 1:
            raise typer.Exit(run_workers(settings, address, workers, _exit_code))
        run_bot(settings, address)


def _exit_code(act: Callable[[], None]) -> int:
    try:
        with exit_with_message():
            act()
    except typer.Exit as ended:
        return ended.exit_code
    return 0


def demo(
    script: Annotated[Path | None, typer.Option(help="Run the lines of this file instead of asking.")] = None,
    now: Annotated[str | None, typer.Option(help="Start the clock at this instant, such as 2026-03-02T15:00Z.")] = None,
    web: Annotated[bool, typer.Option("--web", help="Show it on a page that looks like Slack.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="With --web: the page's port; 0 is any free one.")] = 0,
) -> None:
    """Try the bot without Slack: two invented clients in a temporary database."""
    with exit_with_message():
        start = instant(now) if now else None
        if web:
            if script is not None:
                raise UsageError("--script is for the terminal, --web for a browser: give one of them.")
            _show_page(start, port)
            return
        if script is None:
            raise typer.Exit(run_demo(script=None if sys.stdin.isatty() else sys.stdin, now=start))
        try:
            with script.open(encoding="utf-8") as lines:
                raise typer.Exit(run_demo(script=lines, now=start))
        except OSError as error:
            raise UsageError(f"Cannot read {script}: {error.strerror}.") from error


def _show_page(start: datetime | None, port: int) -> None:
    try:
        run_page(start, port, typer.echo)
    except BundleBroken as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"The page cannot be served on port {port}: {error.strerror}.") from error


def check() -> None:
    """Check settings, database, Slack and manifest; one line each. Exit code 3 when something is wrong."""
    findings = preflight.run()
    for finding in findings:
        typer.echo(f"{'ok' if finding.is_ok else 'WRONG':5}  {finding.subject}: {finding.words}")
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(OUT_OF_REACH)


def manifest(
    mode: Annotated[str, typer.Option(help="socket or http.")] = "socket",
    url: Annotated[str | None, typer.Option(help="For http: the bot's public address, https://...")] = None,
    prefix: Annotated[
        str, typer.Option(help="Before every slash command: msp makes /msp-scope. Set ENGAGEMENT_COMMAND_PREFIX too.")
    ] = "",
) -> None:
    """Print the Slack app manifest."""
    try:
        made = build_manifest(REGISTRY, mode=mode, url=url, prefix=command_prefix(prefix))
        typer.echo(as_yaml(made), nl=False)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from None


def _address(text: str) -> tuple[str, int]:
    try:
        return host_and_port(text)
    except ValueError as error:
        raise UsageError(f"--http {error}.") from None
