"""What can be wrong before anybody notices: settings, database, Slack, manifest."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.runtime.config import ConfigError, Settings, load_settings
from bot.slack.app import web_client
from bot.slack.identity import Team
from bot.slack.manifest import build_manifest
from bot.slack.surfaces import SLACK_FAILURES, reason
from commands.catalog import REGISTRY
from storage.catalog.sentences import EncoderUnavailable, encoder
from storage.database import Database
from storage.errors import DatabaseUnavailable

_MANIFEST = Path("manifest.yml")


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    is_ok: bool
    words: str


def run() -> tuple[Finding, ...]:
    """All findings, in order; the later ones are left out when the settings cannot be read."""
    try:
        settings = load_settings()
    except ConfigError as error:
        return (Finding("settings", False, str(error).replace("\n", " ")),)
    manifest = _manifest(settings.command_prefix)
    return (Finding("settings", True, "read"), _database(settings), _encoder(), _slack(settings), manifest)


def _database(settings: Settings) -> Finding:
    try:
        database = Database(settings.database_url)
        try:
            database.ping()
            is_current = database.current() == database.newest()
        finally:
            database.close()
    except (DatabaseUnavailable, ValueError) as error:
        return Finding("database", False, str(error))
    if is_current:
        return Finding("database", True, f"answers, schema {database.newest()}")
    if database.is_sqlite:
        return Finding("database", True, "answers; the schema is brought up to date at the next start")
    return Finding("database", False, "answers, but the schema is not this release's. Run: engagement-bot db upgrade")


def _encoder() -> Finding:
    try:
        encoder()
    except EncoderUnavailable as error:
        words = f"{error}. Questions are answered by their words alone, and more often not at all"
        return Finding("sentence encoder", False, words)
    return Finding("sentence encoder", True, "loaded")


def _slack(settings: Settings) -> Finding:
    if not settings.slack_bot_token:
        return Finding("slack", False, "SLACK_BOT_TOKEN is not set. See the README, Connect to Slack.")
    client = web_client(settings)
    try:
        team = Team.of(client)
    except SLACK_FAILURES as error:
        return Finding("slack", False, f"{client.base_url} does not accept the token: {reason(error)}")
    return Finding("slack", True, f"connected to {team.name} ({team.id})")


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
