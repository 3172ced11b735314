"""The registry of reminder kinds: when each reminds, whom, in which words, and what falls due from what is on record.

The recipient of every kind is whoever answers for the agreement or item, else the client's owner, else the backup
owner, else the managers' channel (`facts.ladder`).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from commands.rules.agreements.paper_need import is_there
from commands.rules.agreements.standing import IN_FORCE, AgreementStanding, sending_words
from commands.rules.dates.format import format_date
from commands.rules.reminders.facts import AgreementFacts, ClientFacts, Due, FirstTelling, Item, ladder
from commands.rules.text.phrases import plain
from storage.records.agreement import Agreement, RenewalMode
from storage.records.disclosure import DisclosureAnswer
from storage.records.question import ScopeQuestion
from storage.records.reminder import ReminderKind
from storage.records.role import Role

_LIVE = (AgreementStanding.UPCOMING, *IN_FORCE)
_HAS_A_TERM = (*_LIVE, AgreementStanding.UNKNOWN)
_UNSIGNED = (AgreementStanding.DRAFT, AgreementStanding.OUT_FOR_SIGNATURE)
_TO_SIGN = timedelta(days=14)
_TO_GET_PAPER = timedelta(days=30)
_TO_SETTLE = timedelta(days=3)
FIRST_LEAD = _TO_SETTLE.days
# A reminder has room for 400 characters; what an update concerns has to be in it.
_LONGEST_LABEL = 250


class Step(StrEnum):
    """What a person can do about a reminder beside acknowledging and snoozing it. Front ends turn it into a button."""

    DECIDE = "decide"
    REASSIGN = "reassign"
    EDIT_AGREEMENT = "edit_agreement"
    SIGN = "sign"
    WALKTHROUGH = "walkthrough"
    DISCLOSE = "disclose"
    SETTLE = "settle"
    INCIDENT = "incident"
    ADD_PAPER = "add_paper"
    REVIEW_ACCESS = "review_access"
    KEEP_PROMISE = "keep_promise"


@dataclass(frozen=True, slots=True)
class Kind:
    """`leads`: days before the deadline, negative after it; from the last one on again every `repeat_days`.

    `is_deadline`: it gets a message of its own, and ends with its day; everything else of one person's day is one
    message. `is_urgent`: it goes out at any hour of any day. `find` lists what falls due from the facts of one client.
    `ended_by`: the least role whose answer counts; None: of everybody who was told. It is the role that may record what
    is to be done, so that nobody's answer keeps it from those who can. Anybody else has only seen it.
    """

    kind: ReminderKind
    title: str
    leads: tuple[int, ...]
    find: Callable[[ClientFacts], Iterator[Due]]
    steps: tuple[Step, ...] = (Step.REASSIGN,)
    repeat_days: int | None = None
    is_deadline: bool = False
    is_urgent: bool = False
    ended_by: Role | None = None

    @property
    def put_off_by(self) -> Role | None:
        """The least role that may put it off. A clock runs on meanwhile, so that takes whoever may dismiss it."""
        return Role.MANAGER if self.is_urgent else self.ended_by


def dues(facts: ClientFacts) -> tuple[Due, ...]:
    """Everything that is or will be due for one client, by every kind."""
    return tuple(due for kind in KINDS.values() for due in kind.find(facts))


def _notice_deadlines(facts: ClientFacts) -> Iterator[Due]:
    """Of the current term while it can be met, and of the next one where notice is longer than what is left."""
    for each in facts.agreements:
        found, agreement = each.standing, each.agreement
        deadline = found.next_notice_deadline or found.notice_deadline
        if found.status not in _HAS_A_TERM or deadline is None or _is_monthly(each) or _is_settled(each, deadline):
            continue
        is_current = deadline == found.notice_deadline
        action = "renews by itself after" if found.renews else "ends after"
        after = f"; it {action} {format_date(found.term_end)}" if is_current and found.term_end else ""
        send_by = found.send_by if is_current and found.send_by and found.send_by < deadline else None
        arrive_by = found.arrive_by if is_current and found.arrive_by and found.arrive_by < deadline else None
        sent = sending_words(found, facts.today) if is_current else ""
        yield _about(
            facts, each, ReminderKind.NOTICE_DEADLINE, deadline,
            f"{_named(facts, agreement)}: last day to give notice is {format_date(deadline)}{sent}{after}.",
            act_by=send_by, arrive_by=arrive_by, is_over=deadline < facts.today,
            details=(*found.sources, *found.assumptions),
        )  # fmt: skip


def _renewals(facts: ClientFacts) -> Iterator[Due]:
    """The term's end: what renews by itself once notice is too late, what expires, and what cannot be told."""
    for each in facts.agreements:
        found, agreement = each.standing, each.agreement
        end = found.term_end
        is_unclear = found.status is AgreementStanding.UNKNOWN
        if end is None or end < facts.today or found.status not in _HAS_A_TERM or _is_monthly(each) or _is_ended(each):
            continue
        if _is_settled(each, end):
            continue
        goes_on = found.renews and found.next_term_start is not None
        if not found.renews and found.next_term_start is not None and agreement.renewal is not RenewalMode.MANUAL:
            continue  # a signed amendment goes on from there
        if is_unclear:
            missing = ", ".join(plain(name) for name in found.missing)
            words = f"the term ends on {format_date(end)}; what happens then cannot be told (not recorded: {missing})"
        elif goes_on:
            uplift = f" at {found.uplift} % more" if found.uplift else ""
            words = f"it renews by itself on {format_date(found.next_term_start or end)}{uplift}; notice is too late"
        else:
            words = f"it ends on {format_date(end)} unless somebody renews it"
        if goes_on and not is_unclear and found.status is not AgreementStanding.NOTICE_MISSED:
            continue  # its notice deadline is what matters, and has its own reminders
        yield _about(
            facts, each, ReminderKind.RENEWAL, end, f"{_named(facts, agreement)}: {words}.",
            leads=(60, 30, 7) if goes_on else None, details=(*found.sources, *found.assumptions),
        )  # fmt: skip


