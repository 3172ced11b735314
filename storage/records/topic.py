"""Whether an agreement speaks about each key topic, where, and whether the client initialled it."""

from datetime import date
from enum import StrEnum

from sqlmodel import Field

from storage.records.agreement import KeyTopic
from storage.records.base import choice
from storage.records.versioned import Versioned


class TopicState(StrEnum):
    PRESENT = "present"
    MISSING = "missing"
    UNCLEAR = "unclear"


class TopicCoverage(Versioned):
    """`initialled_on`: the day the client put its initials beside the clause."""

    agreement_id: int
    topic: KeyTopic = choice(KeyTopic)
    state: TopicState = choice(TopicState)
    clause: str | None = Field(default=None, max_length=120)
    initialled_on: date | None = None
    notes: str | None = Field(default=None, max_length=2000)
