"""Regulations, certifications, contracts and frameworks of the workspace's own, which the shipped catalogue lacks."""

from enum import StrEnum

from sqlalchemy import Text
from sqlmodel import Field

from storage.records.versioned import Versioned


class RegulationKind(StrEnum):
    """What gives it force: a statute, an industry's rule, a certificate, a clause somebody signed, an insurer."""

    LAW = "law"
    INDUSTRY_STANDARD = "industry_standard"
    CERTIFICATION = "certification"
    CONTRACT = "contract"
    INSURANCE = "insurance"


class OwnRegulation(Versioned):
    """One version of one entry. `stanza` has its fields as JSON, by the names of the catalogue's TOML files.

    Where the shipped catalogue has an entry of the same `key`, this one counts in its place. `client_id` is None.
    """

    key: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=1, max_length=200)
    stanza: str = Field(min_length=2, max_length=20_000, sa_type=Text)


class OwnFramework(Versioned):
    """The same of a framework with its published versions, beside or in the place of a shipped one."""

    key: str = Field(min_length=1, max_length=60)
    title: str = Field(min_length=1, max_length=200)
    stanza: str = Field(min_length=2, max_length=20_000, sa_type=Text)
