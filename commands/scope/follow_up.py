"""What people do with an answer: see why, ask a manager, doubt its row, word it for the client, rate it."""

from dataclasses import replace
from enum import StrEnum

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict, NotFound, UsageError
from commands.grammar.words import command_line
from commands.history.known_at import matrix_as_known
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Field, Reply, Table
from commands.row_standings import RecordedMatrix
from commands.rules.dates.format import format_date
from commands.rules.questions.asked_item import asked_item
from commands.rules.scope.row_status import OVER
from commands.rules.text.people import as_person, naming_who_pressed
from commands.rules.text.phrases import shorten
from commands.rules.text.placeholders import BLANK
from commands.scope.access_limits import limits_when_asked
from commands.scope.answer import because_words, evidence_of
from commands.scope.client_wording import addendum_line, wording
from commands.scope.neutral import party_phrase, row_phrase, verdict_phrase
from commands.scope.settlement import QUESTION, client_of, matrix_when_answered, question_numbered
from commands.scope.telling import press_words, telling_of
from commands.signed_copies import copies_of
from storage.records import Agreement, Client, Party, QuestionStatus, Responsibility, Role, ScopeQuestion, Verdict

_LONGEST_ITEM = 300
_CLOSED = (QuestionStatus.SETTLED, QuestionStatus.DISMISSED)


class Rating(StrEnum):
    HELPFUL = "helpful"
    NOT_HELPFUL = "not_helpful"


def why(ctx: Context, args: Arguments) -> Reply:
    """How the question led to its row; worked out again, and said where the matrix has changed since."""
    question = _mine(ctx, args.id)
    client = client_of(ctx, question)
    matrix = (
        matrix_as_known(ctx, client, question.as_of, question.known_at)
        if question.known_at
        else ctx.matrices.of(ctx.uow, client, question.as_of)
    )
    answer = matrix.answer(question.question)
    source, because = answer.source, because_words(answer, ctx.zone_of(client))
    is_same = (source.row.id if source else None) == question.responsibility_id
    rows = tuple(
        (each.item, party_phrase(each.party, ctx.policy) if each.party else "documents disagree", f"{each.score:.0%}")
        for each in answer.candidates
    )
    kept = copies_of(ctx, client, source.paper) if source else None
    return Reply(
        f'{client.name}: the row is "{source.row.item}".' if source else f"{client.name}: no row decides this alone.",
        lines=(
            f'Asked: "{question.question}", as of {question.as_of}.',
            *((f"How it was found: {'; '.join(because)}.",) if because else ()),
            *((f"Signed copies kept of {source.paper.reference}: {kept}",) if source and kept else ()),
        ),
        evidence=evidence_of(source, answer.last_day, ctx.zone_of(client)) if source else None,
        cautions=(
            *(() if is_same else ("The matrix has changed since this was answered: ask again.",)),
            *map(naming_who_pressed, question.cautions),
        ),
        table=Table(("Row", "Whose", "How well it fits"), rows, "What was compared") if rows else None,
        choices=(Choice("Wrong row?", f"scope dispute {question.id}", opens_form=True),),
        data={"because": list(because)},
    )


def escalate(ctx: Context, args: Arguments) -> Reply:
    """The question waits for a manager from now on, whatever the answer was."""
    question = _mine(ctx, args.id)
    if question.status in _CLOSED:
        raise Conflict(f"Question {question.id} is {question.status.value} already: a manager has decided.")
    return _press(ctx, question, args.note, None)


def dispute(ctx: Context, args: Arguments) -> Reply:
    question = _mine(ctx, args.id)
    if not args.row and not args.note:
        raise UsageError(
            "Say which row would be right, or what is wrong.", fields={"row": "or a note is needed: what is wrong."}
        )
    return _press(ctx, question, args.note, args.row)


