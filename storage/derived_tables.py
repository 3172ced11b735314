"""The tables without a noun: what is derived from records or too large for them, and what only the process needs."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from storage.table_base import UNVALIDATED, TenantTable


class ClientKeyRow(TenantTable, table=True):
    """How a client is found: its name and aliases, as they are compared. Derived from the client on every save."""

    __tablename__: ClassVar[Any] = "client_key"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)
    key: str = Field(max_length=200)
    client_id: int = Field(foreign_key="client.id")


class ClientChannelRow(TenantTable, table=True):
    """Which client a Slack channel is about: at most one. Derived from the client on every save."""

    __tablename__: ClassVar[Any] = "client_channel"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "channel"),)
    channel: str = Field(max_length=32)
    client_id: int = Field(foreign_key="client.id")


class AuditDetailRow(TenantTable, table=True):
    """The text behind an entry's digest. It may be erased (a person's right); the chain stays whole.

    `client_ids`: which clients it is about, as far as is known; None where nobody noted it.
    """

    __tablename__: ClassVar[Any] = "audit_detail"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "seq"),)
    seq: int
    salt: str = Field(max_length=64)
    details: str
    client_ids: list[int] | None = Field(default=None, sa_type=JSON)


class FrameworkContentRow(TenantTable, table=True):
    """The controls of one version, each as a list: read all at once, and only to compare."""

    __tablename__: ClassVar[Any] = "framework_content"
    model_config = UNVALIDATED
    framework_version_id: int = Field(foreign_key="framework_version.id", unique=True)
    controls: list[Any] = Field(sa_type=JSON)


class TextVectorRow(TenantTable, table=True):
    """What the sentence encoder makes of a text of a row: 384 bytes by a digest of encoder and text."""

    __tablename__: ClassVar[Any] = "text_vector"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)
    key: str = Field(max_length=64)
    vector: bytes


class InboxRow(TenantTable, table=True):
    """A delivery of Slack's that was accepted."""

    __tablename__: ClassVar[Any] = "inbox"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id", "key"),)
    key: str = Field(max_length=200)
    received_at: datetime = Field(index=True)


class DirectoryVersionRow(TenantTable, table=True):
    """Counted up by triggers with every change of a name, a channel, a role or a visibility: see
    storage/engine/directory.py.
    """

    __tablename__: ClassVar[Any] = "directory_version"
    model_config = UNVALIDATED
    __table_args__ = (UniqueConstraint("workspace_id"),)
    version: int