def _extensions(facts: ClientFacts) -> Iterator[Due]:
    """By when whoever wants to extend it has to say so; nothing ends by letting the day pass but the chance."""
    for each in facts.agreements:
        found, deadline = each.standing, each.standing.extension_deadline
        if deadline is None or found.status not in _HAS_A_TERM or _is_ended(each) or _is_settled(each, deadline):
            continue
        after = f"; without that it ends on {format_date(found.term_end)}" if found.term_end else ""
        yield _about(
            facts, each, ReminderKind.EXTENSION_DEADLINE, deadline,
            f"{_named(facts, each.agreement)}: last day to say that it is extended is {format_date(deadline)}{after}.",
            is_over=deadline < facts.today, details=(*found.sources, *found.assumptions),
        )  # fmt: skip


def _reviews(facts: ClientFacts) -> Iterator[Due]:
    for each in facts.agreements:
        review = each.standing.next_review
        if review is not None and each.standing.status in _LIVE and not _is_ended(each):
            changed = f" Note: {each.terms_changed}." if each.terms_changed else ""
            words = f"{_named(facts, each.agreement)}: its review is due on {format_date(review)}.{changed}"
            yield _about(facts, each, ReminderKind.AGREEMENT_REVIEW, review, words)


def _unsigned(facts: ClientFacts) -> Iterator[Due]:
    """To be signed before it takes effect, or two weeks after it was recorded where that is later or not known."""
    for each in facts.agreements:
        if each.standing.status in _UNSIGNED:
            effective = each.agreement.effective_on
            deadline = max(effective, each.recorded_on) if effective else each.recorded_on + _TO_SIGN
            sides = (("us", each.agreement.msp_signed_on), ("the client", each.agreement.client_signed_on))
            waits = " or ".join(who for who, signed in sides if signed is None)
            words = f"{_named(facts, each.agreement)}: not signed by {waits}; nothing in it can be relied on."
            yield _about(facts, each, ReminderKind.UNSIGNED_AGREEMENT, deadline, words)


def _unexplained(facts: ClientFacts) -> Iterator[Due]:
    for each in facts.agreements:
        signed = max(filter(None, (each.agreement.msp_signed_on, each.agreement.client_signed_on)), default=None)
        is_live = each.standing.status in _LIVE and not _is_ended(each)
        is_missing = not each.is_explained or each.explained_partly is not None
        if is_live and each.agreement.is_signed and signed and is_missing:
            never = f"{_named(facts, each.agreement)}: signed, but no walkthrough with the client is recorded."
            partly = f"{facts.client.name}: {_short(each.explained_partly or '', _LONGEST_LABEL)}"
            words = partly if each.is_explained else never
            deadline = max(signed, each.recorded_on) + facts.explain_within
            yield _about(facts, each, ReminderKind.MISSING_WALKTHROUGH, deadline, words)


def _reasks(facts: ClientFacts) -> Iterator[Due]:
    for each in facts.disclosures:
        disclosure = each.disclosure
        if disclosure.reask_on is not None:
            words = f"{facts.client.name}: ask again about {each.title} on {format_date(disclosure.reask_on)}."
            subject = f"disclosure:{facts.client.id}:{disclosure.regulation}"
            yield Due(
                ReminderKind.DISCLOSURE_REASK, subject[:80], disclosure.reask_on, words, facts.client.id, ladder(facts)
            )


