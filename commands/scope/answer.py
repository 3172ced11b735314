"""An answer as the technician reads it: the verdict in words, what to do, what it rests on, what weakens it."""

from dataclasses import replace
from datetime import date, tzinfo
from typing import Any

from commands.grammar.words import command_line
from commands.policy import Policy
from commands.reply import Choice, Evidence, Field, Reply, Ruling, Table
from commands.rules.agreements.signature import UNPROVEN, is_unproven
from commands.rules.dates.format import format_date
from commands.rules.history.lag import days_after
from commands.rules.matrix.row_basis import attestation, carried_words
from commands.rules.scope.answer import Option, ScopeAnswer
from commands.rules.scope.precedence import Source
from commands.rules.scope.whose import OURS
from commands.rules.text.people import as_person, naming_who_pressed
from commands.rules.text.phrases import capitalize_first, paper_and_clause, shorten
from commands.scope.neutral import neutral_reply, reserved, why_asked_back
from commands.signed_copies import copy_choice
from storage.records import (
    Attachment,
    Client,
    QuestionStatus,
    ScopeQuestion,
    Verdict,
)

BILLABLE = (Verdict.OUT_OF_SCOPE, Verdict.THIRD_PARTY)
"""What no agreement has us do: it may be billed beside it."""

CHANGED = "What it rests on has changed since: ask again."
_WIDTH_OF_A_PHONE = 40  # so many characters of a button are seen on one
_BESIDE_A_LIMIT = {
    Verdict.MSP: "Within that it is ours.",
    Verdict.SHARED: "Within that our part is ours. Leave the client's part to the client.",
}


def answer_reply(
    client: Client,
    question: ScopeQuestion,
    answer: ScopeAnswer,
    *,
    zone: tzinfo,
    when: str | None = None,
    may_settle: bool = True,
    limits: tuple[str, ...] = (),
    policy: Policy | None = None,
    signed_copy: Attachment | None = None,
) -> Reply:
    """What the technician reads: the verdict in words, what to do, what it rests on; neutral where `policy` wants it.

    `zone` is the client's. `when` says as of which day, where it is not the client's today. `may_settle`: whether the
    asker may. `limits` are those of the access to what the question touches. `signed_copy` is the one that is kept of
    the paper it rests on.
    """
    evidence = evidence_of(answer.source, answer.last_day, zone) if answer.source else None
    if evidence is not None and answer.settled is not None:
        day = format_date(answer.settled.at.astimezone(zone).date())
        evidence = replace(evidence, settlement=f"settled on {day} by {as_person(answer.settled.by)}")
    reply = Reply(
        headline=f"{client.name}: {_headline(answer, limits)}",
        verdict=answer.verdict,
        lines=(*_lines(answer, question), *([when] if when else [])),
        evidence=evidence,
        cautions=answer.cautions,
        table=_candidates(answer),
        choices=_choices(client, question, answer, may_settle, signed_copy),
        ruling=_ruling(client, answer, limits),
        why=_why(question, answer),
        rated_by=f"scope rate {question.id}",
        data=answer_data(question.question, answer, evidence, zone, limits)
        | {"client": client.name, "question_id": question.id},
    )
    return neutral_reply(reply, client, answer, limits) if policy is not None and policy.is_neutral else reply


def _choices(
    client: Client, question: ScopeQuestion, answer: ScopeAnswer, may_settle: bool, signed_copy: Attachment | None
) -> tuple[Choice, ...]:
    """What to do with the answer. A row can be explained, doubted and worded for the client, and its paper read."""
    share = Choice("Share with channel", f"scope share {question.id}")
    ask = Choice("Ask a manager", f"scope escalate {question.id}", opens_form=True)
    if question.status is QuestionStatus.OPEN:
        settle = (Choice("Settle", f"scope settle {question.id}", opens_form=True),) if may_settle else ()
        return (*settle, ask, share)
    if answer.verdict is Verdict.UNDOCUMENTED:
        return (ask, share)
    if answer.source is None:
        options = answer.candidates[:5] if answer.open_point is None else ()  # asked again, it is as open as before
        return (*(_ask_choice(client, option, question) for option in options), share, ask)
    billed = (Choice("Bill it", f"scope bill {question.id}", opens_form=True),)
    word, why = Choice("Copy for client", f"scope wording {question.id}"), _why(question, answer)
    assert why is not None
    can_be_worded = _is_plain(answer) and answer.verdict is not Verdict.LAPSED
    return (
        share,
        *(billed if answer.verdict in BILLABLE and _is_plain(answer) else ()),
        *((word,) if can_be_worded else ()),
        why,
        Choice("Wrong row?", f"scope dispute {question.id}", opens_form=True),
        *((copy_choice(client, signed_copy),) if signed_copy is not None else ()),
        ask,
    )


