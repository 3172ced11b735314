"""Whoever asked is told when a later change to the matrix or its paper gives another answer, or its day has come.

An answer is another one, too, where the paper behind it was signed since, or is not signed any more, and where it is
not clear any more that it applies, or is clear now. Looked at: the questions of the last 90 days about the client, as
of the day they were asked, the newest of each person and wording. Whoever makes the change is not told of it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum, auto

from commands.command import Context
from commands.grammar.words import command_line
from commands.policy import Policy
from commands.reckoning import reckoning_of
from commands.reply import Choice, Field, Notice, Reply, Table
from commands.row_standings import RecordedMatrix
from commands.rules.dates.format import format_date
from commands.rules.scope.answer import ClientMatrix, ScopeAnswer
from commands.rules.scope.precedence import Source
from commands.rules.scope.row_status import OVER, RowStatus
from commands.rules.text.phrases import counted, shorten
from commands.scope.answer import evidence_of
from commands.scope.neutral import party_phrase, relied_phrase, row_phrase, verdict_phrase
from storage.records import (
    Agreement,
    ChangedAnswer,
    Client,
    QuestionStatus,
    Responsibility,
    ScopeQuestion,
    Verdict,
)
from storage.records.client import client_key
from storage.unit_of_work import UnitOfWork

LOOKED_BACK = timedelta(days=90)
_DAYS_BACK = 7
_MOST = 300
_SHOWN = 20
_NAMES = ("item", "category")
_PARTS = ("party", "msp_part", "client_part", "third_party")


@dataclass(frozen=True, slots=True)
class _LastAnswer:
    """The answer to a question so far, given `at`. `row_id` None: no row says it. `is_decision`: a manager gave it.
    `is_sure`: nothing weakened it; not known of every answer.
    """

    verdict: Verdict
    row_id: int | None
    at: datetime
    is_decision: bool = False
    is_sure: bool = False


def changed_answers(ctx: Context) -> tuple[Notice, ...]:
    """One message for each person whose answers are different after what this unit of work changed.

    That they changed is recorded in the same unit: whoever is not told at once is told later.
    """
    return tuple(notice for client in _affected_clients(ctx) for notice in _notices(ctx, client))


def note_day(ctx: Context, client: Client) -> int:
    """Record which answers are different because a day came on which a row or a paper begins or ends to apply, at most
    a week ago; how many. Those who got them are told with what was not told at once.
    """
    return len(ctx.uow.changed_answers.record(_changes(ctx, client)))


def may_have_changed(ctx: Context, client: Client) -> bool:
    """Whether something applies on the client's day that did not in the week before, or the other way round."""
    today = ctx.today_for(client)
    reckoning = reckoning_of(ctx.uow, client)
    rows = ctx.uow.responsibilities.current(client.id)
    papers = ctx.uow.agreements.of_client(client.id)
    days = [today - timedelta(days=back) for back in range(_DAYS_BACK + 1)]
    states = {
        (*(reckoning.force(paper, day) for paper in papers), *(row.in_force_on(day) for row in rows)) for day in days
    }
    return len(states) > 1


def changed_reply(
    uow: UnitOfWork, client: Client, changes: Sequence[ChangedAnswer], policy: Policy | None = None
) -> Reply:
    """What one person is told whose answers about `client` changed."""
    zone = client.zone or (policy.zone if policy else UTC)
    if len(changes) == 1:
        [change] = changes
        question, now = _question(uow, change), _matrix_of(uow, client, change, zone)
        source = _source(uow, change, now)
        fields = (("Question", question.question), ("Before", change.before), ("Now", _now(uow, change, now, policy)))
        asked_on = question.asked_at.astimezone(zone).date()
        again = f"{command_line('scope ask', client=client.name)} {shorten(question.question, 900)}"
        return Reply(
            f"{client.name}: an answer you got on {asked_on} has changed.",
            fields=tuple(Field(label, value) for label, value in fields),
            evidence=evidence_of(source, now.last_day(source), zone) if source else None,
            choices=(Choice("Ask again", again),),
        )
    rows = tuple(
        (_question(uow, each).question, each.before, _now(uow, each, _matrix_of(uow, client, each, zone), policy))
        for each in changes[:_SHOWN]
    )
    more = (f"{len(changes) - _SHOWN} more changed: ask again before you rely on one.",)
    return Reply(
        f"{client.name}: {counted(len(changes), 'answer you got has', 'answers you got have')} changed.",
        table=Table(("Question", "Before", "Now"), rows),
        next_steps=more if len(changes) > _SHOWN else (),
    )


def _notices(ctx: Context, client: Client) -> Iterable[Notice]:
    by_asker: dict[str, list[ChangedAnswer]] = {}
    for change in ctx.uow.changed_answers.record(_changes(ctx, client)):
        if change.told_at is None:
            by_asker.setdefault(change.asked_by, []).append(change)
    for user, changes in by_asker.items():
        words = changed_reply(ctx.uow, client, changes, ctx.policy)
        yield Notice(user, words, receipt=f"changed:{changes[0].id}")


