"""One Slack workspace: the tenant. Everything else belongs to exactly one."""

from sqlmodel import Field

from storage.records.base import Record


class Workspace(Record):
    """`slack_id` (T...) is None until the bot has connected: the command line can be used before Slack is."""

    slack_id: str | None = Field(default=None, max_length=32)
    name: str = Field(min_length=1, max_length=120)