def word_for_client(ctx: Context, args: Arguments) -> Reply:
    """What the signed paper says today, in words to send to the client: no internal notes, nothing promised."""
    question = _mine(ctx, args.id)
    client = client_of(ctx, question)
    today = ctx.today_for(client)
    row, now = _row(ctx, question), RecordedMatrix(ctx.uow, client, today)
    source = now.source(row) if row is not None else None
    if source is None or now.status(source) in OVER:
        raise Conflict(
            "There is nothing to send: no agreement in force says whose this is.",
            next_steps=(f"/engagement scope escalate {question.id}",),
        )
    history = command_line("/engagement matrix history", client.name, source.row.item)
    if not source.agreement.is_signed:
        raise Conflict(
            f"{source.agreement.reference} is not signed by both sides, so nothing in it is sent to the client.",
            next_steps=(command_line("/engagement agreement show", client.name, source.agreement.reference),),
        )
    if source.is_proposed:
        raise Conflict(
            f'"{source.row.item}" is proposed, not agreed, so nothing is sent to the client.',
            next_steps=(history,),
        )
    if now.is_doubtful(source.row):
        raise Conflict(
            f"Whether {source.paper.reference} applies is not clear, so nothing is sent to the client.",
            next_steps=(f"/engagement scope escalate {question.id}",),
        )
    if source.first_day is not None and source.first_day > today:
        begins = f'"{source.row.item}" applies only from {format_date(source.first_day)} on'
        raise Conflict(f"{begins}, so nothing is sent to the client yet.", next_steps=(history,))
    standing = now.standings.get(source.row.id)
    if standing is not None and (standing.replaced is not None or standing.disagreement):
        raise Conflict(
            f'Nothing is sent to the client about "{source.row.item}": {standing.in_words}. Ask again.',
            next_steps=(history,),
        )
    is_old = source.row.superseded_at is not None
    limits = limits_when_asked(ctx, client, question, source, for_client=True)
    text = wording(client, source, limits, policy=ctx.policy)
    return Reply(
        f"Draft message to {client.name}.",
        copy=text,
        cautions=("The matrix has changed since this was answered: ask again before you send it.",) if is_old else (),
        next_steps=("Read it before you send it: the signed agreement is what counts.",),
        data={"wording": text},
    )


def draft(ctx: Context, args: Arguments) -> Reply:
    """A line for an addendum. It changes nothing: it counts once both sides have signed it."""
    question = question_numbered(ctx, args.id)
    client = client_of(ctx, question)
    agreement: Agreement | None = args.agreement or _paper(ctx, client)
    text = addendum_line(client, agreement, question, args.party, ctx.today_for(client))
    settle = command_line("scope settle", question.id, agreement=agreement.reference if agreement else None)
    return Reply(
        f"{client.name}: a line for an addendum" + (f" to {agreement.reference}." if agreement else "."),
        copy=text,
        cautions=("Not agreed yet: it counts once both sides have signed it.",),
        choices=(
            *((Choice("Settle", settle, opens_form=True),) if _may_settle(ctx, question) else ()),
            *_propose(client, agreement, question, args.party),
        ),
        data={"line": text},
    )


def _propose(
    client: Client, agreement: Agreement | None, question: ScopeQuestion, party: Party | None
) -> tuple[Choice, ...]:
    """The line as a proposed row: it is in the addendum that is written, and in force once that is signed."""
    item = asked_item(question.question) or question.question
    if agreement is None or len(item) > _LONGEST_ITEM:
        return ()
    typed = command_line(
        "matrix set", client.name, agreement.reference, item, party.value if party else BLANK, proposed="yes",
        clause=BLANK,
    )  # fmt: skip
    return (Choice("Propose the row", typed, opens_form=True),)


def rate(ctx: Context, args: Arguments) -> Reply:
    """Kept in the audit log with the question's number; it changes no answer."""
    question = _mine(ctx, args.id)
    if args.rating is Rating.HELPFUL:
        return Reply("Thank you, noted.", data={"question_id": question.id, "rating": args.rating.value})
    return Reply(
        "Thank you, noted. What was wrong with it?",
        choices=(
            Choice("Wrong row?", f"scope dispute {question.id}", opens_form=True),
            Choice("Ask a manager", f"scope escalate {question.id}", opens_form=True),
        ),
        data={"question_id": question.id, "rating": args.rating.value},
    )


def _mine(ctx: Context, id: int) -> ScopeQuestion:
    """Raises NotFound for somebody else's question, unless technicians and above ask."""
    question = question_numbered(ctx, id)
    if question.asked_by != ctx.actor.user and not ctx.actor.role.may_act_as(Role.TECHNICIAN):
        raise NotFound(f"You did not ask question {id}.")
    return question


