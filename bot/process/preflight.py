"""What can be wrong before anybody notices: settings, database, Slack, manifest."""

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from bot.process.rotation import app_of, try_app_token
from bot.runtime.config import ConfigError, Settings, SlackTokens, load_settings
from bot.slack.app import web_client
from bot.slack.identity import Team
from bot.slack.manifest import build_manifest
from bot.slack.surfaces import SLACK_FAILURES, reason
from commands.catalog import REGISTRY
from commands.grammar.people import why_absent
from commands.rules.text.phrases import join_names
from storage.catalog.sentences import EncoderUnavailable, encoder
from storage.database import Database, sqlite_file
from storage.errors import DatabaseUnavailable
from storage.records import Person, Role

_MANIFEST = Path("manifest.yml")
_ENV_FILE = Path(".env")
_PREFIXES = ("ENGAGEMENT_", "SLACK_")
# Names that other programs of Slack's use.
_OTHERS = frozenset({"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_CONFIG_DIR", "SLACK_TEAM_ID"})
_NEAR = 0.75
_ASSIGNED = re.compile(r"^\s*(?:export\s+)?([A-Za-z_]+)\s*=", re.MULTILINE)
_SECRET = re.compile(r"[0-9a-f]{32}")
_FEW = 3


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    is_ok: bool
    words: str


_NO_ADMIN = Finding(
    "admins", False, "nobody is admin, so nobody can give roles. Set ENGAGEMENT_ADMINS to your Slack user id"
)


def run() -> tuple[Finding, ...]:
    """All findings, in order; the later ones are left out when the settings cannot be read."""
    try:
        settings = load_settings()
    except ConfigError as error:
        wrong = (Finding("settings", False, line) for line in str(error).split("\n"))
        return (*wrong, *(each for each in (_names(),) if not each.is_ok))
    manifest = _manifest(settings.command_prefix)
    database = _database(settings)
    people = _people(settings) if database.is_ok else ()
    teams = _teams(settings) if database.is_ok else {}
    return (
        _names(settings),
        *_not_tokens(settings.tokens_file),
        database,
        *people,
        _encoder(),
        *_slack(settings, teams),
        *_door(settings),
        manifest,
    )


def _names(settings: Settings | None = None) -> Finding:
    """Settings whose names are none of ours: what they say is not heard."""
    ours = {str(field.validation_alias) for field in Settings.model_fields.values()}
    tokens = settings.tokens_file if settings is not None else None
    unknown = sorted(
        name for name in _set_names(tokens) if name.startswith(_PREFIXES) and name not in {*ours, *_OTHERS}
    )
    if not unknown:
        return Finding("settings", True, "read")
    found = difflib.get_close_matches(unknown[0], sorted(ours), 1, _NEAR)
    meant = f" Did you mean {found[0]}?" if found else ""
    names = ", ".join(unknown)
    return Finding("settings", False, f"{names}: no such setting, so it does nothing.{meant}")


def _set_names(tokens: Path | None) -> set[str]:
    files = (each for each in (_ENV_FILE, tokens) if each is not None)
    return {name.upper() for name in os.environ}.union(*map(_names_in, files))


def _names_in(file: Path) -> set[str]:
    """The names that a file of settings assigns to."""
    written = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
    return {name.upper() for name in _ASSIGNED.findall(written)}


def _not_tokens(path: Path | None) -> tuple[Finding, ...]:
    """Settings of ours in the file of tokens, which are read from elsewhere alone."""
    if path is None:
        return ()
    tokens = {str(field.validation_alias) for field in SlackTokens.model_fields.values()}
    ours = {str(field.validation_alias) for field in Settings.model_fields.values()} - tokens
    found = sorted(name for name in _names_in(path) if name in ours)
    if not found:
        return ()
    does = "they do" if len(found) > 1 else "it does"
    words = (
        f"{', '.join(found)} in {path}: only tokens are read from there, so {does} nothing. Set it where the others are"
    )
    return (Finding("tokens file", False, words),)


def _people(settings: Settings) -> tuple[Finding, ...]:
    """Whether somebody is admin, and whether those with a role or with clients are still here, as Slack said last."""
    database = Database(settings.database_url)
    try:
        if (schema := database.current()) is None:  # nothing is on record yet
            return () if settings.admins else (_NO_ADMIN,)
        if schema != database.newest():  # it is looked at, not brought up to date
            return ()
        with database.workspaces() as workspaces:
            known = workspaces.list()
        found: list[Finding] = []
        granted = False
        for workspace in known:
            with database.open_unit(workspace.id, writes=False) as uow:
                roles, clients = uow.roles.list(), uow.clients.list()
                granted = granted or any(each.role is Role.ADMIN for each in roles)
                users = {each.user for each in roles} | {client.owner for client in clients if client.owner}
                away = {user: each for user, each in uow.people.of(sorted(users)).items() if each.absence}
            found += [
                Finding("roles", False, f"{_called(away[each.user])} is {each.role.value}, but {_why(away[each.user])}")
                for each in roles
                if each.user in away
            ]
            for user, person in sorted(away.items()):
                if mine := [client.name for client in clients if client.owner == user]:
                    words = f"{_called(person)} answers for {join_names(mine, _FEW)}, but {_why(person)}"
                    found.append(Finding("owners", False, words))
    finally:
        database.close()
    if not settings.admins and not granted:
        return (_NO_ADMIN, *found)
    return (Finding("admins", True, "set"), *found)


