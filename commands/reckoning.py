"""From what is stored to the one reckoning of a client's agreements, and what was decided about them in words."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, tzinfo

from commands.rules.agreements.reckoning import Outlook, Reckoning
from commands.rules.dates.business_days import business_calendar
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_person
from storage.records import Agreement, Client, Decision, DecisionChoice, Side
from storage.unit_of_work import UnitOfWork

DECIDED_WORDS = {
    DecisionChoice.RENEW: "renew",
    DecisionChoice.RENEGOTIATE: "renegotiate",
    DecisionChoice.GIVE_NOTICE: "give notice",
    DecisionChoice.LET_LAPSE: "let it lapse",
    DecisionChoice.ROLLED_OVER: "it renewed by itself",
}


def reckoning_of(uow: UnitOfWork, client: Client) -> Reckoning:
    """By the client's holidays."""
    calendar = business_calendar(client.country, client.subdivision)
    return Reckoning(uow.agreements.of_client(client.id), uow.decisions.of_client(client.id), calendar)


def reckoning_as_known(uow: UnitOfWork, client: Client, at: datetime) -> Reckoning:
    """By what was on record at that instant: what was decided or taken back later does not count."""
    made = [each for each in uow.decisions.of_client(client.id) if each.decided_at <= at]
    known = [each.changed(retracted_at=None) if each.retracted_at and each.retracted_at > at else each for each in made]
    calendar = business_calendar(client.country, client.subdivision)
    return Reckoning(uow.agreements.of_client_as_known(client.id, at), known, calendar)


def reckon(uow: UnitOfWork, clients: Iterable[Client]) -> Iterator[tuple[Client, Agreement, Reckoning]]:
    """Every agreement of these clients, with what it is reckoned by."""
    several = list(clients)
    for client in uow.prefetching(several) if len(several) > 1 else several:
        reckoning = reckoning_of(uow, client)
        for agreement in uow.agreements.of_client(client.id):
            yield client, agreement, reckoning


def decision_words(reckoning: Reckoning, agreement: Agreement, today: date, zone: tzinfo) -> str:
    """What was decided, what comes of it, by whom and on which day in `zone`; empty where nothing was, or it has
    happened.
    """
    outlook = reckoning.outlook(agreement, today)
    if outlook is None or outlook.has_happened:
        return ""
    decision = outlook.decision
    words = f"{decided_by_whom(decision)}{_result(outlook)}"
    decided_on = decision.decided_at.astimezone(zone).date()
    return f"{words} ({as_person(decision.decided_by)}, {format_date(decided_on)})"


def decided_by_whom(decision: Decision) -> str:
    """Give notice; or, where the client did, the client's notice."""
    if decision.decided is DecisionChoice.GIVE_NOTICE and decision.notice_side is Side.CLIENT:
        return "the client's notice"
    return DECIDED_WORDS[decision.decided]


def _result(outlook: Outlook) -> str:
    decision, verdict, ends_on = outlook.decision, outlook.verdict, outlook.ends_on
    if verdict is not None and verdict.ends_on is not None:
        ends = f"it ends on {format_date(ends_on)}" if ends_on else "but an amendment changed its term after that"
        return f": given on {given_on(decision)}, {ends}"
    if verdict is not None:
        anyway = f"; it ends on {format_date(ends_on)} all the same" if ends_on else ""
        return f": given on {given_on(decision)}, but it does not count, {'; '.join(verdict.problems)}{anyway}"
    if decision.decided is DecisionChoice.GIVE_NOTICE:
        planned = f", planned for {format_date(decision.notice_planned_on)}" if decision.notice_planned_on else ""
        return f": not given yet{planned}"
    if decision.decided is DecisionChoice.RENEW and ends_on is not None:
        return f", but it ends on {format_date(ends_on)} all the same"
    return "" if outlook.is_settled else ": open"


def given_on(decision: Decision) -> str:
    return format_date(decision.notice_on) if decision.notice_on else "an unknown day"