def _press(ctx: Context, asked: ScopeQuestion, note: str | None, row: str | None) -> Reply:
    """Open the question, or the one it joined, and have whoever settles it told at once."""
    joined = ctx.uow.questions.find(asked.joined_id) if asked.joined_id else None
    question = joined if joined is not None and joined.status is QuestionStatus.OPEN else asked
    client = client_of(ctx, question)
    said = f' Note: "{note}"' if note else ""
    instead = f' Right would be "{row}".' if row else ""
    what = "Doubted" if row or question.verdict is not Verdict.UNDOCUMENTED else "A manager is asked"
    caution = shorten(f"{what} by {as_person(ctx.actor.user)}, not settled yet.{instead}{said}", 500)
    pressed = ctx.uow.questions.save(
        question.changed(
            status=QuestionStatus.OPEN,
            cautions=(*question.cautions, caution),
            settled_by=None, settled_at=None, settled_verdict=None, settled_responsibility_id=None, settlement=None,
            asker_told_at=None, told_from=ctx.now, presses=question.presses + 1,
            suggested_item=row or question.suggested_item,
        )
    )  # fmt: skip
    if question.settled_responsibility_id is not None:  # its wording is not settled any more
        ctx.uow.clients.matrix_changed(client.id)
    facts = (
        ("Question", question.question),
        ("Answer", _answer_words(ctx, client, question)),
        ("Note", note),
        ("Row", row),
    )
    telling = telling_of(ctx, client, pressed)
    return Reply(
        f"Question {question.id} of {client.name} waits for a manager now.",
        fields=tuple(Field(label, value) for label, value in facts if value),
        next_steps=(press_words(ctx, client, pressed),),
        data={"question_id": question.id, "asked": telling.to if telling else None},
    )


def _may_settle(ctx: Context, question: ScopeQuestion) -> bool:
    return question.status is QuestionStatus.OPEN and ctx.actor.role.may_act_as(Role.MANAGER)


def _row(ctx: Context, question: ScopeQuestion) -> Responsibility | None:
    """The row version that the answer came from, or that a manager settled it with."""
    row_id = question.settled_responsibility_id or question.responsibility_id
    return ctx.uow.responsibilities.find(row_id) if row_id else None


def _answer_words(ctx: Context, client: Client, question: ScopeQuestion) -> str:
    """The answer as it was given, with its row and whether anybody could rely on that."""
    row = _row(ctx, question)
    then = matrix_when_answered(ctx, client, question, row)
    source = then.source(row) if row is not None else None
    verdict = question.settled_verdict or question.verdict
    if source is None or verdict is Verdict.LAPSED:
        return verdict_phrase(verdict, ctx.policy)
    said = row_phrase(source, ctx.policy, is_doubtful=then.is_doubtful(source.row))
    return f"{source.row.item}: {said}"


def _paper(ctx: Context, client: Client) -> Agreement | None:
    """The signed agreement with the most rows: that is where one more belongs."""
    rows = ctx.uow.responsibilities.current(client.id)
    papers = [agreement for agreement in ctx.uow.agreements.of_client(client.id) if agreement.is_signed]
    return max(papers, key=lambda paper: sum(row.agreement_id == paper.id for row in rows), default=None)


_WHAT_HAPPENS = "what the manager should know, who gets a message now, at night when work begins"
_AT_ONCE = "A manager gets a message now, at night when work begins. You are told what is decided"
_NOTE = Parameter("note", "what a manager should know", Kind.LONG_TEXT)
COMMANDS = (
    Command(
        "scope", "why", why, Role.VIEWER, "Why an answer rests on its row", parameters=(QUESTION,), changes=False,
        example="/engagement scope why 12",
    ),
    Command(
        "scope", "escalate", escalate, Role.VIEWER, "Have a manager decide about an answer",
        form=FormLayout(submit="Ask"),
        parameters=(QUESTION, replace(_NOTE, help=_WHAT_HAPPENS, hint=_AT_ONCE)),
        example="/engagement scope escalate 12",
    ),
    Command(
        "scope", "dispute", dispute, Role.VIEWER, "Say that an answer rests on the wrong row",
        parameters=(QUESTION, Parameter("row", "the row that would be right", Kind.ITEM), _NOTE),
        example='/engagement scope dispute 12 row:"Server backup"',
    ),
    Command(
        "scope", "wording", word_for_client, Role.VIEWER, "An answer in words that can be sent to the client",
        parameters=(QUESTION,), changes=False, example="/engagement scope wording 12",
    ),
    Command(
        "scope", "draft", draft, Role.TECHNICIAN, "A line for an addendum that would answer a question",
        parameters=(
            QUESTION,
            Parameter("party", "whose it shall be", Kind.CHOICE, positional=True, choices=Party),
            Parameter("agreement", "the agreement to add it to", Kind.AGREEMENT),
        ),
        changes=False, example="/engagement scope draft 12 client",
    ),
    Command(
        "scope", "rate", rate, Role.VIEWER, "Say whether an answer helped",
        parameters=(
            QUESTION,
            Parameter("rating", "did it help", Kind.CHOICE, positional=True, required=True, choices=Rating),
        ),
        example="/engagement scope rate 12 helpful",
    ),
)  # fmt: skip