def _why(question: ScopeQuestion, answer: ScopeAnswer) -> Choice | None:
    """The button to everything that an answer rests on."""
    return Choice("Why this row?", f"scope why {question.id}") if answer.source is not None else None


def repeat_answer(
    client: Client,
    kept: ScopeQuestion,
    source: Source | None,
    *,
    zone: tzinfo,
    asked_on: date,
    last_day: date | None = None,
    is_doubtful: bool = False,
    is_read_by_client: bool = False,
    limits: tuple[str, ...] = (),
    policy: Policy | None = None,
    has_changed: bool = False,
) -> Reply:
    """The answer as it was given, for the whole channel; `source` is the row version that it came from, `asked_on` the
    client's calendar day, `last_day` the last one on which the row answers, `limits` those of the access that it
    touches. `is_doubtful`: whether it was not clear then that the row applied. `has_changed`: what it rests on, since;
    that is said to everybody.

    What we remark among ourselves (a row's notes, cautions, who recorded it) and where we keep the paper is not for the
    client's people to read.
    """
    open_point = _kept_open_point(kept)
    if is_read_by_client:
        kept = kept.changed(cautions=())
        source = replace(source, row=source.row.changed(notes=None)) if source else None
    options = tuple(Option(item, None, 0.0) for item in kept.candidates)
    cautions = tuple(map(naming_who_pressed, kept.cautions))
    cautions += (CHANGED,) if has_changed else ()
    answer = ScopeAnswer(
        kept.verdict, source, options, kept.confidence, cautions, (), is_doubtful, open_point=open_point,
        last_day=last_day,
    )  # fmt: skip
    evidence = evidence_of(source, last_day, zone) if source else None
    if evidence is not None and is_read_by_client:
        evidence = replace(evidence, recorded_by=None, attestation=None, document_url=None)
    as_of = f", as of {kept.as_of}" if kept.as_of != asked_on else ""
    reply = Reply(
        headline=f"{client.name}: {_headline(answer, limits)}",
        verdict=kept.verdict,
        lines=(f'Asked: "{kept.question}" on {asked_on}{as_of}.', *_lines(answer, kept)),
        evidence=evidence,
        cautions=cautions,
        ruling=_ruling(client, answer, limits),
        is_public=True,
        data=answer_data(kept.question, answer, evidence, zone, limits),
    )
    if policy is not None and policy.is_neutral:
        reply = neutral_reply(reply, client, answer, limits)
    return replace(reply, next_steps=(*reply.next_steps, *reserved(policy)))


def _kept_open_point(kept: ScopeQuestion) -> str | None:
    """A lone row with a caution was named, and something else was open; what that was is kept in the caution."""
    if kept.verdict is not Verdict.AMBIGUOUS or len(kept.candidates) != 1 or not kept.cautions:
        return None
    return f'It was not clear whose "{kept.candidates[0]}" is'


