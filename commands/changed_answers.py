"""Whoever asked is told when a later change to the matrix or its paper gives another answer.

Looked at: the questions of the last 90 days about the client, as of the day they were asked, the newest of each person
and wording. Whoever makes the change is not told of it.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from commands.context import Context
from commands.matrices import Matrices
from commands.reply import Choice, Field, Notice, Reply, Table
from commands.rules.scope import ScopeAnswer
from commands.scope_answer import PARTY_PHRASES, evidence_of, evidence_words, shortened
from commands.words import command_line
from storage.records import Agreement, Client, QuestionStatus, Responsibility, ScopeQuestion, Verdict
from storage.records.client import client_key

_LOOKED_BACK = timedelta(days=90)
_MOST = 300
_SHOWN = 20
_PARTS = ("party", "msp_part", "client_part", "third_party")
_Change = tuple[ScopeQuestion, str, ScopeAnswer]


def changed_answers(ctx: Context) -> tuple[Notice, ...]:
    """One message for each person whose answers are different after what this unit of work changed."""
    return tuple(
        Notice(user, _told(client, changes))
        for client in _touched(ctx)
        for user, changes in _by_asker(_changes(ctx, client)).items()
    )


def _touched(ctx: Context) -> Iterable[Client]:
    """Clients with a changed row, or with changed paper that has rows."""
    records = [record for pair in ctx.uow.recorded for record in pair]
    ids = {record.client_id for record in records if isinstance(record, Responsibility | Agreement)}
    found = (ctx.uow.clients.find(id) for id in sorted(ids))
    return (client for client in found if client is not None)


def _changes(ctx: Context, client: Client) -> list[_Change]:
    touched = {record.id for pair in ctx.uow.recorded for record in pair if isinstance(record, ScopeQuestion)}
    asked = ctx.uow.questions.asked_since(client.id, ctx.now - _LOOKED_BACK, _MOST)
    if not asked:
        return []
    matrix = Matrices().of(ctx.uow, client, ctx.today_for(client))  # not the shared ones: this may yet be rolled back
    answers: dict[str, ScopeAnswer] = {}
    newest: set[tuple[str, str]] = set()
    changes = []
    for question in asked:
        key = (question.asked_by, client_key(question.question))
        if key in newest or not _is_looked_at(ctx, question) or question.id in touched:
            continue
        newest.add(key)
        if key[1] not in answers:
            answers[key[1]] = matrix.answer(question.question)
        answer = answers[key[1]]
        if _differs(ctx, question, answer):
            changes.append((question, _before(ctx, question), answer))
    return changes


def _is_looked_at(ctx: Context, question: ScopeQuestion) -> bool:
    """Not those about another day, nor those that got no answer but a choice, nor those that were dismissed."""
    about_its_day = abs((question.as_of - question.asked_at.date()).days) <= 1
    is_person = question.asked_by[:1] in ("U", "W") and question.asked_by != ctx.actor.user
    has_answer = question.verdict is not Verdict.AMBIGUOUS and question.status is not QuestionStatus.DISMISSED
    return about_its_day and is_person and has_answer


def _differs(ctx: Context, question: ScopeQuestion, answer: ScopeAnswer) -> bool:
    """Another verdict, or other parts of the same one. A question that became a choice is no answer to compare."""
    if answer.verdict is Verdict.AMBIGUOUS:
        return False
    known = question.settled_verdict or question.verdict
    if answer.verdict is not known:
        return not (question.settled_verdict is not None and answer.source is None)
    row_id = question.settled_responsibility_id or question.responsibility_id
    old = ctx.uow.responsibilities.find(row_id) if row_id else None
    new = answer.source.row if answer.source else None
    if old is None or new is None or old.id == new.id:
        return False
    return any(getattr(old, part) != getattr(new, part) for part in _PARTS)


def _before(ctx: Context, question: ScopeQuestion) -> str:
    row_id = question.settled_responsibility_id or question.responsibility_id
    row = ctx.uow.responsibilities.find(row_id) if row_id else None
    if row is not None and question.verdict is not Verdict.LAPSED:
        return PARTY_PHRASES[row.party]
    return (question.settled_verdict or question.verdict).value.replace("_", " ")


def _by_asker(changes: Iterable[_Change]) -> Mapping[str, list[_Change]]:
    found: dict[str, list[_Change]] = {}
    for change in changes:
        found.setdefault(change[0].asked_by, []).append(change)
    return found


def _told(client: Client, changes: list[_Change]) -> Reply:
    if len(changes) == 1:
        question, before, answer = changes[0]
        fields = (("Question", question.question), ("Before", before), ("Now", _now(answer)))
        evidence = evidence_of(answer.source) if answer.source else None
        again = f"{command_line('scope ask', client=client.name)} {shortened(question.question, 900)}"
        return Reply(
            f"{client.name}: an answer you got on {question.asked_at.date()} has changed.",
            fields=tuple(Field(label, value) for label, value in fields),
            evidence=evidence,
            choices=(Choice("Ask again", again),),
        )
    rows = tuple((question.question, before, _now(answer)) for question, before, answer in changes[:_SHOWN])
    more = (f"{len(changes) - _SHOWN} more changed: ask again before you rely on one.",)
    return Reply(
        f"{client.name}: {len(changes)} answers you got have changed.",
        table=Table(("Question", "Before", "Now"), rows),
        next_steps=more if len(changes) > _SHOWN else (),
    )


def _now(answer: ScopeAnswer) -> str:
    if answer.source is None or answer.verdict is Verdict.LAPSED:
        return answer.verdict.value.replace("_", " ")
    return f"{PARTY_PHRASES[answer.source.row.party]} ({evidence_words(evidence_of(answer.source))})"
