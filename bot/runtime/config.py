"""Settings from the environment or a `.env` file. Every wrong one is reported at once, with what is accepted."""

import re
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

from bot.runtime.log import FORMATS
from bot.runtime.signatures import public_key
from commands.matrix_cache import MOST_ROWS
from commands.policy import Policy
from commands.rules.agreements.explanation import USUAL_DAYS
from commands.rules.reminders.delivery_time import DeliveryHours, time_of_day
from commands.rules.text.whole_numbers import whole_number
from storage.records import Role
from storage.records.zones import zone_names

_LEAST_DAYS = 365
_TOKENS_FILE = "ENGAGEMENT_TOKENS_FILE"
_EXPIRING = "xoxe."
_USER = re.compile(r"[UW][A-Z0-9]{2,30}")


class ConfigError(Exception):
    """The settings cannot be used; the message has a line for each problem."""


class SlackTokens(BaseModel):
    """What proves the bot to Slack, and Slack to the bot."""

    model_config = ConfigDict(frozen=True)

    slack_bot_token: str | None = Field(
        None, validation_alias="SLACK_BOT_TOKEN", description="The Bot User OAuth Token, `xoxb-...`"
    )
    slack_app_token: str | None = Field(
        None,
        validation_alias="SLACK_APP_TOKEN",
        description="For Socket Mode: the app-level token with `connections:write`, `xapp-...`",
    )
    slack_signing_secret: str | None = Field(
        None, validation_alias="SLACK_SIGNING_SECRET", description="For HTTP: the app's signing secret"
    )

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: str | None) -> str | None:
        return _starting(value, "xoxb-", "the Bot User OAuth Token (OAuth & Permissions page)")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: str | None) -> str | None:
        return _starting(value, "xapp-", "the app-level token with connections:write (Basic Information page)")


