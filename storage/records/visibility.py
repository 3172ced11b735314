"""Who may see a client beyond the usual, and where its facts may be shown to its own people."""

from datetime import datetime

from pydantic import field_validator
from sqlmodel import Field

from storage.records.base import Editable, Entry, few, texts


class Visibility(Editable):
    """At most one for each client; none means that everybody with a role sees it.

    `is_restricted`: to all but admins, `people`, the members of `groups` (Slack user groups, S...) and whoever answers
    for the client, its agreements or its promises, the client does not exist. `open_channels`: channels shared with
    another company in which answers about this client may be shown to everybody.
    """

    client_id: int
    is_restricted: bool = False
    people: tuple[Entry, ...] = texts()
    groups: tuple[Entry, ...] = texts()
    open_channels: tuple[Entry, ...] = texts()
    set_by: str = Field(max_length=64)
    set_at: datetime

    _few = field_validator("people", "groups", "open_channels")(few)
