"""One answer as it was given: the question as asked, the answer as shown, its row version, and what changed since."""

from collections.abc import Iterator

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.reply import Choice, Field, Reply, Table
from commands.rules.dates.format import format_date
from commands.rules.text.people import as_channel, as_person, naming_who_pressed
from commands.scope.answer import CHANGED, evidence_of
from commands.scope.changed_answers import now_phrase, rests_on_other
from commands.scope.neutral import party_phrase
from commands.scope.settlement import QUESTION, client_of, matrix_when_answered, question_numbered, relied_words
from storage.records import Client, Responsibility, Role, ScopeQuestion, Verdict
from storage.records.client import client_key


def show(ctx: Context, args: Arguments) -> Reply:
    """Read from what was kept when it was answered; nothing is worked out anew."""
    question = question_numbered(ctx, args.id)
    client = client_of(ctx, question)
    row = ctx.uow.responsibilities.find(question.responsibility_id) if question.responsibility_id else None
    settling_id = question.settled_responsibility_id
    settling = ctx.uow.responsibilities.find(settling_id) if settling_id else None
    rests_on = settling or row
    then = matrix_when_answered(ctx, client, question, rests_on)
    source = then.source(rests_on) if rests_on is not None else None
    asked_on = ctx.day_of(question.asked_at, client)
    known = f", by what was known on {format_date(question.known_at)}" if question.known_at else ""
    facts = (
        ("Asked", f'"{question.question}"'),
        ("By", f"{as_person(question.asked_by)}, {_stamp(ctx, client, question)}"),
        ("Where", as_channel(question.channel) if question.channel else None),
        ("About", f"{format_date(question.as_of)}{known}"),
        ("Answer", _answer_words(ctx, client, question, row)),
        ("Row", _row_words(ctx, row) if row else question.item),
        ("Offered", " or ".join(question.candidates) if question.verdict is Verdict.AMBIGUOUS else None),
        ("State", question.status.value),
        ("Settled", _settled(ctx, client, question, settling)),
        ("Settled with", _row_words(ctx, settling) if settling else None),
    )
    has_changed = rests_on_other(ctx, client, question, rests_on, then)
    changes = tuple(_changes(ctx, client, question, rests_on))
    shown = f"As it was shown:\n{question.shown}" if question.shown else "The words of the answer were not kept then."
    return Reply(
        f"Question {question.id} about {client.name}, answered on {format_date(asked_on)}.",
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        evidence=evidence_of(source, then.last_day(source), ctx.zone_of(client)) if source else None,
        cautions=tuple(f"Said then: {naming_who_pressed(caution)}" for caution in question.cautions),
        table=Table(("Since then", "On", "By"), changes) if changes else None,
        lines=(shown,)
        if changes
        else (shown, CHANGED if has_changed else "Nothing that it rests on has changed since."),
        choices=(Choice("Why this answer", f"scope why {question.id}"),),
        next_steps=(command_line("/engagement matrix history", client.name, rests_on.item),) if rests_on else (),
        data={
            "question": question.model_dump(mode="json"),
            "row": rests_on.model_dump(mode="json") if rests_on else None,
            "since": [list(change) for change in changes],
        },
    )


def _stamp(ctx: Context, client: Client, question: ScopeQuestion) -> str:
    local = question.asked_at.astimezone(ctx.zone_of(client))
    return f"{format_date(local.date())}, {local:%H:%M %Z}"


def _answer_words(ctx: Context, client: Client, question: ScopeQuestion, row: Responsibility | None) -> str:
    words = relied_words(ctx, client, question, question.verdict, row)
    return f"{words}: do not assume" if question.verdict is Verdict.UNDOCUMENTED else words


def _row_words(ctx: Context, row: Responsibility) -> str:
    clause = f", clause {row.clause}" if row.clause else ""
    notes = f": {row.notes}" if row.notes else ""
    return f"{row.item}{clause}{notes} (version {row.id}, {party_phrase(row.party, ctx.policy)})"


def _settled(ctx: Context, client: Client, question: ScopeQuestion, row: Responsibility | None) -> str | None:
    if question.settled_at is None:
        return None
    who = as_person(question.settled_by or "somebody")
    verdict = "no answer"
    if question.settled_verdict is not None:
        verdict = relied_words(ctx, client, question, question.settled_verdict, row)
    note = f": {question.settlement}" if question.settlement else ""
    return f"{verdict}, by {who} on {format_date(ctx.day_of(question.settled_at, client))}{note}"


def _place(row: Responsibility) -> tuple[int, str, str]:
    return row.agreement_id, client_key(row.item), client_key(row.category or "")


def _changes(
    ctx: Context, client: Client, question: ScopeQuestion, row: Responsibility | None
) -> Iterator[tuple[str, str, str]]:
    """What was recorded about the row after the answer, or the settlement; then the newest other answer."""
    is_settling = row is not None and row.id == question.settled_responsibility_id
    answered_at = question.settled_at if is_settling and question.settled_at else question.asked_at
    if row is not None:
        for version in ctx.uow.responsibilities.history(client.id):
            is_same = _place(version) == _place(row)
            if is_same and version.recorded_at > answered_at:
                words = f"the row says: {party_phrase(version.party, ctx.policy)}" + (
                    f", clause {version.clause}" if version.clause else ""
                )
                yield words, str(ctx.day_of(version.recorded_at, client)), as_person(version.recorded_by)
        if row.superseded_at is not None and row.superseded_at > answered_at:
            yield (
                "the row version it came from was replaced", str(ctx.day_of(row.superseded_at, client)),
                as_person(row.superseded_by or "somebody"),
            )  # fmt: skip
    change = ctx.uow.changed_answers.newest(client.id).get(question.id)
    if change is not None:
        words = f"the answer to it is: {now_phrase(ctx, client, change)}"
        yield words, str(ctx.day_of(change.changed_at, client)), ""


COMMANDS = (
    Command(
        "scope", "show", show, Role.VIEWER, "One answer as it was given, and what changed since",
        parameters=(QUESTION,), changes=False, example="/engagement scope show 12",
    ),
)  # fmt: skip
