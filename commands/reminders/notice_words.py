"""What is said of a notice: whether it counts, what comes of it, and how it would be given properly."""

from collections.abc import Iterable
from datetime import date

from commands.agreements.agreement import OPTIONS
from commands.errors import NeedsYes
from commands.grammar.words import command_line
from commands.reckoning import DECIDED_WORDS, given_on
from commands.rules.agreements.given_notice import NoticeOutcome, NoticeVerdict, method_words
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.agreements.standing import AgreementStanding, Standing
from commands.rules.dates.format import format_date
from commands.rules.text.placeholders import BLANK
from storage.records import Agreement, Client, Decision, DecisionChoice, Side

_OVER = (AgreementStanding.TERMINATED, AgreementStanding.SUPERSEDED)


def ask_before_replacing(reckoning: Reckoning, agreement: Agreement, decision: Decision) -> None:
    """Raises NeedsYes where `decision`, not recorded yet, takes the place of a notice that counts."""
    if decision.decided is DecisionChoice.RENEW:
        for side in Side:
            if (standing := reckoning.notice_in_effect(agreement, side)) is not None:
                earlier, ends_on = standing
                raise NeedsYes(
                    f"{_whose(earlier)} notice of {given_on(earlier)} counts: {agreement.reference} ends on "
                    f"{format_date(ends_on)}. Renewing takes that notice back. Nothing is saved yet. Did the other "
                    "side agree in writing?"
                )
    verdict = reckoning.verdict(agreement, decision)
    standing = reckoning.notice_in_effect(agreement, decision.notice_side or Side.MSP)
    if verdict is None or verdict.ends_on is None or standing is None:
        return
    earlier, ends_on = standing
    same_end = ends_on == verdict.ends_on
    ends = f"still on {format_date(ends_on)}" if same_end else f"on {format_date(verdict.ends_on)} instead"
    raise NeedsYes(
        f"{_whose(earlier)} notice of {given_on(earlier)} is on record and counts: {agreement.reference} ends on "
        f"{format_date(ends_on)}. This one, of {given_on(decision)}, would take its place, and it would end {ends}. "
        "Nothing is saved yet. Was the earlier one entered wrongly, or taken back? If both were given, keep the "
        "earlier one."
    )


def _whose(decision: Decision) -> str:
    return "The client's" if decision.notice_side is Side.CLIENT else "Our"


def of_notice(
    agreement: Agreement,
    client: Client,
    decision: Decision,
    verdict: NoticeVerdict | None,
    found: Standing,
    cautions: list[str],
    steps: list[str],
    *,
    today: date,
    has_file: bool = False,
) -> str:
    """`has_file`: a proof of it is kept."""
    if verdict is None:
        if decision.notice_planned_on is not None:
            cautions += _of_plan(decision.notice_planned_on, found)
            cautions.append("Reminders go on until it is recorded as given.")
        else:
            cautions.append("Notice is decided but not recorded as given: reminders go on until it is.")
        cautions += _how(agreement, found, today)
        return f", planned for {format_date(decision.notice_planned_on)}" if decision.notice_planned_on else ""
    cautions += verdict.notes
    if decision.proof_url is None and not has_file:
        cautions.append("No proof of the notice is recorded: keep the receipt, and add a link to it.")
    if verdict.ends_on is not None and found.status in _OVER:
        cautions.append(
            f"It is over since {format_date(verdict.ends_on)}: what was done after that day has no agreement behind it."
        )
        return f": it counts, and ended it on {format_date(verdict.ends_on)}"
    if verdict.ends_on is not None:
        return f": it counts, and ends it on {format_date(verdict.ends_on)}"
    if found.ends_on is None:
        cautions.append("It ends nothing as it stands, so reminders go on.")
    if found.ends_on is None and verdict.outcome is NoticeOutcome.LATE and found.renews:
        cautions.append(_of_late(agreement, decision, found, today))
    if verdict.outcome is NoticeOutcome.UNCLEAR:
        names = (client.name, agreement.reference)
        steps.append(command_line("/engagement agreement edit", *names, **blanks(verdict.missing)))
        return f", but {'; '.join(verdict.problems)}"
    problems = f", but the notice does not count: {'; '.join(verdict.problems)}"
    if found.ends_on is not None:
        return problems
    if verdict.earliest_end is not None:
        cautions.append(
            f"The earliest end is {format_date(verdict.earliest_end)}; an earlier one takes an agreement in writing."
        )
    cautions += _how(agreement, found, today) if decision.notice_side is not Side.CLIENT else _how_theirs(agreement)
    steps.append(_give_properly(client, agreement, decision))
    return problems