def _asked_again(facts: ClientFacts) -> Iterator[Due]:
    """Regulations and contracts with others: what the client told us is asked again."""
    yield from _reasks(facts)
    yield from _items_of(ReminderKind.DISCLOSURE_REASK, "ask again about {label} on {day}.")(facts)


def _missing_papers(facts: ClientFacts) -> Iterator[Due]:
    """Once a client says that a regulation applies: the agreements it calls for, unless one is signed and in force."""
    papers = [(each.agreement, each.standing) for each in facts.agreements]
    for each in facts.disclosures:
        disclosure = each.disclosure
        if disclosure.answer is not DisclosureAnswer.APPLIES:
            continue
        for paper in each.needs if each.binds else ():
            if paper.kind is not None and not is_there(paper, papers, facts.today, each.binds_from):
                words = f"{facts.client.name}: {each.title} applies, but no signed {paper.in_words} is in force."
                subject = f"paper:{facts.client.id}:{paper.kind.value}:{disclosure.regulation}"[:80]
                deadline = max(disclosure.asked_on + _TO_GET_PAPER, each.binds_from or disclosure.asked_on)
                yield Due(ReminderKind.MISSING_PAPER, subject, deadline, words, facts.client.id, ladder(facts))


def _questions(facts: ClientFacts) -> Iterator[Due]:
    for question in facts.questions:
        deadline = question.asked_at.astimezone(facts.zone).date() + _TO_SETTLE
        asked = f'"{_short(question.question)}" (no. {question.id})'
        said = "a manager was asked" if question.presses else "nobody settled the question"
        yield Due(
            ReminderKind.SCOPE_QUESTION, f"scope_question:{question.id}", deadline,
            f"{facts.client.name}: {said} {asked}.", facts.client.id, settlers(facts, question),
            first=_first_telling(facts, question, deadline),
        )  # fmt: skip


def _first_telling(facts: ClientFacts, question: ScopeQuestion, deadline: date) -> FirstTelling:
    """With the day's questions, unless it is to be told at once."""
    if question.told_from is None:
        return FirstTelling(FIRST_LEAD, question.asked_at, facts.questions_at)
    lead = (deadline - question.told_from.astimezone(facts.zone).date()).days if question.presses else FIRST_LEAD
    return FirstTelling(lead, question.told_from, presses=question.presses)


def settlers(facts: ClientFacts, question: ScopeQuestion) -> tuple[str, ...]:
    """Who is told of an open question: whoever may settle it; not whoever asked, where there is somebody else."""
    able = facts.settlers or ladder(facts)
    return tuple(one for one in able if one != question.asked_by) or able


def _items_of(kind: ReminderKind, words: str) -> Callable[[ClientFacts], Iterator[Due]]:
    """`words` has a place for the label and the day."""

    def find(facts: ClientFacts) -> Iterator[Due]:
        for item in facts.items:
            if item.kind is kind:
                yield _due_item(facts, item, words)

    return find


def _duties(facts: ClientFacts) -> Iterator[Due]:
    for item in facts.items:
        if item.kind is ReminderKind.OBLIGATION_DUE:
            unmet = "not met, as recorded on {day}, and the client was not told: {label}."
            yield _due_item(facts, item, unmet if item.is_unmet else "by {day} the client must: {label}.")


def _clocks(facts: ClientFacts) -> Iterator[Due]:
    for each in facts.clocks:
        headline = f"{facts.client.name}: {_short(each.label, _LONGEST_LABEL)}"
        yield Due(
            ReminderKind.INCIDENT_CLOCK, each.subject, each.deadline, headline, facts.client.id,
            ladder(facts, each.owner), act_by=each.act_by, moments=each.moments, bundle=each.bundle, label=each.label,
        )  # fmt: skip


def _due_item(facts: ClientFacts, item: Item, words: str) -> Due:
    said = words.format(label=_short(item.label, _LONGEST_LABEL), day=format_date(item.due_on))
    return Due(
        item.kind, item.subject, item.due_on, f"{facts.client.name}: {said}", facts.client.id or None,
        ladder(facts, item.owner), item.agreement_id, label=item.label,
    )  # fmt: skip


def _about(
    facts: ClientFacts,
    each: AgreementFacts,
    kind: ReminderKind,
    deadline: date,
    headline: str,
    *,
    act_by: date | None = None,
    arrive_by: date | None = None,
    leads: tuple[int, ...] | None = None,
    is_over: bool = False,
    details: tuple[str, ...] = (),
) -> Due:
    agreement = each.agreement
    return Due(
        kind, f"agreement:{agreement.id}", deadline, headline, facts.client.id, ladder(facts, agreement.owner),
        agreement.id, agreement.version, each.standing.term_start, act_by, arrive_by, leads, is_over, details,
    )  # fmt: skip