def _called(person: Person) -> str:
    return person.name or person.user


def _why(person: Person) -> str:
    return why_absent(person.absence) if person.absence else ""


def _database(settings: Settings) -> Finding:
    try:
        database = Database(settings.database_url)
        try:
            database.ping()
            is_current = database.current() == database.newest()
        finally:
            database.close()
    except ValueError as error:
        return Finding("database", False, str(error).partition("\n")[0])
    except DatabaseUnavailable:
        return Finding("database", False, _unreachable(settings.database_url))
    if is_current:
        return Finding("database", True, f"answers, schema {database.newest()}")
    if database.is_sqlite:
        return Finding("database", True, "answers; the schema is brought up to date at the next start")
    return Finding("database", False, "answers, but the schema is not this release's. Run: engagement-bot db upgrade")


def _unreachable(url: str) -> str:
    """Where it was looked for, without a password and without the driver's words."""
    place = urlsplit(url)
    if path := sqlite_file(url):
        return f"{path} cannot be opened. Does its folder exist, and may this user write there?"
    where = f"{place.hostname or 'this machine'}{f':{place.port}' if place.port else ''}"
    name, user = place.path.strip("/"), place.username or "nobody"
    return f"no connection to {name} at {where} as {user}. Is it running, and are name, user and password right?"


def _encoder() -> Finding:
    try:
        encoder()
    except EncoderUnavailable as error:
        words = (
            f"{error}. Questions are answered by their words alone, and more often not at all; promises that nobody "
            "can keep are found by their phrases alone"
        )
        return Finding("sentence encoder", False, words)
    return Finding("sentence encoder", True, "loaded")


def _teams(settings: Settings) -> dict[str, str]:
    """The workspaces of Slack whose records are here, by id, with their names."""
    database = Database(settings.database_url)
    try:
        if database.current() != database.newest():
            return {}
        with database.workspaces() as workspaces:
            return {each.slack_id: each.name for each in workspaces.list() if each.slack_id}
    finally:
        database.close()


def _slack(settings: Settings, teams: Mapping[str, str]) -> tuple[Finding, ...]:
    if not settings.slack_bot_token:
        return (Finding("slack", False, "SLACK_BOT_TOKEN is not set. See the README, Connect to Slack."),)
    client = web_client(settings)
    try:
        team = Team.of(client)
    except SLACK_FAILURES as error:
        return (Finding("slack", False, f"{client.base_url} does not accept the token: {reason(error)}"),)
    found = Finding("slack", True, f"connected to {team.name} ({team.id})")
    if teams and team.id not in teams:
        names = join_names([f"{name or each} ({each})" for each, name in teams.items()], _FEW)
        words = f"the token is for {team.name} ({team.id}), and the records here are those of {names}"
        found = Finding("slack", False, f"{words}. Right only before the first start for {team.name}")
    return (found, *_socket_mode(settings, team))


def _socket_mode(settings: Settings, team: Team) -> tuple[Finding, ...]:
    """Whether a connection would be made; nothing where HTTP is used."""
    token = settings.slack_app_token
    if not token:
        return ()
    try:
        if team.app_id and app_of(token) not in (None, team.app_id):
            return (Finding("socket mode", False, "SLACK_APP_TOKEN is another app's than SLACK_BOT_TOKEN"),)
        try_app_token(settings, token)
    except SLACK_FAILURES as error:
        return (Finding("socket mode", False, f"Slack does not accept SLACK_APP_TOKEN: {reason(error)}"),)
    return (Finding("socket mode", True, "Slack gives an address to connect to"),)


def _door(settings: Settings) -> tuple[Finding, ...]:
    """Whether Slack can reach the bot at all, and whether the secret is one: only Slack's requests can prove it."""
    secret = settings.slack_signing_secret
    if not secret and not settings.slack_app_token:
        words = "neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (run --http) is set: one is needed"
        return (Finding("slack", False, words),)
    if secret and not _SECRET.fullmatch(secret):
        words = (
            "SLACK_SIGNING_SECRET is not 32 digits of 0-9 and a-f. Copy Signing Secret, not Client Secret, from "
            "Basic Information"
        )
        return (Finding("signing secret", False, words),)
    return ()


def _manifest(prefix: str) -> Finding:
    if not _MANIFEST.exists():
        return Finding("manifest", True, "not beside the bot; print it with: engagement-bot manifest")
    try:
        found = yaml.safe_load(_MANIFEST.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        return Finding("manifest", False, "manifest.yml cannot be read as YAML")
    if found == build_manifest(REGISTRY, prefix=prefix):
        return Finding("manifest", True, "manifest.yml says what the bot does")
    return Finding("manifest", False, "manifest.yml differs. Write it again: engagement-bot manifest > manifest.yml")