def done_words(decision: Decision) -> str:
    if decision.decided is not DecisionChoice.GIVE_NOTICE or decision.notice_side is not Side.CLIENT:
        return f"decided to {DECIDED_WORDS[decision.decided]}"
    return "the client gave notice" if decision.notice_on else "the client is to give notice"


def earlier_notice(reckoning: Reckoning, agreement: Agreement, decision: Decision) -> Decision | None:
    """The notice that was on record before `decision`: the one in effect of the same side, else of the other, else the
    newest. `reckoning` is of before.
    """
    own = decision.notice_side or Side.MSP
    for side in sorted(Side, key=lambda each: each is not own):
        if (in_effect := reckoning.notice_in_effect(agreement, side)) is not None:
            return in_effect[0]
    newest = reckoning.decision(agreement)
    return newest if newest is not None and newest.notice_on is not None else None


def of_two_notices(reckoning: Reckoning, agreement: Agreement, decision: Decision, earlier: Decision) -> str:
    """What becomes of the `earlier` notice now that `decision` is recorded. `reckoning` is of after that.

    Of one side the newest that counts is in effect; those of both sides stand.
    """
    side = decision.notice_side or Side.MSP
    if side is not (earlier.notice_side or Side.MSP):
        return f"The notice of {given_on(earlier)} by the other side stays on record, judged by itself."
    in_effect = reckoning.notice_in_effect(agreement, side)
    if in_effect is not None and in_effect[0].id != decision.id:
        kept, ends_on = in_effect
        return f"The notice of {given_on(kept)} counts and stays in effect: it ends on {format_date(ends_on)}."
    return f"It takes the place of the notice of {given_on(earlier)}, which stays on record."


def _how_theirs(agreement: Agreement) -> tuple[str, ...]:
    by = f" by {method_words(agreement.notice_method)}" if agreement.notice_method else ""
    to = f" to {agreement.notice_address}" if agreement.notice_address else ""
    return (f"The client would have to give it again{by}{to}. Tell them in writing which end it has.",)


def _give_properly(client: Client, agreement: Agreement, decision: Decision) -> str:
    """The line that records a proper notice: what only the sender knows of it is left blank."""
    known = {"side": decision.notice_side.value} if decision.notice_side else {}
    method = {"method": BLANK} if agreement.notice_method else {}
    to = {"to": BLANK} if agreement.notice_address else {}
    names = (client.name, agreement.reference, DecisionChoice.GIVE_NOTICE.value)
    return command_line(
        "/engagement renewal decide", *names, **known, reason=BLANK, notice_on=BLANK, **method, **to, proof=BLANK
    )


def _of_plan(planned_on: date, found: Standing) -> tuple[str, ...]:
    latest = found.send_by or found.next_notice_deadline or found.notice_deadline
    if latest is not None and planned_on > latest:
        return (f"That is later than {format_date(latest)}, the last day to send it for the current term.",)
    if found.notice_opens is not None and planned_on < found.notice_opens:
        return (f"That is before {format_date(found.notice_opens)}, from when on it can be given.",)
    return ()


def _of_late(agreement: Agreement, decision: Decision, found: Standing, today: date) -> str:
    """What holds after a notice that came too late: it stands as renewed only where ours would be too late, too."""
    still_ours = found.act_by(today)
    given, began = decision.notice_on, found.term_start
    is_of_this_term = given is None or began is None or given >= began
    if still_ours is None or not is_of_this_term:
        return f"It was given too late: {agreement.reference} stands as renewed."
    theirs = "The client's" if decision.notice_side is Side.CLIENT else "This"
    ours = f"Our own notice can still be given: {'send it' if still_ours == found.send_by else 'it has to arrive'}"
    return f"{theirs} notice was too late and ends nothing. {ours} by {format_date(still_ours)}."


def _how(agreement: Agreement, found: Standing, today: date) -> tuple[str, ...]:
    """When, how and where to give notice properly: no day that has passed is named."""
    deadline = found.next_notice_deadline
    if deadline is None:
        return ()
    by = f" by {method_words(agreement.notice_method)}" if agreement.notice_method else ""
    to = f" to {agreement.notice_address}" if agreement.notice_address else ""
    last = (found.act_by(today) if deadline == found.notice_deadline else None) or deadline
    what = "Send it" if last == found.send_by else "It has to arrive"
    return (f"{what}{by}{to} by {format_date(last)}.",)


def blanks(missing: Iterable[str]) -> dict[str, str]:
    """The options of `agreement edit` that are missing, to be filled in."""
    return {OPTIONS[name]: BLANK for name in missing if name in OPTIONS}
