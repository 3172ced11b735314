"""Reminders follow the records: planned in the transaction of the change that causes them, or not at all.

Everything is worked out from what is stored, so the run over all clients, every quarter of an hour, repairs
whatever a change missed (a rule that is new, a day that passed, somebody's zone), and running it once more changes
nothing. There is no queue of things to plan and so none to lose: a change that is committed is planned, one that is
rolled back never was.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from commands.client_cache import ClientCache
from commands.incidents.running import running_clocks
from commands.known_regulations import known_regulations
from commands.policy import Policy, explain_within
from commands.reminders.facts import agreements_of, disclosure_facts, distinct, items_of, promises_of
from commands.reminders.settled import SettledClients
from commands.rules.agreements.explanation import USUAL_DAYS
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.dates.business_days import business_calendar
from commands.rules.reminders.delivery_time import USUAL_TIME, DeliveryHours, Office
from commands.rules.reminders.facts import ClientFacts, Due
from commands.rules.reminders.kinds import FIRST_LEAD, KINDS, dues
from commands.rules.reminders.plan import Plan, reconcile
from commands.rules.reminders.targets import first_instant
from commands.rules.text.phrases import plain
from storage.records import (
    CLOCK,
    AccessGrant,
    Adoption,
    Agreement,
    Client,
    ClientContract,
    ClientStatus,
    ClockMark,
    Decision,
    DecisionChoice,
    Disclosure,
    FrameworkVersion,
    Incident,
    LeadTimes,
    Obligation,
    Promise,
    QuestionStatus,
    Record,
    Reminder,
    ReminderKind,
    ReminderState,
    Role,
    ScopeQuestion,
    TermsCopy,
    TopicCoverage,
    Visibility,
    Walkthrough,
)
from storage.unit_of_work import UnitOfWork

OfficeFor = Callable[[int | None, str], Office]
"""From a client's id (None: no single one) and a recipient to where that recipient is reached."""
Zones = Mapping[str, str]
Leads = Mapping[tuple[str, ReminderKind], tuple[int, ...]]
_ROLL_OVERS_BACK = timedelta(days=45)
EVERYBODY = Client(name="Every client")
"""Stands for all of them, for what concerns no single one."""
_WATCHED = (
    Client, ClientContract, ClockMark, Incident, Obligation,
    Agreement, Walkthrough, Disclosure, Decision, LeadTimes, AccessGrant, Promise, Adoption, FrameworkVersion,
    Reminder, TermsCopy,
    TopicCoverage,
    Visibility,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planner:
    """`zone` is the workspace's, for whoever has none of their own. `policy` says who may settle questions, and when
    they are told.
    """

    zone: ZoneInfo
    hours: DeliveryHours = field(default_factory=DeliveryHours)
    managers_channel: str | None = None
    explain_within: timedelta = timedelta(days=USUAL_DAYS)
    policy: Policy | None = None

    def after_change(self, uow: UnitOfWork, now: datetime) -> Sequence["Planned"]:
        """Plan for the clients that this unit of work changed something about; for all, where it changed the rules."""
        touched = [record for pair in uow.recorded for record in pair if record is not None and _matters(record)]
        if not touched:
            return ()
        with uow.revealed():
            return self._plan_touched(uow, now, touched)

    def _plan_touched(self, uow: UnitOfWork, now: datetime, touched: Sequence[Record]) -> Sequence["Planned"]:
        uow.hold()
        if all(isinstance(record, ScopeQuestion) for record in touched):
            return self._plan_questions(uow, now)
        if any(isinstance(record, LeadTimes) for record in touched):
            return self.plan_all(uow, now)
        families = {record.family for record in touched if isinstance(record, FrameworkVersion)}
        ids = {_client_of(uow, record) for record in touched if not isinstance(record, FrameworkVersion)}
        ids |= {each.client_id for each in uow.adoptions.current() if each.family in families} if families else set()
        ids -= _bare_clients(uow)
        found = [uow.clients.find(id) for id in sorted(each for each in ids if each)]
        clients = [client for client in found if client is not None]
        return self._plan(uow, now, [*clients, *([EVERYBODY] if None in ids else [])])

    def plan_all(self, uow: UnitOfWork, now: datetime) -> Sequence["Planned"]:
        """Work out anew what ought to exist, for every client, and repair what does not."""
        uow.hold()
        return self._plan(uow, now, [*uow.clients.list(offboarded=True), EVERYBODY])

    def plan_one(self, uow: UnitOfWork, client_id: int | None, now: datetime) -> Sequence["Planned"]:
        """Plan for one client; None for what concerns all of them."""
        uow.hold()
        client = uow.clients.find(client_id) if client_id else EVERYBODY
        return self._plan(uow, now, [client] if client is not None else [])

    def plan_several(self, uow: UnitOfWork, client_ids: Sequence[int], now: datetime) -> Iterator["Planned"]:
        """Plan for one client after the other; those that do not exist are left out."""
        uow.hold()
        zones, leads = _zones(uow), _leads(uow)
        clients = [client for id in client_ids if (client := uow.clients.find(id)) is not None]
        for client in uow.prefetching(clients):
            yield self._plan_client(uow, now, client, zones, leads)

    def unsettled(
        self, uow: UnitOfWork, clients: Sequence[Client], now: datetime, worked_out: ClientCache
    ) -> list[Client]:
        """Those for whom `plan_one` may have something to do. Only reads, and about many at once: mostly there is
        nothing, which is kept in `worked_out`. Whoever cannot be planned for is among them.
        """
        zones, leads = _zones(uow), _leads(uow)
        rules = hash((self, frozenset(zones.items()), frozenset(leads.items())))
        kept = SettledClients(uow, worked_out, clients, now, rules, [self.zone, *map(ZoneInfo, set(zones.values()))])
        found = []
        for client in uow.prefetching([each for each in clients if not kept.has(each)]):
            if self._is_settled(uow, now, client, zones, leads):
                kept.add(client)
            else:
                found.append(client)
        return found

    def _is_settled(self, uow: UnitOfWork, now: datetime, client: Client, zones: Zones, leads: Leads) -> bool:
        try:
            rows = uow.reminders.of_client(client.id)
            if not rows and client.status is ClientStatus.ACTIVE:
                return False  # probably nobody planned for it yet
            plan, rolled_over = self._worked_out(uow, now, client, rows, zones, leads)
        except Exception:  # planning for it alone says what is wrong
            return False
        return not plan and not rolled_over

    def offices(self, uow: UnitOfWork) -> OfficeFor:
        """Where a recipient is reached about a client: in the zone of the profile, else the client's, else ours."""
        clients = {client.id: client for client in uow.clients.list(offboarded=True)}
        zones = _zones(uow)
        found: dict[tuple[int | None, str], Office] = {}

        def office(client_id: int | None, recipient: str) -> Office:
            place = (client_id, recipient)
            if place not in found:
                found[place] = self._office(clients.get(client_id or 0), zones.get(recipient))
            return found[place]

        return office

    def facts(self, uow: UnitOfWork, client: Client, now: datetime) -> ClientFacts:
        """What is on record for `client`."""
        today = now.astimezone(client.zone or self.zone).date()
        calendar = business_calendar(client.country, client.subdivision)
        if not client.id:
            items = distinct(promises_of(uow, None, today))
            return ClientFacts(client, today, calendar, items=items, managers_channel=self.managers_channel)
        known = known_regulations(uow)
        questions = tuple(uow.questions.open(client.id))
        channel = self._managers_channel_for(uow, client)
        return ClientFacts(
            client,
            today,
            calendar,
            agreements_of(uow, client, today, calendar, self.zone),
            tuple(disclosure_facts(known, each, today) for each in uow.disclosures.current(client.id)),
            questions,
            items_of(uow, client, today, self.zone),
            running_clocks(uow, client, now),
            channel,
            self.explain_within,
            self._questions_at,
            self._settlers(uow, client, channel) if questions else None,
            client.zone or self.zone,
        )

    @property
    def _questions_at(self) -> time:
        return self.policy.questions_at if self.policy is not None else USUAL_TIME

    def _settlers(self, uow: UnitOfWork, client: Client, channel: str | None) -> tuple[str, ...] | None:
        """Those on the client's ladder who may settle a question; None where nobody on it may."""
        if self.policy is None:
            return None
        able = []
        for one in dict.fromkeys(filter(None, (client.owner, client.backup_owner, channel))):
            if one == channel or self.policy.role_of(one, uow.roles.granted(one)).may_act_as(Role.MANAGER):
                able.append(one)
        return tuple(able) or None

    def _managers_channel_for(self, uow: UnitOfWork, client: Client) -> str | None:
        """Not where people read along for whom a restricted client does not exist."""
        if self.managers_channel is None or self.managers_channel in client.channels:
            return self.managers_channel
        visibility = uow.visibilities.of_client(client.id)
        return None if visibility is not None and visibility.is_restricted else self.managers_channel

    def _plan(self, uow: UnitOfWork, now: datetime, clients: Sequence[Client]) -> list["Planned"]:
        zones, leads = _zones(uow), _leads(uow)
        return [self._plan_client(uow, now, client, zones, leads) for client in uow.prefetching(clients)]

    def _plan_questions(self, uow: UnitOfWork, now: datetime) -> list["Planned"]:
        """Plan for the questions that were changed here, and for nothing else: asking is what happens most, and nothing
        else depends on it.
        """
        leads = _leads(uow)
        changed: dict[int, ScopeQuestion] = {}
        new = set()
        for before, after in uow.recorded:
            if isinstance(after, ScopeQuestion) and any(map(_matters, filter(None, (before, after)))):
                changed[after.id] = after
                if before is None:
                    new.add(after.id)
        planned = [self._plan_question(uow, now, changed[id], leads, is_new=id in new) for id in sorted(changed)]
        told = {row.recipient for each in planned for row in each.plan.add if row.lead_days == FIRST_LEAD}
        for recipient in sorted(told - {""}):
            planned += self._hurry(uow, recipient, now, leads)
        return planned

    def _hurry(self, uow: UnitOfWork, recipient: str, now: datetime, leads: Leads) -> Iterator["Planned"]:
        """Enough of one person's questions wait: they are told now."""
        waiting = uow.questions.waiting_for(recipient, FIRST_LEAD, now)
        if self.policy is not None and len(waiting) >= self.policy.questions_most:
            for each in filter(None, map(uow.questions.find, waiting)):
                hurried = uow.questions.save(each.changed(told_from=now))
                yield self._plan_question(uow, now, hurried, leads, is_new=False)

    def first_telling(
        self, uow: UnitOfWork, client: Client, question: ScopeQuestion, now: datetime
    ) -> "Telling | None":
        """To whom an open question is told first, and when; None where there is nobody."""
        with uow.revealed():
            due = self._question_due(uow, client, question, now)
            if due is None or due.first is None or not due.ladder:
                return None
            office = self._office(client, uow.person_zones.zone_of(due.ladder[0]))
            waiting = {*uow.questions.waiting_for(due.ladder[0], FIRST_LEAD, now), question.id}
            if question.told_from is None and self.policy and len(waiting) >= self.policy.questions_most:
                return Telling(due.ladder[0], office.soonest(now).astimezone(office.zone))
        return Telling(due.ladder[0], first_instant(due.first, office).astimezone(office.zone))

    def _question_due(self, uow: UnitOfWork, client: Client, question: ScopeQuestion, now: datetime) -> Due | None:
        today = now.astimezone(client.zone or self.zone).date()
        calendar = business_calendar(client.country, client.subdivision)
        channel = self._managers_channel_for(uow, client)
        facts = ClientFacts(
            client, today, calendar, questions=(question,), managers_channel=channel,
            questions_at=self._questions_at, settlers=self._settlers(uow, client, channel),
            zone=client.zone or self.zone,
        )  # fmt: skip
        return next(KINDS[ReminderKind.SCOPE_QUESTION].find(facts), None)

    def _plan_question(
        self, uow: UnitOfWork, now: datetime, question: ScopeQuestion, leads: Leads, *, is_new: bool
    ) -> "Planned":
        client = uow.clients.get(question.client_id)
        wanted: list[Due] = []
        if client.status is ClientStatus.ACTIVE and question.status is QuestionStatus.OPEN:
            due = self._question_due(uow, client, question, now)
            wanted = [_with_leads(due, leads)] if due is not None else []
        rows = [] if is_new else uow.reminders.of_subject(f"scope_question:{question.id}")
        office_of = cache(lambda recipient: self._office(client, uow.person_zones.zone_of(recipient)))
        plan = reconcile(wanted, rows, office_of, now)
        return Planned(client, plan, *_apply(uow, plan))

    def _plan_client(self, uow: UnitOfWork, now: datetime, client: Client, zones: Zones, leads: Leads) -> "Planned":
        rows = uow.reminders.of_client(client.id or None)
        plan, rolled_over = self._worked_out(uow, now, client, rows, zones, leads)
        for decision in rolled_over:
            uow.decisions.record(decision)
        return Planned(client, plan, *_apply(uow, plan))

    def _worked_out(
        self, uow: UnitOfWork, now: datetime, client: Client, rows: Sequence[Reminder], zones: Zones, leads: Leads
    ) -> tuple[Plan, list[Decision]]:
        """What is to be done about the client's reminders, and which terms renewed by themselves."""
        wanted: list[Due] = []
        rolled_over: list[Decision] = []
        if client.status is ClientStatus.ACTIVE:
            facts = self.facts(uow, client, now)
            wanted = [_with_leads(due, leads) for due in dues(facts)]
            rolled_over = list(_roll_overs(uow, facts, rows, now))
        return reconcile(wanted, rows, lambda recipient: self._office(client, zones.get(recipient)), now), rolled_over

    def _office(self, client: Client | None, own: str | None) -> Office:
        """`own`: the zone of the person's profile."""
        zone = ZoneInfo(own) if own else (client.zone if client is not None else None) or self.zone
        country, subdivision = (client.country, client.subdivision) if client is not None else (None, None)
        return Office(zone, business_calendar(country, subdivision), self.hours)


def planner_for(policy: Policy) -> Planner:
    """The planner that works by `policy`."""
    return Planner(policy.zone, policy.delivery, policy.managers_channel, explain_within(policy), policy)


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom a message goes to (a user or a channel), and when, in that person's zone."""

    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning for one client did: rows added, brought back or moved, and taken away."""

    client: Client
    plan: Plan
    added: int
    changed: int


def _apply(uow: UnitOfWork, plan: Plan) -> tuple[int, int]:
    """Carry out `plan`. A row that a sender claimed meanwhile is not what was seen: the next run looks at it again."""
    changed = uow.reminders.change_all(plan.change)
    return len(uow.reminders.add(plan.add)), changed


def _zones(uow: UnitOfWork) -> Zones:
    return {each.user: each.zone for each in uow.person_zones.list()}


def _leads(uow: UnitOfWork) -> Leads:
    return {(each.scope, each.kind): each.days for each in uow.lead_times.list()}


def _with_leads(due: Due, leads: Leads) -> Due:
    """With the lead times that somebody chose: for the agreement, else the client, else the workspace."""
    for scope in (f"agreement:{due.agreement_id}", f"client:{due.client_id}", "workspace"):
        if (days := leads.get((scope, due.kind))) is not None:
            return replace(due, leads=tuple(days))
    return due


def _matters(record: Record) -> bool:
    """Whether a change to it can change what falls due. Questions that were answered at once cannot: they are many."""
    if isinstance(record, ScopeQuestion):
        return record.status is not QuestionStatus.ANSWERED
    return isinstance(record, _WATCHED)


def _bare_clients(uow: UnitOfWork) -> set[int]:
    """The clients that were added here, with nothing else about them: nothing can fall due. Imports add thousands."""
    new = {after.id for before, after in uow.recorded if before is None and isinstance(after, Client)}
    return new - {_client_of(uow, each) for pair in uow.recorded for each in pair
                  if each is not None and not isinstance(each, Client)} if new else new  # fmt: skip


def _client_of(uow: UnitOfWork, record: Record) -> int | None:
    """The id of the client it is about; None for what concerns all of them."""
    if isinstance(record, Client):
        return record.id
    client_id = getattr(record, "client_id", None)
    if client_id is None and getattr(record, "agreement_id", None) is not None:
        agreement = uow.agreements.find(record.agreement_id)  # type: ignore[attr-defined]
        return agreement.client_id if agreement is not None else None
    found: int | None = client_id
    return found


def _roll_overs(uow: UnitOfWork, facts: ClientFacts, rows: Sequence[Reminder], now: datetime) -> Iterator[Decision]:
    """Terms that renewed by themselves while they were on record: that it happened, and who had been told of it, where
    that is not recorded yet.
    """
    decisions = uow.decisions.of_client(facts.client.id) if facts.agreements else []
    reckoning = Reckoning((each.agreement for each in facts.agreements), decisions, facts.calendar)
    for each in facts.agreements:
        agreement = each.agreement
        since = max(facts.today - _ROLL_OVERS_BACK, each.recorded_on)
        for one in reckoning.roll_overs(agreement, since, facts.today):
            ended = one.term_start - timedelta(days=1)
            if uow.decisions.find_roll_over(agreement.id, ended) is not None:
                continue
            told = _who_was_told(rows, agreement.id, ended)
            newest = reckoning.decision(agreement)
            decided = newest if newest is not None and newest.term_end == ended else None
            stood = f"The last decision was: {plain(decided.decided)}." if decided else ""
            yield Decision(
                agreement_id=agreement.id,
                agreement_version=agreement.version,
                term_end=ended,
                decided=DecisionChoice.ROLLED_OVER,
                reason=f"The term that ended on {ended} renewed by itself. {stood or 'Nobody had decided on it.'}",
                decided_by=CLOCK,
                decided_at=now,
                told=told,
            )


def _who_was_told(rows: Sequence[Reminder], agreement_id: int, ended: date) -> tuple[str, ...]:
    about = (ReminderKind.NOTICE_DEADLINE, ReminderKind.RENEWAL, ReminderKind.EXTENSION_DEADLINE)
    return tuple(
        f"{row.recipient} on {row.sent_at.astimezone(ZoneInfo(row.zone)).date()}"
        + (f", acknowledged by {row.acked_by}" if row.acked_by else "")
        for row in rows
        if row.agreement_id == agreement_id and row.kind in about and row.sent_at is not None
        and row.deadline <= ended and row.state is not ReminderState.CANCELLED
        and row.deadline > ended - timedelta(days=400)
    )  # fmt: skip