def _affected_clients(ctx: Context) -> Iterable[Client]:
    """Clients with a changed row, or with changed paper that has rows."""
    records = [record for pair in ctx.uow.recorded for record in pair]
    ids = {record.client_id for record in records if isinstance(record, Responsibility | Agreement)}
    if len(ids) > 1:  # by an import: of most clients nothing was asked
        ids = ctx.uow.questions.asked_about(sorted(ids), ctx.now - LOOKED_BACK)
    found = (ctx.uow.clients.find(id) for id in sorted(ids))
    return [client for client in found if client is not None]


def _changes(ctx: Context, client: Client) -> list[ChangedAnswer]:
    touched = {record.id for pair in ctx.uow.recorded for record in pair if isinstance(record, ScopeQuestion)}
    asked = ctx.uow.questions.asked_since(client.id, ctx.now - LOOKED_BACK, _MOST)
    if not asked:
        return []
    matrix = ctx.matrices.built(ctx.uow, client, ctx.today_for(client))  # not kept: this may yet be rolled back
    earlier = ctx.uow.changed_answers.newest(client.id)
    answers: dict[str, ScopeAnswer] = {}
    newest: set[tuple[str, str]] = set()
    changes = []
    for question in asked:
        key = (question.asked_by, client_key(question.question))
        if key in newest or not _is_looked_at(question) or question.id in touched:
            continue
        newest.add(key)
        if key[1] not in answers:
            answers[key[1]] = matrix.answer(question.question)
        known = _last_answer(question, earlier.get(question.id))
        answer = _by_its_row(ctx, matrix, known, answers[key[1]])
        then = RecordedMatrix(ctx.uow, client, ctx.day_of(known.at, client), known.at)
        if _differs(ctx, known, then, answer):
            changes.append(_change(ctx, question, known, then, answer))
    return changes


def _change(
    ctx: Context, question: ScopeQuestion, known: _LastAnswer, then: RecordedMatrix, answer: ScopeAnswer
) -> ChangedAnswer:
    is_own = question.asked_by == ctx.actor.user
    return ChangedAnswer(
        client_id=question.client_id,
        scope_question_id=question.id,
        asked_by=question.asked_by,
        changed_at=ctx.now,
        before=_before(ctx, known, then),
        verdict=answer.verdict,
        responsibility_id=answer.source.row.id if answer.source else None,
        told_at=ctx.now if is_own else None,
    )


def _last_answer(question: ScopeQuestion, change: ChangedAnswer | None) -> _LastAnswer:
    """The newest of: what was answered, what a manager settled, what a change made of it."""
    if change is not None and (question.settled_at is None or change.changed_at > question.settled_at):
        return _LastAnswer(change.verdict, change.responsibility_id, change.changed_at)
    if question.settled_verdict is None or question.settled_at is None:
        return _LastAnswer(
            question.verdict, question.responsibility_id, question.asked_at, is_sure=not question.cautions
        )
    row_id = question.settled_responsibility_id
    return _LastAnswer(question.settled_verdict, row_id, question.settled_at, is_decision=True)


def _by_its_row(ctx: Context, matrix: ClientMatrix, known: _LastAnswer, answer: ScopeAnswer) -> ScopeAnswer:
    """Whoever asks in settled words is asked back once the row was changed; the answer so far is compared with the row
    as it is now.
    """
    if answer.verdict is not Verdict.AMBIGUOUS or answer.settled is None:
        return answer
    row = ctx.uow.responsibilities.find(known.row_id) if known.row_id else None
    return (matrix.about(row) if row is not None else None) or answer


def _is_looked_at(question: ScopeQuestion) -> bool:
    """Not those about another day, or what was known then, that got no answer but a choice, or were dismissed."""
    about_its_day = abs((question.as_of - question.asked_at.date()).days) <= 1
    is_person = question.asked_by[:1] in ("U", "W")
    has_answer = (
        question.known_at is None
        and question.verdict is not Verdict.AMBIGUOUS
        and question.status is not QuestionStatus.DISMISSED
    )
    return about_its_day and is_person and has_answer


def _differs(ctx: Context, known: _LastAnswer, then: RecordedMatrix, answer: ScopeAnswer) -> bool:
    """Another verdict, other parts of the same one, or other paper behind it: signed or not, clear or not. A question
    that became a choice is no answer to compare, but papers that began to disagree are. What a manager decided stands
    where no paper says otherwise and its row is there. `then`: what was on record when the answer so far was given.
    """
    if answer.verdict is Verdict.AMBIGUOUS and answer.open_point is None:
        return False
    old = ctx.uow.responsibilities.find(known.row_id) if known.row_id else None
    if answer.verdict is not known.verdict:
        says_nothing = answer.source is None and answer.open_point is None
        return not (known.is_decision and says_nothing) or (old is not None and old.superseded_at is not None)
    new = answer.source.row if answer.source else None
    if old is None or new is None or answer.verdict is Verdict.LAPSED:
        return False
    before, now = _reliance(then.source(old)), _reliance(answer.source)
    if before is not now:
        return True
    was_doubtful = not known.is_sure and then.is_doubtful(old)
    if now is _Reliance.AGREED and was_doubtful is not answer.is_doubtful:
        return True
    return old.id != new.id and any(getattr(old, part) != getattr(new, part) for part in _PARTS)


