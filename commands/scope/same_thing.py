"""Open questions about one thing: found by their words and by what they mean, and joined."""

from dataclasses import dataclass

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict, NotFound
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Reply
from commands.rules.matching.nearness import nearest
from commands.rules.questions.same_thing import MOST_COMPARED, Likeness, is_about_another, likeness, numbers_said
from commands.rules.text.phrases import shorten
from commands.scope.settlement import QUESTION, client_of, question_numbered, same_question
from storage.records import Client, QuestionStatus, Role, ScopeQuestion


@dataclass(frozen=True, slots=True)
class Earlier:
    """An open question, and how sure it is that another one asks about the same thing."""

    question: ScopeQuestion
    likeness: Likeness


def earlier_question(ctx: Context, client: Client, question: str) -> Earlier | None:
    """The open question of the client that asks about the same thing, or may."""
    waiting = ctx.uow.questions.open(client.id)
    if (same := same_question(waiting, question)) is not None:
        return Earlier(same, Likeness.SAME)
    if not waiting or (vectors := ctx.matrices.question_vectors) is None:
        return None
    compared = [each for each in waiting if not is_about_another(each.question, question)][-MOST_COMPARED:]
    if not compared:
        return None
    place, nearness = nearest(vectors, question, [each.question for each in compared])
    is_same = numbers_said(compared[place].question) == numbers_said(question)
    found = likeness(nearness, has_same_numbers=is_same)
    return Earlier(compared[place], found) if found is not Likeness.OTHER else None


def same_choices(question: ScopeQuestion, earlier: ScopeQuestion) -> tuple[str, Choice]:
    """The question whether it is the same as an earlier one, and the button that says so."""
    asked = f'Is this the same as no. {earlier.id}, "{shorten(earlier.question, 150)}"?'
    return asked, Choice(f"Same as no. {earlier.id}", f"scope join {question.id} {earlier.id}")


def join(ctx: Context, args: Arguments) -> Reply:
    """Both wait as one from now on; whoever asked either is told what is decided."""
    question, other = question_numbered(ctx, args.id), question_numbered(ctx, args.same_as)
    if question.asked_by != ctx.actor.user and not ctx.actor.role.may_act_as(Role.TECHNICIAN):
        raise NotFound(f"You did not ask question {args.id}.")
    if question.id == other.id or question.client_id != other.client_id:
        raise Conflict("Two questions about one client are needed.", next_steps=("/engagement scope open",))
    for each in (question, other):
        if each.status is not QuestionStatus.OPEN:
            raise Conflict(f"Question {each.id} is not open any more.", next_steps=("/engagement scope open",))
    ctx.uow.questions.save(question.changed(status=QuestionStatus.ANSWERED, joined_id=other.id))
    for each in ctx.uow.questions.joined_to(question):
        ctx.uow.questions.save(each.changed(joined_id=other.id))
    return Reply(
        f"{client_of(ctx, question).name}: question {question.id} waits as no. {other.id} now.",
        lines=(other.question,),
        next_steps=("Whoever asked is told what is decided.",),
        data={"question_id": question.id, "joined": other.id},
    )


COMMANDS = (
    Command(
        "scope", "join", join, Role.VIEWER, "Say that two open questions ask about one thing",
        parameters=(
            QUESTION,
            Parameter("same-as", "the number of the other question", Kind.QUESTION, positional=True, required=True),
        ),
        example="/engagement scope join 12 9",
    ),
)  # fmt: skip
