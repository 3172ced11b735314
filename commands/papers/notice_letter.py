"""Notice that an agreement shall not renew, or shall end: by when, in which way, to which address."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from commands.papers.blocks import PAIR, about, blank_signatures, closing, empty_paper, paragraphs, rests_on
from commands.papers.content import PaperContent, Section
from commands.papers.facts import PaperFacts, day_words
from commands.papers.statement import NO_CLAUSE
from commands.rules.agreements.standing import AgreementStanding, Standing
from commands.rules.text.phrases import plain
from storage.records import Agreement, Decision, PaperKind, TermKind


@dataclass(frozen=True, slots=True)
class NoticeSubject:
    """The decision to give notice of an agreement, which stands as `standing` on the day of the paper.

    `judged` is the last day of a notice that was sent, as far as it can be told.
    """

    agreement: Agreement
    standing: Standing
    decision: Decision
    clause: str | None = None
    judged: date | None = None

    @property
    def has_no_term(self) -> bool:
        """Whether the agreement goes on until notice ends it, so that notice is possible at any time."""
        is_endless = self.agreement.term_kind is TermKind.EVERGREEN
        return is_endless or self.standing.status is AgreementStanding.EVERGREEN


def deadline(subject: NoticeSubject) -> date | None:
    """The last day on which notice can be given against the term that was decided about."""
    return subject.judged or subject.standing.arrive_by


def is_late(subject: NoticeSubject, day: date) -> bool:
    """Whether that day has passed without a notice in time."""
    last = deadline(subject)
    return last is not None and (subject.decision.notice_on or day) > last


def ended_unnoticed(subject: NoticeSubject, day: date) -> date | None:
    """The end of the term that was decided about, where that is over on `day` and no notice of it is recorded."""
    decided, now = subject.decision.term_end, subject.standing.term_end
    if subject.decision.notice_on is not None or decided is None or now is None:
        return None
    return decided if decided < now and decided < day else None


def notice_letter(facts: PaperFacts, texts: dict[str, str], subject: NoticeSubject | None) -> PaperContent:
    """`subject` is None for the template alone."""
    sent = subject is not None and subject.decision.notice_on is not None
    is_termination = subject is not None and subject.has_no_term
    late = subject is not None and is_late(subject, facts.day)
    return replace(
        empty_paper(facts, PaperKind.NOTICE, "Notice of termination" if is_termination else "Notice of non-renewal"),
        draft="draft, not sent" if late and not sent else "",
        draft_words="its last day has passed, and it is not recorded that it was sent before.",
        sections=(
            about(facts, texts),
            rests_on(facts, texts),
            Section("notice", "Notice", paragraphs(texts, "notice"), PAIR,
                    tuple(_terms(facts, subject)) if subject else (), is_list=True),
            Section("late", "This day has passed", paragraphs(texts, "late") if late or subject is None else ()),
            Section("sending", "How and where it is given", paragraphs(texts, "sending"), PAIR,
                    tuple(_sending(subject)) if subject else (), is_list=True),
            closing(texts),
        ),
        signatures=blank_signatures(
            f"For the provider, {facts.provider_name}", f"Received, for the client, {facts.client.name}"
        ),
    )  # fmt: skip


def _terms(facts: PaperFacts, subject: NoticeSubject) -> Iterator[tuple[str, str]]:
    found, agreement = subject.standing, subject.agreement
    is_late_now = is_late(subject, facts.day)
    ends_it = "We end it." if subject.has_no_term else "We do not renew it."
    yield "What we declare", ends_it if not is_late_now else f"{ends_it} That comes too late for the term named here."
    yield "Agreement", agreement.reference + (f", {agreement.title}" if agreement.title else "")
    under = ", ".join(each.reference for each in facts.under(agreement))
    if under:
        yield "Signed papers under it", f"{under}: whether they end with it is for their wording to say"
    yield "Notice clause", subject.clause or NO_CLAUSE
    yield "Notice period", agreement.notice.in_words if agreement.notice else "not recorded"
    if agreement.extension_notice:
        yield "Notice to extend", f"{agreement.extension_notice.in_words}, which this notice is not"
    if subject.has_no_term:
        yield "Current term", f"since {day_words(found.term_start)}, without an end"
        yield "To be given", "at any time"
        yield "It ends on", _end_by_notice(facts, subject)
        return
    yield "Current term", f"{day_words(found.term_start)} to {day_words(found.term_end)}"
    yield "To be given at the latest on", day_words(deadline(subject), "it cannot be told from what is recorded")
    over = ended_unnoticed(subject, facts.day)
    if over is not None:
        yield "Term decided about", f"ended on {day_words(over)}, and no notice is recorded: it stands as renewed"
    term_end = found.term_end if over else subject.decision.term_end or found.term_end
    ends = found.ends_on or (None if is_late_now else term_end)
    yield "It ends on", day_words(ends, "not by this notice as it stands")


def _end_by_notice(facts: PaperFacts, subject: NoticeSubject) -> str:
    """When an agreement without a term ends: by the notice on record, or by one that is given on the paper's day."""
    found = subject.standing
    last = found.ends_on or found.term_end
    if last is not None or subject.decision.notice_on is not None:
        return day_words(last, "not by this notice as it stands")
    if found.earliest_end is None:
        return "it cannot be told from what is recorded"
    return f"{day_words(found.earliest_end)}, if this is given on {day_words(facts.day)}"


def _sending(subject: NoticeSubject) -> Iterator[tuple[str, str]]:
    agreement, decision = subject.agreement, subject.decision
    method = agreement.notice_method
    yield "Way that the agreement asks for", plain(method) if method else "not recorded"
    yield "Address that it names", agreement.notice_address or "not recorded"
    if decision.notice_on is not None:
        yield "Sent on", day_words(decision.notice_on)
        yield "Sent by", plain(decision.notice_method) if decision.notice_method else "not recorded how"
        yield "Sent to", decision.notice_address or "not recorded"
        yield "Tracking number", decision.notice_tracking or "none recorded"
        yield "Arrived on", day_words(decision.notice_delivered_on)
        yield "Proof", decision.proof_url or "none recorded"
