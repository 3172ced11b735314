"""The one reckoning of a client's agreements: with what amends them, what was renewed by hand, and the notice given.

Every answer, list, reminder, check and picture asks here, so that they agree. Nothing is stored: what was decided takes
effect because it is counted in.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from commands.rules.agreements.ahead import Ahead, look_ahead, with_last_notice
from commands.rules.agreements.effective_terms import (
    Decided,
    EffectiveTerms,
    edges,
    effective_terms,
    is_renewed,
    root_of,
    stated_words,
)
from commands.rules.agreements.given_notice import GivenNotice, NoticeOutcome, NoticeVerdict, judge
from commands.rules.agreements.in_force import Force, RollOver, force, roll_overs
from commands.rules.agreements.notice import end_by_notice
from commands.rules.agreements.renewals import next_review, standing
from commands.rules.agreements.standing import OVER, AgreementStanding, Standing
from commands.rules.agreements.terms import EndConvention, last_term_number, makes_a_term, term_line
from commands.rules.dates.business_days import WEEKENDS_ONLY, BusinessCalendar
from commands.rules.dates.format import format_date
from storage.records.agreement import Agreement, AgreementStatus, RenewalMode, Side
from storage.records.reminder import Decision, DecisionChoice

_DAY = timedelta(days=1)
# A term that somebody renewed by hand, or that an amendment goes on from, is followed by others.
_MOST_TERMS = 4
_UNSIGNED = (AgreementStatus.DRAFT, AgreementStatus.OUT_FOR_SIGNATURE)
_SIGNATURES = ("msp_signed_on", "client_signed_on")
_ENDED = (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What was decided about an agreement, and what comes of it. `decision` is the newest that holds.

    `verdict` is about a notice that was given. `ends_on`: the agreement's last day, by this decision or by anything
    else. `is_settled`: nobody need be reminded to decide about the current term. `has_happened`: its day is over.
    """

    decision: Decision
    verdict: NoticeVerdict | None
    ends_on: date | None
    is_settled: bool
    has_happened: bool