def rests_on_other(
    ctx: Context, client: Client, question: ScopeQuestion, row: Responsibility | None, then: RecordedMatrix
) -> bool:
    """Whether its answer has changed, or the paper behind its row is signed or carried otherwise than `then`, is over
    since, or it is not clear any more that it applies.
    """
    if question.id in ctx.uow.changed_answers.newest(client.id):
        return True
    now = RecordedMatrix(ctx.uow, client, ctx.today_for(client))
    source = now.source(row) if row is not None else None
    if row is None or source is None:
        return False
    if _reliance(then.source(row)) is not _reliance(source):
        return True
    asked_on = ctx.day_of(question.asked_at, client)
    if (now.status(source, asked_on) in OVER) is not (now.status(source) in OVER):
        return True
    return now.is_doubtful(row) and then.day >= asked_on and not then.is_doubtful(row)


class _Reliance(Enum):
    """How far the paper behind an answer lets anybody rely on it."""

    NOT_SIGNED = auto()
    PROPOSED = auto()
    AGREED = auto()


def _reliance(source: Source | None) -> _Reliance | None:
    if source is None:
        return None
    if not source.agreement.is_signed:
        return _Reliance.NOT_SIGNED
    return _Reliance.PROPOSED if source.is_proposed else _Reliance.AGREED


def _before(ctx: Context, known: _LastAnswer, then: RecordedMatrix) -> str:
    row = ctx.uow.responsibilities.find(known.row_id) if known.row_id else None
    if row is None or known.verdict is Verdict.LAPSED:
        return _verdict_words(known.verdict, ctx.policy)
    source = then.source(row)
    if source is None:
        return party_phrase(row.party, ctx.policy)
    return relied_phrase(source, ctx.policy, is_doubtful=then.is_doubtful(row))


def _question(uow: UnitOfWork, change: ChangedAnswer) -> ScopeQuestion:
    question = uow.questions.find(change.scope_question_id)
    assert question is not None, "a question is never deleted"
    return question


def _matrix_of(uow: UnitOfWork, client: Client, change: ChangedAnswer, zone: tzinfo) -> RecordedMatrix:
    """As recorded now, for the client's day on which the answer changed."""
    return RecordedMatrix(uow, client, change.changed_at.astimezone(zone).date())


def _source(uow: UnitOfWork, change: ChangedAnswer, now: RecordedMatrix) -> Source | None:
    row = uow.responsibilities.find(change.responsibility_id) if change.responsibility_id else None
    return now.source(row) if row is not None else None


def _now(uow: UnitOfWork, change: ChangedAnswer, now: RecordedMatrix, policy: Policy | None) -> str:
    source = _source(uow, change, now)
    if source is None or change.verdict is Verdict.LAPSED:
        return "; ".join((_verdict_words(change.verdict, policy), *_agreed_for_later(uow, change, now, policy)))
    return row_phrase(source, policy, is_doubtful=now.is_doubtful(source.row))


def now_phrase(ctx: Context, client: Client, change: ChangedAnswer) -> str:
    """Whose it is since the answer changed, and whether anybody can rely on it."""
    now = _matrix_of(ctx.uow, client, change, ctx.zone_of(client))
    source = _source(ctx.uow, change, now)
    if source is None or change.verdict is Verdict.LAPSED:
        return _verdict_words(change.verdict, ctx.policy)
    return relied_phrase(source, ctx.policy, is_doubtful=now.is_doubtful(source.row))


def _agreed_for_later(
    uow: UnitOfWork, change: ChangedAnswer, now: RecordedMatrix, policy: Policy | None
) -> Iterator[str]:
    """From which day on signed paper says whose the row that was answered with is."""
    if change.verdict not in (Verdict.UNDOCUMENTED, Verdict.LAPSED):
        return
    question = _question(uow, change)
    row_id = question.settled_responsibility_id or question.responsibility_id
    row = uow.responsibilities.find(row_id) if row_id else None
    for each in now.standings.values():
        is_later = each.status is RowStatus.TO_COME and _reliance(each.source) is _Reliance.AGREED
        if row is not None and is_later and _is_same_row(each.row, row):
            day = each.source.first_day
            begins = f"from {format_date(day)} on" if day else "later"
            yield f"{begins}: {row_phrase(each.source, policy, is_doubtful=False)}"


def _is_same_row(one: Responsibility, other: Responsibility) -> bool:
    return all(client_key(getattr(one, name) or "") == client_key(getattr(other, name) or "") for name in _NAMES)


def _verdict_words(verdict: Verdict, policy: Policy | None) -> str:
    """Of an answer that changed, where no row says it: of a choice there is no change but to papers that disagree."""
    return "the papers disagree" if verdict is Verdict.AMBIGUOUS else verdict_phrase(verdict, policy)
