"""`terms`: where an agreement with these terms stands on a day. `remind`: one round of reminders at an instant."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import typer

from bot.cli.session import Session, exit_with_message, instant, print_json, print_reply, readable, session
from bot.jobs.jobs import Jobs, Report, jobs_for
from bot.jobs.notifier import SlackMessenger
from bot.process.connection import jobs_through, reach
from bot.runtime.config import ConfigError
from bot.runtime.errors import SlackUnreachable
from bot.runtime.wiring import utc_now
from bot.slack.app import web_client
from bot.slack.identity import People
from commands.errors import UsageError
from commands.rules.agreements.renewals import EndConvention, standing
from commands.rules.agreements.standing import Standing
from commands.rules.dates.business_days import business_calendar
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted, plain
from commands.visibility import restrictions
from storage.records import Agreement, AgreementStatus, NoticeMethod, NoticeTo, Period, RenewalMode, TermKind

_JSON = typer.Option("--json", help="Print JSON instead of text.")


def register(app: typer.Typer) -> None:
    app.command("terms")(terms)
    app.command("remind")(remind)


def terms(
    effective: Annotated[str | None, typer.Option(help="The first day it applies, such as 2026-04-01.")] = None,
    initial_term: Annotated[str | None, typer.Option(help="How long the first term is: 36m, 1y, 90d.")] = None,
    ends: Annotated[str | None, typer.Option(help="The last day of the first term, if a date is stated.")] = None,
    term: Annotated[TermKind, typer.Option(help="How it runs.")] = TermKind.FIXED,
    renewal: Annotated[RenewalMode | None, typer.Option(help="What happens at the end of a term.")] = None,
    renewal_term: Annotated[str | None, typer.Option(help="How long each renewal is: 12m.")] = None,
    max_renewals: Annotated[int | None, typer.Option(help="How often it may renew.")] = None,
    notice: Annotated[str | None, typer.Option(help="The notice not to renew: 60d, 10bd, 3m.")] = None,
    notice_window: Annotated[
        str | None, typer.Option(help="How long before the end notice may first be given: 90d.")
    ] = None,
    notice_to: Annotated[
        NoticeTo | None, typer.Option(help="The calendar period whose end notice ends it on, if the paper says so.")
    ] = None,
    notice_method: Annotated[NoticeMethod | None, typer.Option(help="How notice must be sent.")] = None,
    end: Annotated[
        EndConvention, typer.Option(help="Whether the day that the paper calls the end still belongs to the term.")
    ] = EndConvention.INCLUSIVE,
    country: Annotated[str | None, typer.Option(help="Whose holidays count: US, GB.")] = None,
    subdivision: Annotated[str | None, typer.Option(help="And of which part of it: TX, ENG.")] = None,
    today: Annotated[str | None, typer.Option(help="The day to look at; today if left out.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Where an agreement with these terms stands: its current term, and the last day to give notice."""
    with exit_with_message(as_json=as_json):
        signed = _day(effective, "--effective")
        try:
            agreement = Agreement(
                client_id=0, reference="terms", status=AgreementStatus.EXECUTED, effective_on=signed, term_kind=term,
                msp_signed_on=signed, client_signed_on=signed, initial_term=_period(initial_term, "--initial-term"),
                initial_end_on=_day(ends, "--ends"), renewal=renewal, max_renewals=max_renewals,
                renewal_term=_period(renewal_term, "--renewal-term"), notice=_period(notice, "--notice"),
                notice_window=_period(notice_window, "--notice-window"), notice_to=notice_to,
                notice_method=notice_method,
            )  # fmt: skip
        except ValueError as error:
            raise UsageError(f"These terms cannot be: {error}") from None
        day = _day(today, "--today") or utc_now().date()
        found = standing(agreement, day, business_calendar(country, subdivision), end=end)
        if as_json:
            print_json(_as_data(found))
            return
        for name, value in _as_data(found).items():
            shown = ", ".join(value) if isinstance(value, list) else value
            typer.echo(f"{plain(name):18} {'-' if shown in (None, '') else shown}")
        for assumption in found.assumptions:
            typer.echo(f"Note: {assumption}")


def remind(
    now: Annotated[str | None, typer.Option(help="The instant, such as 2026-03-02T15:00Z; now if left out.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; send and keep nothing.")] = False,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Plan and send once what is due at an instant, as the running bot does."""
    with exit_with_message(as_json=as_json):
        at = instant(now) if now else utc_now()
        with session(clock=lambda: at) as opened:
            report = _rehearse(opened) if dry_run else _round(opened)
            _print(report, as_json=as_json, is_rehearsal=dry_run)


def _round(opened: Session) -> Report:
    if not opened.runtime.settings.slack_bot_token:
        raise ConfigError("SLACK_BOT_TOKEN: not set, so nothing can be sent. With --dry-run it is not needed.")
    return _connected(opened).whole_round()


def _connected(opened: Session) -> Jobs:
    client, team = reach(opened.runtime)
    return jobs_through(opened.runtime, opened.workspace_id, client, team, People(client, team))


def _rehearse(opened: Session) -> Report:
    """Where Slack can be asked, with the members of its user groups; else nobody counts as a member, which is said."""
    try:
        return _connected(opened).rehearse() if opened.runtime.settings.slack_bot_token else _alone(opened)
    except SlackUnreachable as error:
        return _alone(opened, str(error))


def _alone(opened: Session, why: str = "SLACK_BOT_TOKEN is not set.") -> Report:
    client = web_client(opened.runtime.settings)
    report = jobs_for(opened.runtime, opened.workspace_id, SlackMessenger(client)).rehearse()
    with opened.runtime.dispatcher.open_unit(opened.workspace_id, writes=False) as uow:
        is_by_group = any(each.groups for each in restrictions(uow).values())
    if not is_by_group:
        return report
    note = f"Who is in a user group is not known here, so members may get more than is shown: {why}"
    return replace(report, problems=(*report.problems, note))


def _print(report: Report, *, as_json: bool, is_rehearsal: bool) -> None:
    if as_json:
        print_json(
            {
                "planned": report.planned,
                "sent": report.sent,
                "deferred": report.deferred,
                "askers_told": report.told,
                "problems": list(report.problems),
                "digests": [{"to": user, "text": reply.headline, **reply.data} for user, reply in report.digests],
            }
        )
        return
    would = "would be " if is_rehearsal else ""
    typer.echo(f"{report.planned} {would}planned, {report.sent} {would}sent, {report.deferred} {would}deferred.")
    if report.told:
        typer.echo(f"{counted(report.told, 'message')} {would}sent about settled questions and changed answers.")
    for problem in report.problems:
        typer.echo(f"Problem: {problem}")
    for user, reply in report.digests:
        typer.echo(f"\nMonday's digest {would}sent to {readable(as_person(user))}:")
        print_reply(reply, as_json=False)


def _as_data(found: Standing) -> dict[str, Any]:
    return {
        "status": found.status.value,
        "term_start": _iso(found.term_start),
        "term_end": _iso(found.term_end),
        "renewals_so_far": found.renewals_so_far,
        "notice_opens": _iso(found.notice_opens),
        "notice_deadline": _iso(found.notice_deadline),
        "send_by": _iso(found.send_by),
        "missing": list(found.missing),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(f'{option} "{text}" is not a date. Write for example 2026-04-01.') from None


def _period(text: str | None, option: str) -> Period | None:
    try:
        return Period.parse(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option} {error}") from None
