"""The composition root: from settings to a runtime. Nothing else constructs what the commands work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.runtime import terms_fetch
from bot.runtime.config import ConfigError, Settings
from bot.runtime.signatures import verifier
from commands.catalog import REGISTRY
from commands.checks.counsel import unknown_marks
from commands.dispatching.dispatcher import Dispatcher
from commands.matrix_cache import Matrices
from commands.meanings import shipped_meanings
from storage.database import Database

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Runtime:
    """Everything a front end needs. `close` it at the end."""

    settings: Settings
    database: Database
    dispatcher: Dispatcher
    clock: Clock

    def workspace_id(self, slack_team_id: str, name: str = "") -> int:
        """The tenant of a Slack team, made on its first connection. Raises DatabaseUnavailable."""
        with self.database.workspaces() as workspaces:
            return workspaces.for_slack(slack_team_id, name).id

    def console_workspace_id(self) -> int:
        """The tenant that the command line works on. Raises ConfigError when it has to be chosen."""
        with self.database.workspaces() as workspaces:
            known = workspaces.list()
            if self.settings.workspace is not None:
                chosen = workspaces.find_by_slack_id(self.settings.workspace)
                if chosen is None:
                    raise ConfigError(f"ENGAGEMENT_WORKSPACE: there is no workspace {self.settings.workspace}.")
                return chosen.id
            if len(known) > 1:
                teams = ", ".join(f"{each.slack_id} ({each.name})" for each in known)
                raise ConfigError(f"ENGAGEMENT_WORKSPACE: there are several workspaces; set it to one of {teams}.")
            return (known[0] if known else workspaces.add("This workspace")).id

    def close(self) -> None:
        self.database.close()


def build(settings: Settings, clock: Clock = utc_now) -> Runtime:
    """Connect and migrate (SQLite) or check (PostgreSQL) the database. Raises ConfigError, DatabaseUnavailable."""
    if unknown := unknown_marks(settings.counsel_findings):
        raise ConfigError(
            f"ENGAGEMENT_COUNSEL_FINDINGS: no rule of the check is called {unknown[0]!r}; see /engagement check rules."
        )
    try:
        database = Database.ready(settings.database_url)
    except ValueError as error:
        raise ConfigError(f"ENGAGEMENT_DATABASE_URL {error}") from None
    matrices = Matrices(settings.matrix_rows, shipped_meanings)
    fetch = terms_fetch.fetch if settings.fetch_terms else None
    verify = verifier(settings.catalogue_key) if settings.catalogue_key else None
    dispatcher = Dispatcher(REGISTRY, database.open_unit, clock, settings.policy, matrices, fetch=fetch, verify=verify)
    return Runtime(settings, database, dispatcher, clock)