def _is_settled(each: AgreementFacts, day: date) -> bool:
    """Whether it is decided what happens at the end of the term that `day` belongs to."""
    return each.is_settled and each.standing.term_end is not None and day <= each.standing.term_end


def _is_ended(each: AgreementFacts) -> bool:
    """Somebody ended it: whatever is left of its time, there is nothing to decide or to explain."""
    return each.standing.ends_on is not None


def _is_monthly(each: AgreementFacts) -> bool:
    """In the month-to-month part a deadline passes every month and costs one month: nothing to remind of each time."""
    return each.standing.is_monthly


def _named(facts: ClientFacts, agreement: Agreement) -> str:
    return f"{facts.client.name}, {agreement.reference}"


def _short(text: str, longest: int = 120) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


_DECIDE = (Step.DECIDE, Step.REASSIGN)
KINDS: Mapping[ReminderKind, Kind] = {
    kind.kind: kind
    for kind in (
        Kind(
            ReminderKind.NOTICE_DEADLINE, "Notice deadline", (90, 60, 30, 14, 7, 1), _notice_deadlines, _DECIDE,
            is_deadline=True, ended_by=Role.MANAGER,
        ),
        Kind(
            ReminderKind.RENEWAL, "Renewal or end", (60, 30, 14, 7, 1), _renewals, _DECIDE, is_deadline=True,
            ended_by=Role.MANAGER,
        ),
        Kind(
            ReminderKind.EXTENSION_DEADLINE, "Notice to extend", (90, 60, 30, 14, 7, 1), _extensions, _DECIDE,
            is_deadline=True, ended_by=Role.MANAGER,
        ),
        Kind(
            ReminderKind.AGREEMENT_REVIEW, "Agreement review", (14, 0), _reviews,
            (Step.EDIT_AGREEMENT, Step.REASSIGN), repeat_days=30, ended_by=Role.MANAGER,
        ),
        Kind(
            ReminderKind.UNSIGNED_AGREEMENT, "Unsigned agreement", (7, 0, -7), _unsigned,
            (Step.SIGN, Step.REASSIGN), repeat_days=14, ended_by=Role.MANAGER,
        ),
        Kind(
            ReminderKind.MISSING_WALKTHROUGH, "Missing walkthrough", (7, 0, -14), _unexplained,
            (Step.WALKTHROUGH, Step.REASSIGN), repeat_days=30, ended_by=Role.TECHNICIAN,
        ),
        Kind(
            ReminderKind.DISCLOSURE_REASK, "Ask the client again", (30, 7, 0, -14), _asked_again,
            (Step.DISCLOSE, Step.REASSIGN), repeat_days=30, ended_by=Role.TECHNICIAN,
        ),
        Kind(
            ReminderKind.MISSING_PAPER, "Missing paper", (14, 7, 0), _missing_papers,
            (Step.ADD_PAPER, Step.REASSIGN), repeat_days=14, ended_by=Role.MANAGER,
        ),
        Kind(
            ReminderKind.ACCESS_REVIEW, "Access review", (14, 0),
            _items_of(ReminderKind.ACCESS_REVIEW, "the access to {label} is to be reviewed on {day}."),
            (Step.REVIEW_ACCESS, Step.REASSIGN), repeat_days=14, ended_by=Role.MANAGER,
        ),
        Kind(
            ReminderKind.PROMISE_DUE, "Promise due", (7, 1),
            _items_of(ReminderKind.PROMISE_DUE, "promised for {day}: {label}."),
            (Step.KEEP_PROMISE, Step.REASSIGN), repeat_days=7, ended_by=Role.TECHNICIAN,
        ),
        Kind(
            ReminderKind.FRAMEWORK_UPDATE, "Framework update", (30, 0),
            _items_of(ReminderKind.FRAMEWORK_UPDATE, "{label}; look at what it changes by {day}."), repeat_days=60,
            ended_by=Role.MANAGER,
        ),
        Kind(
            ReminderKind.RULE_DATE, "A rule starts, ends or changes", (60, 14, 0),
            _items_of(ReminderKind.RULE_DATE, "on {day}, {label}."),
        ),
        Kind(
            ReminderKind.OBLIGATION_DUE, "Client's duty due", (14, 1), _duties, repeat_days=14,
            ended_by=Role.TECHNICIAN,
        ),
        Kind(
            ReminderKind.INCIDENT_CLOCK, "Clock of an incident", (), _clocks, (Step.INCIDENT,), is_urgent=True,
            ended_by=Role.TECHNICIAN,
        ),
        Kind(
            ReminderKind.SCOPE_QUESTION, "Unsettled scope question", (0,), _questions,
            (Step.SETTLE, Step.REASSIGN), repeat_days=7, ended_by=Role.MANAGER,
        ),
    )
}  # fmt: skip
