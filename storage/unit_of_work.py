"""One command or job: one session, one transaction, one workspace. Commits at the end, or nothing happened."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection

from storage.engine.concealment import Concealment
from storage.engine.group_commit import QueuedWrite
from storage.engine.plain_errors import in_plain_words
from storage.engine.prefetch import AT_ONCE, Prefetch
from storage.engine.session import TenantSession
from storage.errors import DatabaseUnavailable, StaleRecord
from storage.records import Client, Record
from storage.repositories.agreements import Agreements
from storage.repositories.archive import Archive
from storage.repositories.attachments import Attachments
from storage.repositories.audit import AuditLog
from storage.repositories.audit_stamps import AuditStamps
from storage.repositories.billable_works import BillableWorks
from storage.repositories.calendar_feeds import CalendarFeeds
from storage.repositories.changed_answers import ChangedAnswers
from storage.repositories.checks import CheckResults
from storage.repositories.client_merges import ClientMerges
from storage.repositories.clients import Clients
from storage.repositories.decisions import Decisions
from storage.repositories.disclosures import Disclosures
from storage.repositories.erasure import Erasure
from storage.repositories.frameworks import Frameworks
from storage.repositories.import_memories import ImportMemories
from storage.repositories.inbox import Inbox
from storage.repositories.paper_templates import PaperTemplates
from storage.repositories.papers import Papers
from storage.repositories.people import People
from storage.repositories.phrases import LearnedPhrases
from storage.repositories.questions import ScopeQuestions
from storage.repositories.reminder_settings import Heartbeats, LeadTimesSet, PersonZones
from storage.repositories.reminders import Reminders
from storage.repositories.repository import READ
from storage.repositories.responsibilities import Responsibilities
from storage.repositories.restored import Restored
from storage.repositories.retention import Retention
from storage.repositories.roles import Roles
from storage.repositories.table_memories import TableMemories
from storage.repositories.terms_copies import TermsCopies
from storage.repositories.text_vectors import TextVectors
from storage.repositories.uploads import PendingUploads
from storage.repositories.versioned import (
    AccessGrants,
    Adoptions,
    ClientContracts,
    ClockMarks,
    CounselMarks,
    Holds,
    Incidents,
    InsuranceRequirements,
    Obligations,
    OwnFrameworks,
    OwnRegulations,
    Promises,
    Questionnaires,
    Recommendations,
    Signatures,
    Topics,
)
from storage.repositories.visibilities import Visibilities
from storage.repositories.walkthroughs import Walkthroughs

_SERIALIZATION_FAILURES = ("40001", "40P01")
_AS_IT_IS = frozenset({str, bool, int, float})


class UnitOfWork:
    """Use as a context manager. Every query and every new row is scoped to `workspace_id` here, in one place.

    `changes` collects what the repositories changed, for the audit entry; `subject` names the first of them;
    `recorded` is the same as records, before and after.
    Leaving it raises StaleRecord when somebody else was faster, DatabaseUnavailable when the database failed.
    """

    def __init__(
        self, session: TenantSession, lock_chain: Callable[[TenantSession, int], None], write: QueuedWrite | None = None
    ) -> None:
        """`write`: a place in the queue of writers, who share a transaction; without it the session has its own."""
        self._session = session
        self._write = write
        self._lock_chain = lock_chain
        self.workspace_id = session.workspace_id
        self.changes: list[dict[str, Any]] = []
        self.recorded: list[tuple[Record | None, Record | None]] = []
        self._concealment = Concealment()

    def __enter__(self) -> Self:
        if self._write is not None:
            try:
                self._session.join(self._write.begin())
            except SQLAlchemyError as failed:
                raise _translate(failed) from failed
            self._session.epoch = self._write.epoch
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._end(is_kept=error is None)
        except SQLAlchemyError as failed:
            raise _translate(failed) from failed
        if isinstance(error, SQLAlchemyError):
            raise _translate(error) from error

    def _end(self, *, is_kept: bool) -> None:
        """Raises SQLAlchemyError when what is to be kept could not be."""
        try:
            if is_kept:
                self._session.flush()
        except BaseException:
            is_kept = False
            raise
        finally:
            self._session.close()
            if self._write is not None:
                self._write.end(is_kept=is_kept)
            else:
                self._session.end(is_kept=is_kept)

    @property
    def subject(self) -> str | None:
        return str(self.changes[0]["subject"]) if self.changes else None

    def conceal(self, hidden: frozenset[int], only: frozenset[int] | None = None, *, viewer: str = "") -> None:
        """From here on the clients `hidden`, and with `only` all others than those, do not exist in any query."""
        self._concealment = Concealment(hidden, only, viewer)
        self._session.concealed = self._concealment.options()
        self._session.info.pop(READ, None)

    @property
    def connection(self) -> Connection:
        """That of its transaction, for storage/database.py."""
        return self._session.open

    @property
    def epoch(self) -> int:
        """Part of the key of whatever is kept by a version that was read here: see TenantSession."""
        return self._session.epoch

    @property
    def changed_clients(self) -> bool:
        """Whether a client's record or matrix version was changed here: what is read now may never be committed."""
        return self._session.changed_directory

    @property
    def reads_committed(self) -> bool:
        """Whether nothing that is read here can be undone: neither by this unit, nor by those it shares with."""
        return self._write is None and not self.changes

    @property
    def about(self) -> frozenset[int]:
        """The clients of which anything was read since `conceal`."""
        return frozenset(self._session.info.get(READ, ()))

    @contextmanager
    def revealed(self) -> Iterator[None]:
        """Inside, nothing is concealed, and what is read does not count as what this unit is `about`.

        For what follows from a change and is not shown to whoever made it.
        """
        concealed, self._session.concealed = self._session.concealed, ()
        read = set(self.about)
        try:
            yield
        finally:
            self._session.concealed = concealed
            self._session.info[READ] = read

    def prefetching(self, clients: Sequence[Client]) -> Iterator[Client]:
        """The clients one after another; read in batches: see storage/engine/prefetch.py."""
        for start in range(0, len(clients), AT_ONCE):
            batch = clients[start : start + AT_ONCE]
            with self.prefetch([client.id for client in batch]):
                yield from batch

    @contextmanager
    def prefetch(self, client_ids: Sequence[int]) -> Iterator[None]:
        """Inside, what is asked about one of these clients is read for others of them, too, and kept until the end."""
        before, self._session.prefetch = self._session.prefetch, Prefetch(client_ids)
        try:
            yield
        finally:
            self._session.prefetch = before

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Whatever is done inside is undone at its end: to see what would happen."""
        noted = len(self.changes)
        self._session.flush()
        savepoint = self._session.open.begin_nested()
        try:
            yield
        finally:
            self._session.expunge_all()
            savepoint.rollback()
            del self.changes[noted:], self.recorded[noted:]

    def note(self, subject: str, before: Record | None, after: Record | None) -> None:
        """Called by the repositories with every change, so that no handler can forget its audit trail."""
        self.recorded.append((before, after))
        was, now = _visible_fields(before), _visible_fields(after)
        differing = {key for key in {*was, *now} if was.get(key) != now.get(key)}
        self.changes.append(
            {
                "subject": subject,
                "before": {key: was[key] for key in sorted(differing & was.keys())} if before else None,
                "after": {key: now[key] for key in sorted(differing & now.keys())} if after else None,
            }
        )

    @cached_property
    def clients(self) -> Clients:
        return Clients(self._session, self.note)

    @cached_property
    def merges(self) -> ClientMerges:
        return ClientMerges(self._session, self.note)

    @cached_property
    def agreements(self) -> Agreements:
        return Agreements(self._session, self.note)

    @cached_property
    def responsibilities(self) -> Responsibilities:
        return Responsibilities(self._session, self.note)

    @cached_property
    def disclosures(self) -> Disclosures:
        return Disclosures(self._session, self.note)

    @cached_property
    def walkthroughs(self) -> Walkthroughs:
        return Walkthroughs(self._session, self.note)

    @cached_property
    def import_memories(self) -> ImportMemories:
        return ImportMemories(self._session, self.note)

    @cached_property
    def table_memories(self) -> TableMemories:
        return TableMemories(self._session, self.note)

    @cached_property
    def billable_works(self) -> BillableWorks:
        return BillableWorks(self._session, self.note)

    @cached_property
    def calendar_feeds(self) -> CalendarFeeds:
        return CalendarFeeds(self._session, self.note)

    @cached_property
    def phrases(self) -> LearnedPhrases:
        return LearnedPhrases(self._session, self.note)

    @cached_property
    def questions(self) -> ScopeQuestions:
        return ScopeQuestions(self._session, self.note)

    @cached_property
    def changed_answers(self) -> ChangedAnswers:
        return ChangedAnswers(self._session, self.note)

    @cached_property
    def reminders(self) -> Reminders:
        return Reminders(self._session, _unrecorded)

    @cached_property
    def decisions(self) -> Decisions:
        return Decisions(self._session, self.note)

    @cached_property
    def lead_times(self) -> LeadTimesSet:
        return LeadTimesSet(self._session, self.note)

    @cached_property
    def person_zones(self) -> PersonZones:
        return PersonZones(self._session, _unrecorded)

    @cached_property
    def terms_copies(self) -> TermsCopies:
        return TermsCopies(self._session, self.note)

    @cached_property
    def attachments(self) -> Attachments:
        return Attachments(self._session, self.note)

    @cached_property
    def papers(self) -> Papers:
        return Papers(self._session, self.note)

    @cached_property
    def paper_templates(self) -> PaperTemplates:
        return PaperTemplates(self._session, self.note)

    @cached_property
    def people(self) -> People:
        return People(self._session, _unrecorded)

    @cached_property
    def heartbeats(self) -> Heartbeats:
        return Heartbeats(self._session, _unrecorded)

    @cached_property
    def roles(self) -> Roles:
        return Roles(self._session, self.note)

    @cached_property
    def uploads(self) -> PendingUploads:
        return PendingUploads(self._session, self.note)

    @cached_property
    def access(self) -> AccessGrants:
        return AccessGrants(self._session, self.note)

    @cached_property
    def promises(self) -> Promises:
        return Promises(self._session, self.note)

    @cached_property
    def counsel_marks(self) -> CounselMarks:
        return CounselMarks(self._session, self.note)

    @cached_property
    def holds(self) -> Holds:
        return Holds(self._session, self.note)

    @cached_property
    def incidents(self) -> Incidents:
        return Incidents(self._session, self.note)

    @cached_property
    def clock_marks(self) -> ClockMarks:
        return ClockMarks(self._session, self.note)

    @cached_property
    def obligations(self) -> Obligations:
        return Obligations(self._session, self.note)

    @cached_property
    def contracts(self) -> ClientContracts:
        return ClientContracts(self._session, self.note)

    @cached_property
    def own_regulations(self) -> OwnRegulations:
        return OwnRegulations(self._session, self.note)

    @cached_property
    def own_frameworks(self) -> OwnFrameworks:
        return OwnFrameworks(self._session, self.note)

    @cached_property
    def signatures(self) -> Signatures:
        return Signatures(self._session, self.note)

    @cached_property
    def topics(self) -> Topics:
        return Topics(self._session, self.note)

    @cached_property
    def recommendations(self) -> Recommendations:
        return Recommendations(self._session, self.note)

    @cached_property
    def insurance(self) -> InsuranceRequirements:
        return InsuranceRequirements(self._session, self.note)

    @cached_property
    def adoptions(self) -> Adoptions:
        return Adoptions(self._session, self.note)

    @cached_property
    def questionnaires(self) -> Questionnaires:
        return Questionnaires(self._session, self.note)

    @cached_property
    def frameworks(self) -> Frameworks:
        return Frameworks(self._session, self.note)

    @cached_property
    def checks(self) -> CheckResults:
        return CheckResults(self._session, self.note)

    @cached_property
    def visibilities(self) -> Visibilities:
        return Visibilities(self._session, self.note)

    @cached_property
    def text_vectors(self) -> TextVectors:
        return TextVectors(self._session)

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self._session)

    @cached_property
    def erasure(self) -> Erasure:
        return Erasure(self._session)

    @cached_property
    def audit_stamps(self) -> AuditStamps:
        return AuditStamps(self._session, self.note)

    @cached_property
    def retention(self) -> Retention:
        return Retention(self._session)

    @cached_property
    def archive(self) -> Archive:
        return Archive(self._session)

    @cached_property
    def restored(self) -> Restored:
        return Restored(self._session)

    def hold(self) -> None:
        """Hold others who change this workspace's records until commit: what follows sees all that they did."""
        self._lock_chain(self._session, self.workspace_id)

    @cached_property
    def audit(self) -> AuditLog:
        return AuditLog(self._session, self._lock_chain, self._shows_details)

    def _shows_details(self, actor: str, client_ids: Collection[int] | None) -> bool:
        return not self._session.concealed or self._concealment.shows(actor, client_ids)


def _unrecorded(subject: str, before: Record | None, after: Record | None) -> None:
    """For what the bot does on its own account, all day long: it is no change to anybody's records."""


def _translate(error: SQLAlchemyError) -> StaleRecord | DatabaseUnavailable:
    cause = getattr(error, "orig", None)
    if isinstance(error, IntegrityError) or getattr(cause, "sqlstate", None) in _SERIALIZATION_FAILURES:
        return StaleRecord(str(cause))
    if isinstance(error, DataError):  # its words quote what was to be stored
        return DatabaseUnavailable(f"a value was refused ({type(cause).__name__})")
    if isinstance(error, NoConnection):
        return DatabaseUnavailable("every connection to it is in use")
    if isinstance(error, DBAPIError):
        return DatabaseUnavailable(in_plain_words(cause))
    raise error


def _visible_fields(record: Record | None) -> dict[str, Any]:
    if record is None:
        return {}
    return {
        key: value if type(value) in _AS_IT_IS else _plain(value)
        for key, value in vars(record).items()
        if value is not None and value != ()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else str(value)