class Reckoning:
    """All of one client's agreements and decisions. Immutable; asked as often as there are days and agreements."""

    def __init__(
        self,
        agreements: Iterable[Agreement],
        decisions: Iterable[Decision] = (),
        calendar: BusinessCalendar = WEEKENDS_ONLY,
        end: EndConvention = EndConvention.INCLUSIVE,
    ) -> None:
        """`decisions` oldest first."""
        self._agreements: Mapping[int, Agreement] = {each.id: each for each in agreements}
        self._calendar = calendar
        self._end = end
        self._roots: dict[int, Agreement] = {}
        self._amending: dict[int, list[Agreement]] = {}
        self._decisions: dict[int, list[Decision]] = {}
        for each in self._agreements.values():
            if (root := root_of(each, self._agreements)) is not None:
                self._roots[each.id] = root
                self._amending.setdefault(root.id, []).append(each)
        for decision in decisions:
            if decision.decided is not DecisionChoice.ROLLED_OVER and decision.retracted_at is None:
                self._decisions.setdefault(decision.agreement_id, []).append(decision)

    def root(self, agreement: Agreement) -> Agreement | None:
        """The agreement that this one amends and stands and falls with; None where it stands by itself."""
        return self._roots.get(agreement.id)

    def decision(self, agreement: Agreement) -> Decision | None:
        """The newest that was not retracted."""
        made = self._decisions.get(agreement.id)
        return made[-1] if made else None

    def terms(self, agreement: Agreement, on: date) -> EffectiveTerms:
        """The terms that apply on `on`, and the ending that notice brought about."""
        return self._with_notice(agreement, self._agreed(agreement, on))[0]

    def verdict(self, agreement: Agreement, decision: Decision) -> NoticeVerdict | None:
        """What the notice of `decision` comes to, by the terms of its day; None where none was given."""
        if decision.decided is not DecisionChoice.GIVE_NOTICE or decision.notice_on is None:
            return None
        given = GivenNotice(
            decision.notice_on,
            decision.notice_method,
            decision.notice_address,
            decision.notice_delivered_on,
            decision.notice_side or Side.MSP,
        )
        day = decision.notice_delivered_on or decision.notice_on
        known = [
            each
            for each in self._amending.get(agreement.id, ())
            if each.effective_on is None or each.effective_on <= day or not _signed_since(each, decision.notice_on)
        ]
        terms = self._ahead(agreement, day, known, given.side).terms.agreement
        if agreement.status in _UNSIGNED:
            missing = tuple(name for name in _SIGNATURES if getattr(agreement, name) is None)
            problem = "it is not recorded as signed by both sides, so there is nothing yet that notice could end"
            return NoticeVerdict(NoticeOutcome.UNCLEAR, decision.notice_on, problems=(problem,), missing=missing)
        return judge(terms, given, self._calendar, self._end)

    def force(self, agreement: Agreement, on: date) -> Force:
        """Whether it applies on `on`; an amendment applies while what it amends does."""
        root = self.root(agreement)
        if root is not None:
            return self._force_of_amendment(agreement, root, on)
        if agreement.id not in self._amending and agreement.id not in self._decisions:
            return force(agreement, on)
        terms = self.terms(agreement, on)
        found = force(terms.agreement, on)
        is_unclear = found is Force.ENDED and terms.may_be_extended and terms.agreement.terminated_on is None
        return Force.UNKNOWN if is_unclear else found

    def standing(self, agreement: Agreement, today: date) -> Standing:
        """Where it stands on `today`, everything counted in."""
        root = self.root(agreement)
        if root is not None:
            return self._standing_of_amendment(agreement, self.standing(root, today), root, today)
        ahead = self._ahead(agreement, today, self._amending.get(agreement.id, ()))
        told, span = with_last_notice(ahead, self._calendar, self._end)
        terms, ending = self._with_notice(agreement, told)
        found = standing(terms.agreement, today, self._calendar, end=self._end, ending=ending, span=span)
        found = replace(
            found,
            renewals_so_far=found.renewals_so_far + terms.renewals_before,
            assumptions=(*terms.notes, *terms.doubts, *found.assumptions),
            doubts=terms.doubts,
            sources=tuple(f"{stated_words({name: each.value})}, {each.source}" for name, each in terms.changes.items()),
        )
        if (note := self._on_what_is_over(agreement, today)) and found.status not in OVER:
            found = replace(found, assumptions=(note, *found.assumptions))
        if found.status is AgreementStanding.LAPSED and terms.may_be_extended:
            return replace(found, status=AgreementStanding.UNKNOWN, renewals_left=None)
        return self._with_renewal(agreement, _going_on(found, terms), terms)

    def is_perhaps_over(self, agreement: Agreement, on: date) -> bool:
        """Of one whose record does not say whether it applies on `on`: whether its term ran out, or paper may have
        ended it. What has no term on record is no reason for doubt by itself.
        """
        terms = self.terms(self.root(agreement) or agreement, on)
        line = term_line(terms.agreement)
        return bool(terms.doubts) or (line is not None and line.boundary <= on)

    def last_day(self, agreement: Agreement, on: date) -> date | None:
        """Its last day, as things stand on `on`: by a termination, by notice, or by a term that nothing renews; None
        where none is known.
        """
        root = self.root(agreement)
        if root is not None:
            return min(filter(None, (agreement.terminated_on, self.last_day(root, on))), default=None)
        day = on
        for _ in range(_MOST_TERMS):
            found = self.standing(agreement, day)
            last = found.ends_on or found.term_end
            if last is None or last == date.max or self._is_last_day(agreement, last):
                return last if last != date.max else None
            if found.next_term_start is None or last < day:
                return None
            day = last + _DAY
        return None

    def _is_last_day(self, agreement: Agreement, day: date) -> bool:
        is_over = self.force(agreement, day + _DAY) is Force.ENDED
        return is_over and self.force(agreement, day) in (Force.IN_FORCE, Force.UNKNOWN)

    def _on_what_is_over(self, agreement: Agreement, on: date) -> str | None:
        """A note on an agreement that belongs to one which is over."""
        parent = self._agreements.get(agreement.parent_id or 0)
        if parent is None or parent.id == agreement.id or self.force(parent, on) is not Force.ENDED:
            return None
        return f"It belongs to {parent.reference}, which is over: check in both whether it goes on without it."

    def roll_overs(self, agreement: Agreement, after: date, until: date) -> tuple[RollOver, ...]:
        """The automatic renewals on the days after `after` up to `until`, each by the terms of the day before it."""
        if self.root(agreement) is not None:
            return ()
        edges = [each for each in self._agreed(agreement, until).term_changed_on if after < each <= until]
        found: list[RollOver] = []
        for start, stop in zip((after, *edges), (*edges, until), strict=True):
            terms = self.terms(agreement, stop - _DAY if stop in edges else stop)
            renewals = roll_overs(terms.agreement, start, stop)
            found += [replace(each, renewal=each.renewal + terms.renewals_before) for each in renewals]
        return tuple(found)

    def outlook(self, agreement: Agreement, today: date) -> Outlook | None:
        """What was decided and what comes of it; None where nothing holds."""
        decision = self.decision(agreement)
        if decision is None:
            return None
        found = self.standing(agreement, today)
        verdict = self.verdict(agreement, decision)
        by_notice = verdict.ends_on if verdict else None
        last_day = found.ends_on or by_notice or decision.term_end
        has_happened = last_day is not None and last_day < today
        is_settled = self._is_settled(agreement, decision, verdict, found, today)
        return Outlook(decision, verdict, found.ends_on, is_settled, has_happened)

    def renewable(self, agreement: Agreement, term_end: date, on: date) -> str | None:
        """Why a decision to renew does not renew the term that ends on `term_end`; None where it does."""
        terms = self._agreed(agreement, min(on, term_end)).agreement
        if terms.renewal is None:
            return "whether it renews is not recorded"
        if terms.renewal is RenewalMode.NONE:
            return "its terms have no renewal, so it takes an amendment that both sides sign"
        if terms.renewal is RenewalMode.AUTO and not _is_last(terms, term_end):
            return None
        if terms.renewal is RenewalMode.AUTO or (terms.max_renewals is not None and terms.max_renewals <= 0):
            return "it was renewed as often as it may be, so it takes an amendment that both sides sign"
        if not makes_a_term(terms.renewal_term):
            return "how long a renewal runs is not recorded (renewal-term)"
        return None

    def _is_settled(
        self, agreement: Agreement, decision: Decision, verdict: NoticeVerdict | None, found: Standing, today: date
    ) -> bool:
        if decision.term_end is None or found.term_end is None:
            return found.ends_on is not None
        if found.ends_on is not None:
            return True
        if decision.decided is DecisionChoice.RENEW:
            ahead = self._ahead(agreement, today, self._amending.get(agreement.id, ()))
            if self._renews_by_hand(agreement, found, ahead.terms.agreement):
                return True
        if decision.term_end < found.term_end or decision.decided is DecisionChoice.RENEGOTIATE:
            return False
        if decision.decided is DecisionChoice.GIVE_NOTICE:
            return verdict is not None and verdict.is_valid
        if decision.decided is DecisionChoice.LET_LAPSE:
            return not found.renews
        return found.renews or self.renewable(agreement, decision.term_end, decision.term_end) is None

    def _agreed(self, agreement: Agreement, on: date) -> EffectiveTerms:
        """What both sides agreed on and what was renewed by hand, before any notice."""
        return self._agreed_by(agreement, on, self._amending.get(agreement.id, ()))

    def _agreed_by(self, agreement: Agreement, on: date, amending: Collection[Agreement]) -> EffectiveTerms:
        decided = _decided_by_hand(self._decisions.get(agreement.id, ()))
        if not amending and not decided:
            return EffectiveTerms(agreement)
        return effective_terms(agreement, amending, on, decided)

    def _ahead(self, agreement: Agreement, on: date, amending: Collection[Agreement], side: Side = Side.MSP) -> Ahead:
        """The same, as the term that runs on `on` will end by these amendments. `side`: whose notice is thought of."""

        def ends(terms: Agreement) -> date | None:
            theirs = terms.client_notice if side is Side.CLIENT else None
            return end_by_notice(terms.model_copy(update={"notice": theirs}) if theirs else terms, on, self._calendar)

        return look_ahead(lambda day: self._agreed_by(agreement, day, amending), edges(amending, on), on, ends)

    def _with_notice(self, agreement: Agreement, terms: EffectiveTerms) -> tuple[EffectiveTerms, str]:
        """With the day on which notice ends it, unless an amendment changed how it runs after that notice."""
        notices = self._notices_that_count(agreement)
        if not notices or terms.agreement.terminated_on is not None:
            return terms, "It was terminated"
        found: list[tuple[date, str]] = []
        notes: list[str] = []
        for given_on, decision, ends_on in notices:
            who = "the client" if decision.notice_side is Side.CLIENT else "us"
            ending = f"Notice was given by {who} on {format_date(given_on)}"
            signed_since = {
                each.effective_on for each in self._amending.get(agreement.id, ()) if _signed_since(each, given_on)
            }
            if any(day > given_on and day in signed_since for day in terms.term_changed_on):
                notes.append(f"{ending}; an amendment changed its term after that, and is taken to replace the notice.")
            else:
                found.append((ends_on, ending))
        if not found:
            return replace(terms, notes=(*terms.notes, *notes)), ""
        last_day, ending = min(found)
        return replace(terms, agreement=terms.agreement.model_copy(update={"terminated_on": last_day})), ending

    def _notices_that_count(self, agreement: Agreement) -> list[tuple[date, Decision, date]]:
        """The newest notice of each side that counts and was not followed by a decision to renew: the day it was given,
        and the last day that it brings about. A newer one that does not count leaves the earlier one in effect.
        """
        found: dict[Side, tuple[date, Decision, date]] = {}
        for each in self._decisions.get(agreement.id, ()):
            if each.decided is DecisionChoice.RENEW:
                found.clear()
            elif each.notice_on is not None and (verdict := self.verdict(agreement, each)) and verdict.ends_on:
                found[each.notice_side or Side.MSP] = (each.notice_on, each, verdict.ends_on)
        return list(found.values())

    def notice_in_effect(self, agreement: Agreement, side: Side) -> tuple[Decision, date] | None:
        """The notice of that side which counts, and the last day that it brings about."""
        of_side = (each for each in self._notices_that_count(agreement) if (each[1].notice_side or Side.MSP) is side)
        return next(((decision, ends_on) for _, decision, ends_on in of_side), None)

    def _renews_by_hand(self, agreement: Agreement, found: Standing, terms: Agreement) -> bool:
        """Whether somebody decided to renew the term that runs, and its terms let them."""
        decided = _decided_by_hand(self._decisions.get(agreement.id, ()))
        end, line = found.term_end, term_line(terms) if decided else None
        if found.renews or found.ends_on is not None or end is None or end == date.max or line is None:
            return False
        return is_renewed(decided, line, 0) and self.renewable(agreement, end, end) is None

    def _with_renewal(self, agreement: Agreement, found: Standing, terms: EffectiveTerms) -> Standing:
        """A term that somebody decided to renew by hand does not end with it."""
        if found.term_end is None or not self._renews_by_hand(agreement, found, terms.agreement):
            return found
        status = found.status
        if status in (AgreementStanding.EXPIRING, AgreementStanding.NOTICE_OPEN):
            status = AgreementStanding.ACTIVE
        note = f"It was decided to renew it: the next term begins on {format_date(found.term_end + _DAY)}."
        return replace(
            found, status=status, next_term_start=found.term_end + _DAY, assumptions=(note, *found.assumptions)
        )

    def _force_of_amendment(self, amendment: Agreement, root: Agreement, on: date) -> Force:
        if amendment.status in _UNSIGNED:
            return Force.NOT_EXECUTED
        ended, start = amendment.terminated_on, amendment.effective_on
        if (ended is None and amendment.status in _ENDED) or (ended is not None and on > ended):
            return Force.ENDED
        if start is not None and on < start:
            return Force.NOT_YET
        found = self.force(root, on)
        if found is Force.NOT_EXECUTED or (start is None and found is Force.IN_FORCE):
            return Force.UNKNOWN
        return found

    def _standing_of_amendment(self, amendment: Agreement, of_root: Standing, root: Agreement, today: date) -> Standing:
        """It has no term of its own: from its effective date on it stands and falls with what it amends."""
        start, ended = amendment.effective_on, amendment.terminated_on
        review = next_review(amendment)
        if amendment.status in _UNSIGNED:
            note = f"It amends {root.reference}, and changes nothing until both sides have signed it."
            status = AgreementStanding(amendment.status.value)
            return Standing(status, term_start=start, next_review=review, assumptions=(note,))
        if ended is None and amendment.status in _ENDED:
            note = "The day it ended is not recorded, so it is treated as over."
            return Standing(AgreementStanding(amendment.status.value), assumptions=(note,))
        if ended is not None and today > ended:
            is_replaced = amendment.status is AgreementStatus.SUPERSEDED
            over = AgreementStanding.SUPERSEDED if is_replaced else AgreementStanding.TERMINATED
            return Standing(over, term_start=start, term_end=ended, ends_on=ended)
        if start is None:
            return Standing(AgreementStanding.UNKNOWN, missing=("effective_on",), next_review=review)
        if today < start:
            return Standing(AgreementStanding.UPCOMING, term_start=start, next_review=review, ends_on=ended)
        note = f"It amends {root.reference} and is in force as long as that is."
        if of_root.status in OVER:
            note = f"It amends {root.reference}, which is over."
            last_day = of_root.term_end
            has_applied = last_day is None or start is None or start <= last_day
            return Standing(
                of_root.status, term_start=start, term_end=last_day if has_applied else None, assumptions=(note,)
            )
        if of_root.status in (AgreementStanding.UNKNOWN, AgreementStanding.DRAFT, AgreementStanding.OUT_FOR_SIGNATURE):
            note = f"Whether it is in force depends on {root.reference}, whose record does not say."
            if of_root.status is not AgreementStanding.UNKNOWN:
                note = f"It amends {root.reference}, which is not signed."
            status = AgreementStanding.UNKNOWN
            return Standing(status, term_start=start, next_review=review, assumptions=(note,), doubts=(note,))
        if ended is not None:
            return Standing(AgreementStanding.EXPIRING, term_start=start, term_end=ended, ends_on=ended)
        if of_root.status is AgreementStanding.UPCOMING:
            return Standing(AgreementStanding.UPCOMING, term_start=start, next_review=review, assumptions=(note,))
        return Standing(AgreementStanding.ACTIVE, term_start=start, next_review=review, assumptions=(note,))


def _decided_by_hand(decisions: Iterable[Decision]) -> Decided:
    return [(each.term_end, each.decided is DecisionChoice.RENEW) for each in decisions if each.term_end is not None]


def _signed_since(amendment: Agreement, day: date) -> bool:
    """Whether it was not signed by both before `day`, so that nobody knew it to apply before."""
    signed = (amendment.msp_signed_on, amendment.client_signed_on)
    return any(each is None or each >= day for each in signed)


def _is_last(terms: Agreement, term_end: date) -> bool:
    """Whether no renewal is left after the term that ends on that day."""
    line, last = term_line(terms), last_term_number(terms)
    return line is not None and last is not None and line.term(last).end <= term_end


def _going_on(found: Standing, terms: EffectiveTerms) -> Standing:
    """Not ending where a signed amendment goes on from there."""
    goes_on = terms.continues_on
    if goes_on is None or found.ends_on is not None or found.renews:
        return found
    is_ending = found.status in (AgreementStanding.EXPIRING, AgreementStanding.NOTICE_OPEN)
    return replace(found, status=AgreementStanding.ACTIVE if is_ending else found.status, next_term_start=goes_on)