def answer_data(
    question: str, answer: ScopeAnswer, found: Evidence | None, zone: tzinfo, limits: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The answer as `--json` prints it; `found` is what it rests on, `limits` those of the access that it touches, its
    days those of the client's `zone`.
    """
    row = answer.source.row if answer.source else None
    return {
        "question": question,
        "verdict": answer.verdict.value,
        "item": answer.item,
        "candidates": [
            {"item": option.item, "party": option.party.value if option.party else None, "score": option.score}
            for option in answer.candidates
        ],
        "confidence": round(answer.confidence, 3),
        "evidence": {
            "agreement": found.agreement,
            "clause": found.clause,
            "effective_from": _iso(found.effective_from),
            "effective_to": _iso(found.effective_to),
            "last_reviewed": _iso(found.last_reviewed),
        }
        if found
        else None,
        "record": {
            "recorded_on": _iso(found.recorded_on),
            "recorded_days_after": found.recorded_days_after,
            "agreed": found.is_agreed,
            "doubtful": answer.is_doubtful,
            "basis": row.basis.value if row and row.basis else None,
            "settlement": found.settlement,
            "attestation": found.attestation,
            "weakness": found.weakness,
        }
        if found
        else None,
        "access_limits": list(limits),
        "cautions": list(answer.cautions),
        "because": list(because_words(answer, zone)),
    }


def because_words(answer: ScopeAnswer, zone: tzinfo) -> tuple[str, ...]:
    """How the question led to the row, and who taught that on which day in the client's `zone`."""
    taught = (
        f'"{each.phrase}" was learned for this row by {as_person(each.learned_by)} '
        f"on {each.learned_at.astimezone(zone).date()}"
        + (f", from question no. {each.question_id}" if each.question_id else "")
        for each in answer.learned
    )
    return (*answer.because, *taught)


def evidence_of(source: Source, last_day: date | None, zone: tzinfo) -> Evidence:
    """What a verdict rests on, up to the `last_day` on which the row answers, its days in the client's `zone`. A review
    counts from the row's first day on.
    """
    row, agreement = source.row, source.agreement
    recorded_on = row.stated_at.astimezone(zone).date()
    carrier = source.carrier
    said = attestation(row, agreement, recorded_on, as_person(row.attester or ""))
    reviewed, began_on = source.paper.last_reviewed_on, source.first_day
    return Evidence(
        agreement=source.paper.reference,
        clause=row.clause,
        effective_from=began_on,
        effective_to=last_day,
        last_reviewed=reviewed if reviewed and (began_on is None or reviewed >= began_on) else None,
        document_url=source.paper.document_url,
        recorded_by=row.stated_by,
        recorded_on=recorded_on,
        recorded_days_after=days_after(began_on, recorded_on),
        attestation=said if carrier is None else carried_words(carrier),
        is_agreed=agreement.is_signed and not source.is_proposed,
        weakness=UNPROVEN if is_unproven(agreement) or (carrier is not None and is_unproven(carrier)) else None,
    )


def _headline(answer: ScopeAnswer, limits: tuple[str, ...] = ()) -> str:
    """Understood in two seconds: first how far we may touch it, where that is limited, then whose it is."""
    if not limits:
        return _whose(answer)
    whose = _BESIDE_A_LIMIT.get(answer.verdict) if _is_plain(answer) else None
    return f"{_limit(limits)}. {whose or _whose(answer)}"


def _is_plain(answer: ScopeAnswer) -> bool:
    """Whether nothing but the access weakens the verdict: the row is agreed, and its paper signed and in force."""
    source = answer.source
    return source is not None and source.agreement.is_signed and not source.is_proposed and not answer.is_doubtful


def _whose(answer: ScopeAnswer) -> str:
    """The verdict in words."""
    row = answer.source.row if answer.source else None
    if (open_point := _open_point(answer)) is not None:
        return open_point
    match answer.verdict:
        case Verdict.MSP:
            return "This is ours: do it."
        case Verdict.CLIENT:
            return "This is the client's: do not do it without a change request."
        case Verdict.SHARED:
            return "This is shared: do our part, and leave the client's part to the client."
        case Verdict.THIRD_PARTY:
            who = row.third_party if row and row.third_party else "a third party"
            return f"This belongs to {who}: pass it on, do not do it ourselves."
        case Verdict.OUT_OF_SCOPE:
            return "Out of scope: the agreement leaves it out. Do not do it without a new order."
        case Verdict.AMBIGUOUS:
            if len(answer.candidates) == 1:
                return f'Do you mean "{answer.candidates[0].item}"? {why_asked_back(answer)}'
            return "Which one do you mean?"
        case Verdict.LAPSED if _has_ended(answer):
            return "Not documented any more: the row that covered this has ended. Do not assume it is ours."
        case Verdict.LAPSED:
            return "Lapsed: the agreement that covered this no longer applies. Do not assume it is ours."
        case Verdict.UNDOCUMENTED:
            return "Not documented. Do not assume it is ours."


def _open_point(answer: ScopeAnswer) -> str | None:
    """Why nobody can rely on what the row says: not signed, not agreed, perhaps over, or other paper says otherwise."""
    if answer.source is None:
        return f"{answer.open_point}. Ask first." if answer.open_point else None
    paper, whose = answer.source.agreement, OURS[answer.source.row.party]
    if answer.verdict is not Verdict.LAPSED:
        if not paper.is_signed:
            return f"{paper.reference} says {whose}, but it is not signed. Ask first."
        if answer.source.is_proposed:
            return f"Proposed as {whose}, not agreed: do not rely on it."
    if answer.is_doubtful:
        return f"{paper.reference} says {whose}, but whether it still applies is not clear. Ask first."
    return None


def _ruling(client: Client, answer: ScopeAnswer, limits: tuple[str, ...]) -> Ruling:
    """The same for the eye: one of a few words, the row, each part, and one sentence on what to do."""
    row = answer.source.row if answer.source else None
    word, do = _word_and_do(answer, is_limited=bool(limits))
    limit = _limit(limits) if limits else ""
    if row is None:
        return Ruling(word, client.name, do, asks_first=answer.open_point is not None, limit=limit)
    parts = (("Our part", row.msp_part), ("The client's part", row.client_part), ("Third party", row.third_party))
    return Ruling(
        word, client.name, do, row.item, tuple(Field(label, said) for label, said in parts if said), row.notes or "",
        asks_first=_open_point(answer) is not None, limit=limit,
    )  # fmt: skip


def _limit(limits: tuple[str, ...]) -> str:
    """How far the systems that are touched may be worked on, as it begins a sentence."""
    return capitalize_first("; ".join(limits))


def _word_and_do(answer: ScopeAnswer, *, is_limited: bool) -> tuple[str, str]:
    row = answer.source.row if answer.source else None
    if (open_point := _open_point(answer)) is not None:
        return "Ask first", open_point.removesuffix(" Ask first.")
    match answer.verdict:
        case Verdict.MSP:
            return "Ours", "Do it, within that limit." if is_limited else "Do it."
        case Verdict.CLIENT:
            return "The client's", "Do not do it without a change request."
        case Verdict.SHARED if is_limited:
            return "Shared", "Do our part, within that limit, and leave the client's part to the client."
        case Verdict.SHARED:
            return "Shared", "Do our part, and leave the client's part to the client."
        case Verdict.THIRD_PARTY:
            who = row.third_party if row and row.third_party else None
            return f"Third party: {who}" if who else "Third party", f"Pass it to {who or 'them'}. Don't work on it."
        case Verdict.OUT_OF_SCOPE:
            return "Out of scope", "The agreement leaves it out. Do not do it without a new order."
        case Verdict.AMBIGUOUS if len(answer.candidates) == 1:
            return f'Do you mean "{answer.candidates[0].item}"?', why_asked_back(answer)
        case Verdict.AMBIGUOUS:
            return "Which one do you mean?", "Each has an answer of its own."
        case Verdict.LAPSED if _has_ended(answer):
            return "Lapsed", "The row that covered this has ended. Do not assume it is ours."
        case Verdict.LAPSED:
            return "Lapsed", "The agreement that covered this no longer applies. Do not assume it is ours."
        case Verdict.UNDOCUMENTED:
            return "Not documented", "No agreement says whose it is. Do not assume it is ours."


def _has_ended(answer: ScopeAnswer) -> bool:
    """Whether the row ended by itself, and not with its paper."""
    ended = answer.source.row.effective_to if answer.source else None
    return ended is not None and (answer.last_day is None or ended == answer.last_day)


def _lines(answer: ScopeAnswer, question: ScopeQuestion) -> tuple[str, ...]:
    lines = []
    row = answer.source.row if answer.source else None
    if row is not None:
        lines.append(f"Matrix row: {row.item}")
        lines += [f"Our part: {row.msp_part}"] if row.msp_part else []
        lines += [f"The client's part: {row.client_part}"] if row.client_part else []
        lines += [f"Third party: {row.third_party}"] if row.third_party else []
        lines += [f"Note: {row.notes}"] if row.notes else []
    if answer.verdict is Verdict.UNDOCUMENTED and question.status is QuestionStatus.OPEN:
        lines.append(f"Kept as open question no. {question.id}.")
    return tuple(lines)


def _candidates(answer: ScopeAnswer) -> Table | None:
    """The rows to choose from, or the nearest ones; Slack has a button for each of the former."""
    if answer.verdict not in (Verdict.AMBIGUOUS, Verdict.UNDOCUMENTED) or not answer.candidates:
        return None
    if answer.verdict is Verdict.AMBIGUOUS and len(answer.candidates) == 1:
        return None  # the headline names it, and a button confirms it
    caption = "Rows" if answer.verdict is Verdict.AMBIGUOUS else "Nearest rows, which do not answer it"
    rows = tuple((o.item, OURS[o.party] if o.party else "documents disagree") for o in answer.candidates)
    return Table(("Row", "Whose"), rows, caption)


def _ask_choice(client: Client, option: Option, question: ScopeQuestion) -> Choice:
    command = command_line("scope ask", client=client.name, as_of=question.as_of, of=question.id)
    whose = OURS[option.party] if option.party else "documents disagree"
    return Choice(
        f"{shorten(option.item, _WIDTH_OF_A_PHONE - len(whose) - 3)} ({whose})",
        f"{command} {option.item}",
        is_option=True,
    )


def evidence_words(evidence: Evidence) -> str:
    """The agreement and the clause, in few words."""
    return paper_and_clause(evidence.agreement, evidence.clause)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