class Settings(SlackTokens, BaseSettings):
    """What the bot needs to know from outside. An empty value counts as not set."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: str = Field(
        "sqlite:///engagement.db",
        validation_alias="ENGAGEMENT_DATABASE_URL",
        description="Where the records are: `sqlite:///FILE` or `postgresql://USER:PASSWORD@HOST/NAME`",
    )
    admins: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        validation_alias="ENGAGEMENT_ADMINS",
        description="Slack user ids of the first admins, commas between them",
    )
    time_zone: str = Field(
        "UTC",
        validation_alias="ENGAGEMENT_TIMEZONE",
        description="The workspace's time zone, for today and for clients without a zone",
    )
    default_role: Role = Field(
        Role.VIEWER,
        validation_alias="ENGAGEMENT_DEFAULT_ROLE",
        description="The role of members who were granted none: viewer, technician, manager or admin",
    )
    managers_channel: str | None = Field(
        None,
        validation_alias="ENGAGEMENT_MANAGERS_CHANNEL",
        description="The id of the channel that gets what has no owner; invite the bot to it",
    )
    explain_within_days: int = Field(
        USUAL_DAYS,
        ge=0,
        le=365,
        validation_alias="ENGAGEMENT_EXPLAIN_WITHIN_DAYS",
        description="How many days after it is signed an agreement is still explained to the client in time",
    )
    matrix_rows: int = Field(
        MOST_ROWS,
        ge=1_000,
        validation_alias="ENGAGEMENT_MATRIX_ROWS",
        description="How many matrix rows are kept ready in memory, about 1.4 KB each; more clients need more",
    )
    sweep_seconds: float = Field(
        20.0,
        ge=1,
        le=3600,
        validation_alias="ENGAGEMENT_SWEEP_SECONDS",
        description="How often the bot looks for reminders that are due, in seconds",
    )
    delivery_hours: str = Field(
        "09:00-17:00",
        validation_alias="ENGAGEMENT_DELIVERY_HOURS",
        description="When reminders may arrive, on business days in the recipient's time zone",
    )
    questions_at: str = Field(
        "09:00",
        validation_alias="ENGAGEMENT_QUESTIONS_AT",
        description="When a day's open questions are sent to whoever settles them, in that person's time zone",
    )
    questions_most: int = Field(
        5,
        ge=1,
        le=100,
        validation_alias="ENGAGEMENT_QUESTIONS_MOST",
        description="How many open questions that wait are sent without waiting for that hour; 1 sends each at once",
    )
    command_prefix: str = Field(
        "",
        validation_alias="ENGAGEMENT_COMMAND_PREFIX",
        description="Put before every slash command where another app has taken the name: `msp` makes `/msp-scope`",
    )
    workflow_records: bool = Field(
        False,
        validation_alias="ENGAGEMENT_WORKFLOW_RECORDS",
        description="Whether steps of Workflow Builder may record: `yes` trusts whoever builds workflows",
    )
    workspace: str | None = Field(
        None,
        validation_alias="ENGAGEMENT_WORKSPACE",
        description="The Slack team id the command line works on, when the database has several",
    )
    log_level: str = Field(
        "INFO",
        validation_alias="ENGAGEMENT_LOG_LEVEL",
        description="DEBUG, INFO, WARNING or ERROR; message texts and secrets are never logged",
    )
    log_format: str = Field(
        "text",
        validation_alias="ENGAGEMENT_LOG_FORMAT",
        description="text, or json: one object a line, with the id of the request",
    )
    metrics: str | None = Field(
        None,
        validation_alias="ENGAGEMENT_METRICS",
        description="HOST:PORT for /metrics (Prometheus), /healthz and /readyz, such as `127.0.0.1:9100`; not set: off",
    )
    calendar: str | None = Field(
        None,
        validation_alias="ENGAGEMENT_CALENDAR",
        description="HOST:PORT where people's calendars are read, such as `127.0.0.1:9200`; not set: off",
    )
    calendar_url: str | None = Field(
        None,
        validation_alias="ENGAGEMENT_CALENDAR_URL",
        description="How the world reaches ENGAGEMENT_CALENDAR, over https: `https://deadlines.our-msp.example`",
    )
    linger_seconds: float = Field(
        0.0,
        ge=0,
        le=120,
        validation_alias="ENGAGEMENT_LINGER_SECONDS",
        description="How long to serve on after SIGTERM while /readyz says draining, for a load balancer to notice",
    )
    company: str | None = Field(
        None,
        max_length=200,
        validation_alias="ENGAGEMENT_COMPANY",
        description="Your company's legal name, as papers print it",
    )
    paper_size: Literal["a4", "us-letter"] = Field(
        "a4",
        validation_alias="ENGAGEMENT_PAPER_SIZE",
        description="The size of papers' pages: a4 or us-letter",
    )
    neutral_wording: bool = Field(
        False,
        validation_alias="ENGAGEMENT_NEUTRAL_WORDING",
        description="Answers state what the paper says and tell nobody what to do: `yes` or `no`",
    )
    counsel_findings: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        validation_alias="ENGAGEMENT_COUNSEL_FINDINGS",
        description="Findings prepared for counsel, with commas: rules such as `contradiction_*`, or `RULE|SUBJECT`",
    )
    counsel_role: Literal[Role.MANAGER, Role.ADMIN] = Field(
        Role.MANAGER,
        validation_alias="ENGAGEMENT_COUNSEL_ROLE",
        description="Who sees what is prepared for counsel: manager or admin",
    )
    reservation: str | None = Field(
        None,
        max_length=500,
        validation_alias="ENGAGEMENT_RESERVATION",
        description="A line of your own under what leaves: shared answers, clients' wordings, papers, packs, tables",
    )
    audit_heads: str | None = Field(
        None,
        validation_alias="ENGAGEMENT_AUDIT_HEADS",
        description="Where the audit log's newest hash goes once a day: a channel id, or a file on another disk",
    )
    fetch_terms: bool = Field(
        False,
        validation_alias="ENGAGEMENT_FETCH_TERMS",
        description="`yes` lets `agreement fetch` read linked terms from public https addresses",
    )
    timestamp_url: str | None = Field(
        None,
        max_length=500,
        pattern=r"^https?://[^\s]+$",
        validation_alias="ENGAGEMENT_TIMESTAMP_URL",
        description="The address of a time stamp service (RFC 3161) that stamps the audit log's newest hash once a day",
    )
    catalogue_key: str | None = Field(
        None,
        max_length=200,
        validation_alias="ENGAGEMENT_CATALOGUE_KEY",
        description="The public key (Ed25519) by which `catalogue import` wants files signed; unset, it takes any",
    )
    keep_typed_days: int = Field(
        0,
        ge=0,
        le=36_500,
        validation_alias="ENGAGEMENT_KEEP_TYPED_DAYS",
        description="After how many days the audit log's words are erased; its chain stays. 0 keeps them for good",
    )
    keep_questions_days: int = Field(
        0,
        le=36_500,
        validation_alias="ENGAGEMENT_KEEP_QUESTIONS_DAYS",
        description="After how many days the words of closed questions are erased, 365 at least. 0 keeps them for good",
    )
    keep_reminders_days: int = Field(
        0,
        le=36_500,
        validation_alias="ENGAGEMENT_KEEP_REMINDERS_DAYS",
        description="After how many days the words of sent reminders are erased, 365 at least. 0 keeps them for good",
    )
    keep_billable_days: int = Field(
        0,
        le=36_500,
        validation_alias="ENGAGEMENT_KEEP_BILLABLE_DAYS",
        description="After how many days the words of billable work are erased, 365 at least. 0 keeps them for good",
    )
    keep_copies_days: int = Field(
        0,
        le=36_500,
        validation_alias="ENGAGEMENT_KEEP_COPIES_DAYS",
        description="How many days after a client left its signed copies go, 365 at least. 0 keeps them for good",
    )
    tokens_file: Path | None = Field(
        None,
        validation_alias="ENGAGEMENT_TOKENS_FILE",
        description="A file with the three tokens and secrets of Slack's; its changes are taken over without a restart",
    )
    slack_api_url: str | None = Field(
        None, validation_alias="SLACK_API_URL", description="Another base URL of Slack's Web API, for tests"
    )

    @property
    def metrics_address(self) -> tuple[str, int] | None:
        return host_and_port(self.metrics) if self.metrics is not None else None

    @property
    def calendar_address(self) -> tuple[str, int] | None:
        return host_and_port(self.calendar) if self.calendar is not None else None

    @property
    def policy(self) -> Policy:
        hours = DeliveryHours.parse(self.delivery_hours)
        url = self.calendar_url if self.calendar is not None else None
        return Policy(
            ZoneInfo(self.time_zone), self.admins, self.default_role, self.managers_channel, delivery=hours,
            explain_within_days=self.explain_within_days, company=self.company, paper_size=self.paper_size,
            calendar_url=url, questions_at=time_of_day(self.questions_at), questions_most=self.questions_most,
            counsel_findings=self.counsel_findings, counsel_role=self.counsel_role,
            is_stamped=self.timestamp_url is not None, is_neutral=self.neutral_wording, reservation=self.reservation,
        )  # fmt: skip

    @field_validator("keep_questions_days", "keep_reminders_days", "keep_billable_days", "keep_copies_days")
    @classmethod
    def _long_enough(cls, value: int) -> int:
        if value and value < _LEAST_DAYS:
            raise ValueError(f"{value} days are too few: at least {_LEAST_DAYS}, or 0 to keep it for good")
        return value

    @field_validator("counsel_findings", mode="before")
    @classmethod
    def _marks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(dict.fromkeys(filter(None, (each.strip() for each in value.split(",")))))

    @field_validator("admins", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        users = frozenset(re.split(r"[\s,;]+", value.strip())) - {""}
        wrong = sorted(user for user in users if not _USER.fullmatch(user))
        if wrong:
            raise ValueError(
                f"{', '.join(wrong)}: not a Slack user id. Write ids such as U012ABCDEF, commas between them"
            )
        return users

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in zone_names():
            raise ValueError(f"{value} is not a time zone. Write for example America/Chicago or UTC")
        return value

    @field_validator("delivery_hours")
    @classmethod
    def _hours(cls, value: str) -> str:
        DeliveryHours.parse(value)
        return value

    @field_validator("questions_at")
    @classmethod
    def _time(cls, value: str) -> str:
        time_of_day(value)
        return value

    @field_validator("command_prefix")
    @classmethod
    def _prefix(cls, value: str) -> str:
        return command_prefix(value)

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError(f"{value} is not a log level. Write DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _known_format(cls, value: str) -> str:
        if value not in FORMATS:
            raise ValueError(f"{value} is not a log format. Write {' or '.join(FORMATS)}")
        return value

    @field_validator("metrics", "calendar")
    @classmethod
    def _side_address(cls, value: str | None) -> str | None:
        if value is not None:
            host_and_port(value)
        return value

    @field_validator("calendar_url")
    @classmethod
    def _public_url(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"(https://|http://(localhost|127\.0\.0\.1))[^\s?#]*", value):
            raise ValueError(f"{value} is no https address. Write for example https://deadlines.our-msp.example")
        return value

    @field_validator("catalogue_key")
    @classmethod
    def _key(cls, value: str | None) -> str | None:
        if value is not None:
            public_key(value)
        return value

    @field_validator("managers_channel")
    @classmethod
    def _channel(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"[CG][A-Z0-9]{2,30}", value):
            raise ValueError(f"{value} is not a channel id. Open the channel's details in Slack and copy the id, C...")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not re.match(r"(sqlite:///|postgres(ql)?(\+psycopg)?://)", value):
            raise ValueError("write sqlite:///engagement.db or postgresql://user:password@host/name")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _api_url(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://", value):
            raise ValueError(f"{value} is not a URL. Write for example https://slack.com/api/")
        return value


def command_prefix(text: str) -> str:
    """`text`, if it can be put before slash commands. Raises ValueError."""
    if not re.fullmatch(r"([a-z][a-z0-9]{0,11})?", text):
        raise ValueError(f"{text} is no prefix. Write up to 12 small letters and digits, such as msp")
    return text


def host_and_port(text: str) -> tuple[str, int]:
    """HOST:PORT, as an address to listen on; without a host, on every one. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    number = whole_number(port)
    if not colon or number is None or number >= 65536:
        raise ValueError(f'"{text}" is not HOST:PORT. Write for example 127.0.0.1:3000')
    return host.strip("[]") or "0.0.0.0", number


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """The settings of this process. Raises ConfigError naming every wrong one; secrets are never repeated in it."""
    try:
        settings = Settings(_env_file=env_file)
    except ValidationError as error:
        raise ConfigError("\n".join(_problems(error))) from None
    return with_tokens_of_file(settings)


