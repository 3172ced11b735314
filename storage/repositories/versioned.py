"""Repositories of nouns with a history: versions are closed and added, never overwritten."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import or_, update
from sqlmodel import col, select

from storage.errors import StaleRecord
from storage.records import (
    AccessGrant,
    Adoption,
    ClientContract,
    ClockMark,
    CounselMark,
    DeclinedRecommendation,
    Hold,
    Incident,
    InsuranceRequirement,
    Obligation,
    OwnFramework,
    OwnRegulation,
    Promise,
    Questionnaire,
    Signature,
    TopicCoverage,
)
from storage.repositories.repository import Noun, Repository
from storage.tables import (
    AccessGrantRow,
    AdoptionRow,
    ClientContractRow,
    ClockMarkRow,
    CounselMarkRow,
    DeclinedRecommendationRow,
    HoldRow,
    IncidentRow,
    InsuranceRequirementRow,
    ObligationRow,
    OwnFrameworkRow,
    OwnRegulationRow,
    PromiseRow,
    QuestionnaireRow,
    SignatureRow,
    TopicCoverageRow,
)


class VersionedRepository(Repository[Noun]):
    row: ClassVar[Any]

    def record(self, noun: Noun) -> Noun:
        """Add a version; it comes back with its id."""
        return self._add(noun)

    def supersede(self, noun: Noun, *, at: datetime, by: str) -> None:
        """We no longer hold this version to be true. Raises StaleRecord when somebody else superseded it already."""
        result = self._session.execute(
            update(self.row)
            .where(self.row.id == noun.id, self.row.superseded_at.is_(None))
            .values(superseded_at=at, superseded_by=by)
        )
        if result.rowcount != 1:  # type: ignore[attr-defined]
            raise StaleRecord(f"{self.row.__tablename__} was changed meanwhile")
        self._note(self._subject(noun), noun, noun.model_copy(update={"superseded_at": at, "superseded_by": by}))

    def current(self, client_id: int | None = None, *, with_general: bool = False) -> list[Noun]:
        """What we hold to be true now, oldest first: of one client, or (None) of all.

        `with_general`: what concerns every client, too.
        """
        if client_id is None:
            return self._where(superseded_at=None)
        if not with_general:
            return self._where(client_id=client_id, superseded_at=None)
        statement = select(self.row).where(self.row.superseded_at.is_(None))
        its_own_or_general = or_(self.row.client_id == client_id, self.row.client_id.is_(None))
        return self._all(statement.where(its_own_or_general).order_by(self.row.id))

    def general(self) -> list[Noun]:
        """What we hold to be true now of every client, oldest first."""
        return self._where(client_id=None, superseded_at=None)

    def as_known(self, client_id: int, at: datetime) -> list[Noun]:
        """What we held to be true of the client at that instant, oldest first."""
        known = select(self.row).where(
            self.row.client_id == client_id,
            self.row.recorded_at <= at,
            or_(self.row.superseded_at.is_(None), self.row.superseded_at > at),
        )
        return self._all(known.order_by(col(self.row.id)))

    def history(self, client_id: int | None) -> list[Noun]:
        """Every version ever recorded of the client, or (None) of what concerns every client, oldest first."""
        return self._all(select(self.row).where(self.row.client_id == client_id).order_by(col(self.row.id)))


class AccessGrants(VersionedRepository[AccessGrant]):
    row: ClassVar = AccessGrantRow
    noun: ClassVar = AccessGrant


class Promises(VersionedRepository[Promise]):
    row: ClassVar = PromiseRow
    noun: ClassVar = Promise


class Topics(VersionedRepository[TopicCoverage]):
    row: ClassVar = TopicCoverageRow
    noun: ClassVar = TopicCoverage


class CounselMarks(VersionedRepository[CounselMark]):
    row: ClassVar = CounselMarkRow
    noun: ClassVar = CounselMark


class Holds(VersionedRepository[Hold]):
    row: ClassVar = HoldRow
    noun: ClassVar = Hold


class Incidents(VersionedRepository[Incident]):
    row: ClassVar = IncidentRow
    noun: ClassVar = Incident


class ClockMarks(VersionedRepository[ClockMark]):
    row: ClassVar = ClockMarkRow
    noun: ClassVar = ClockMark


class Obligations(VersionedRepository[Obligation]):
    row: ClassVar = ObligationRow
    noun: ClassVar = Obligation


class ClientContracts(VersionedRepository[ClientContract]):
    row: ClassVar = ClientContractRow
    noun: ClassVar = ClientContract


class OwnRegulations(VersionedRepository[OwnRegulation]):
    row: ClassVar = OwnRegulationRow
    noun: ClassVar = OwnRegulation


class OwnFrameworks(VersionedRepository[OwnFramework]):
    row: ClassVar = OwnFrameworkRow
    noun: ClassVar = OwnFramework


class Signatures(VersionedRepository[Signature]):
    row: ClassVar = SignatureRow
    noun: ClassVar = Signature


class Recommendations(VersionedRepository[DeclinedRecommendation]):
    row: ClassVar = DeclinedRecommendationRow
    noun: ClassVar = DeclinedRecommendation


class InsuranceRequirements(VersionedRepository[InsuranceRequirement]):
    row: ClassVar = InsuranceRequirementRow
    noun: ClassVar = InsuranceRequirement


class Adoptions(VersionedRepository[Adoption]):
    row: ClassVar = AdoptionRow
    noun: ClassVar = Adoption


class Questionnaires(VersionedRepository[Questionnaire]):
    row: ClassVar = QuestionnaireRow
    noun: ClassVar = Questionnaire