def with_tokens_of_file(settings: Settings) -> Settings:
    """`settings` with the tokens that its file of tokens names, if it has one. Raises ConfigError."""
    if settings.tokens_file is None:
        return settings
    return settings.model_copy(update=read_tokens(settings.tokens_file).model_dump(exclude_none=True))


def read_tokens(path: Path) -> SlackTokens:
    """The tokens in a file of the form of `.env`. Raises ConfigError without the file's text."""
    try:
        path.read_text(encoding="utf-8")  # a file that is not there would count as an empty one
        read = DotEnvSettingsSource(Settings, env_file=path, env_file_encoding="utf-8", env_ignore_empty=True)()
        tokens = SlackTokens.model_validate(read)
    except OSError as error:
        raise ConfigError(f"{_TOKENS_FILE}: {path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{_TOKENS_FILE}: {path} is not a text file.") from None
    except ValidationError as error:
        raise ConfigError("\n".join(f"{_TOKENS_FILE}: {path}: {each}" for each in _problems(error))) from None
    if not tokens.model_dump(exclude_none=True):
        names = ", ".join(str(field.validation_alias) for field in SlackTokens.model_fields.values())
        raise ConfigError(f"{_TOKENS_FILE}: {path} names no token. Write lines NAME=VALUE; the names are {names}.")
    return tokens


def _problems(error: ValidationError) -> list[str]:
    return [f"{problem['loc'][0]}: {_words(problem)}." for problem in error.errors(include_input=False)]


def _words(problem: ErrorDetails) -> str:
    """What is accepted, in our own words."""
    kind, known = problem["type"], problem.get("ctx", {})
    if kind.startswith(("int", "float")):
        return "write a number"
    if kind.startswith("bool"):
        return "write yes or no"
    if kind == "enum":
        return f"write {str(known.get('expected', '')).replace(chr(39), '')}"
    if kind in ("greater_than_equal", "less_than_equal"):
        is_least = kind == "greater_than_equal"
        return f"write {'at least' if is_least else 'at most'} {known['ge' if is_least else 'le']:g}"
    return problem["msg"].removeprefix("Value error, ").rstrip(".")


def _starting(value: str | None, prefix: str, what: str) -> str | None:
    if value is not None and not value.removeprefix(_EXPIRING).startswith(prefix):
        raise ValueError(f"does not start with {prefix}; it is {what}")
    return value
