"""Scope questions: "is X ours?", answered from the signed matrix, kept, and settled where nothing covers it."""

from dataclasses import replace
from datetime import date

from commands import lookup
from commands.arguments import Arguments
from commands.client import CLIENT
from commands.context import Context
from commands.errors import Conflict, NotFound, UsageError
from commands.registry import Command, Kind, Parameter
from commands.reply import Choice, Emphasis, Field, Notice, Reply, Table
from commands.responsibility import PARTY_WORDS, find_row, replace_row
from commands.rules.precedence import Source
from commands.rules.scope import ScopeAnswer
from commands.scope_answer import PARTY_PHRASES, answer_reply, told_again
from commands.words import command_line
from storage.records import (
    Agreement,
    Client,
    Party,
    QuestionStatus,
    Responsibility,
    Role,
    ScopeQuestion,
    Verdict,
)

_LONGEST = 1000
_PAGE = 25


def ask(ctx: Context, args: Arguments) -> Reply:
    client, question = _client_and_question(ctx, args)
    as_of = args.as_of or ctx.today_for(client)
    answer = ctx.matrices.of(ctx.uow, client, as_of).answer(question)
    joined = ctx.uow.questions.find_open(client.id, question) if answer.verdict is Verdict.UNDOCUMENTED else None
    kept = _keep(ctx, client, question, as_of, answer)
    reply = answer_reply(client, kept, answer)
    if kept.status is QuestionStatus.OPEN and joined is None:
        return _with_notice(ctx, client, kept, reply)
    return reply


def share(ctx: Context, args: Arguments) -> Reply:
    """The same answer, from the same row version, for everybody in the channel."""
    kept = _found(ctx, args.id)
    if kept.asked_by != ctx.actor.user and not ctx.actor.role.may_act_as(Role.MANAGER):
        raise NotFound(f"You did not ask question {args.id}.")
    client = _client_of(ctx, kept)
    row = ctx.uow.responsibilities.find(kept.responsibility_id) if kept.responsibility_id else None
    agreement = ctx.uow.agreements.find(row.agreement_id) if row else None
    return told_again(client, kept, Source(row, agreement) if row and agreement else None)


def show_open(ctx: Context, args: Arguments) -> Reply:
    client: Client | None = args.client
    questions = ctx.uow.questions.open(client.id if client else None)
    if not questions:
        return Reply("No scope question is open.")
    names = {known.id: known.name for known in ctx.uow.clients.list(offboarded=True)}
    rows = tuple(
        (str(each.id), names[each.client_id], each.question, f"<@{each.asked_by}>", str(each.asked_at.date()))
        for each in questions
    )
    first = questions[0]
    return Reply(
        f"{len(questions)} scope question{' is' if len(questions) == 1 else 's are'} open, the oldest first.",
        table=Table(("No.", "Client", "Question", "Asked by", "On"), rows),
        choices=(Choice(f"Settle no. {first.id}", command_line("scope settle", first.id), opens_form=True),),
        next_steps=(f'/engagement scope settle {first.id} row:"ITEM"', f"/engagement scope settle {first.id} client"),
        data={"questions": [each.model_dump(mode="json") for each in questions]},
    )


def settle(ctx: Context, args: Arguments) -> Reply:
    question = _found(ctx, args.id)
    if question.status is not QuestionStatus.OPEN:
        raise Conflict(f"Question {question.id} is {question.status.value} already" + _by_whom(question) + ".")
    client = _client_of(ctx, question)
    row = _settling_row(ctx, client, args, question)
    if row is None and args.party is None and not args.dismiss:
        raise UsageError(
            "Say what the answer is: a party, an existing row, or dismiss it with a reason.",
            fields={"party": "or a row is needed."},
            next_steps=(
                f'/engagement scope settle {question.id} row:"ITEM"',
                f"/engagement scope settle {question.id} client",
            ),
        )
    if args.dismiss and not args.note:
        raise UsageError("note is missing: why it is dismissed.", fields={"note": "is missing: why it is dismissed."})
    verdict = Verdict(row.party.value) if row else Verdict(args.party.value) if args.party else None
    settled = ctx.uow.questions.save(
        question.changed(
            status=QuestionStatus.DISMISSED if args.dismiss else QuestionStatus.SETTLED,
            settled_by=ctx.actor.user,
            settled_at=ctx.now,
            settled_verdict=verdict,
            settled_responsibility_id=row.id if row else None,
            settlement=args.note,
        )
    )
    return _settled_reply(ctx, client, settled, row)


def history(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    questions = ctx.uow.questions.history(client.id, args.limit or _PAGE, args.before)
    if not questions:
        return Reply(f"Nobody has asked about {client.name} yet.")
    rows = tuple(
        (
            str(each.id), str(each.asked_at.date()), f"<@{each.asked_by}>", each.question,
            each.verdict.value.replace("_", " "), each.item or "", each.status.value,
        )
        for each in questions
    )  # fmt: skip
    return Reply(
        f"The {len(questions)} newest questions about {client.name}.",
        table=Table(("No.", "On", "Asked by", "Question", "Verdict", "Row", "State"), rows),
        next_steps=(command_line("/engagement scope history", client.name, before=questions[-1].id),)
        if len(questions) == (args.limit or _PAGE)
        else (),
        data={"questions": [each.model_dump(mode="json") for each in questions]},
    )


def _client_and_question(ctx: Context, args: Arguments) -> tuple[Client, str]:
    client: Client | None = args.client
    question = (args.question or "").strip()
    if client is None:
        client = lookup.linked_client(ctx)
    if client is None:
        raise NotFound(
            "Which client? Put the name first, or ask in a channel that is linked to the client.",
            next_steps=("/scope acme who patches the firewall?", "/engagement client list"),
        )
    if not question:
        raise UsageError(
            f"What about {client.name}? Type the question after the name.",
            fields={"question": "is missing."},
            next_steps=(command_line("/scope", client.name) + " who patches the firewall?",),
        )
    if len(question) > _LONGEST:
        raise UsageError(f"The question has {len(question):,} characters; at most {_LONGEST:,} are read. Shorten it.")
    return client, question


def _keep(ctx: Context, client: Client, question: str, as_of: date, answer: ScopeAnswer) -> ScopeQuestion:
    return ctx.uow.questions.record(
        ScopeQuestion(
            client_id=client.id,
            question=question,
            asked_by=ctx.actor.user,
            channel=ctx.channel,
            asked_at=ctx.now,
            as_of=as_of,
            verdict=answer.verdict,
            item=answer.item,
            responsibility_id=answer.source.row.id if answer.source else None,
            confidence=round(answer.confidence, 3),
            candidates=tuple(option.item for option in answer.candidates),
            cautions=answer.cautions,
            status=QuestionStatus.OPEN if answer.verdict is Verdict.UNDOCUMENTED else QuestionStatus.ANSWERED,
        )
    )


def _with_notice(ctx: Context, client: Client, question: ScopeQuestion, reply: Reply) -> Reply:
    """Tell whoever answers for the client; the asker reads who that is."""
    to = client.owner or ctx.managers_channel
    if to is None or to == ctx.actor.user:
        return replace(reply, next_steps=("A manager settles it with: /engagement scope open",))
    notice = Reply(
        f"{client.name}: <@{ctx.actor.user}> asked whose responsibility this is, and no agreement says.",
        lines=(question.question,),
        table=reply.table,
        choices=(Choice("Settle", f"scope settle {question.id}", Emphasis.PRIMARY, opens_form=True),),
    )
    whom = f"<@{to}>" if to.startswith(("U", "W")) else f"<#{to}>"
    return replace(
        reply, next_steps=(f"{whom} is asked to settle it; you will be told.",), notices=(Notice(to, notice),)
    )


def _settling_row(ctx: Context, client: Client, args: Arguments, question: ScopeQuestion) -> Responsibility | None:
    """The row that settles it: an existing one (with the question as an alias if wanted), or a new one."""
    agreement = lookup.agreement_named(ctx, client, args.agreement) if args.agreement else None
    if args.row:
        agreements = [agreement] if agreement else ctx.uow.agreements.of_client(client.id)
        rows = [row for each in agreements if (row := find_row(ctx, client, each, args.row)) is not None]
        if not rows:
            raise NotFound(
                f'{client.name} has no row "{args.row}".',
                next_steps=(command_line("/engagement matrix show", client.name),),
            )
        if len(rows) > 1:
            raise UsageError(f'Several agreements have a row "{args.row}". Say which: agreement:REFERENCE')
        if not args.alias:
            return rows[0]
        row = replace_row(ctx, rows[0], {"aliases": (*rows[0].aliases, question.question[:200])}, None)
        ctx.uow.clients.matrix_changed(client.id)
        return row
    if agreement is None or args.party is None:
        return None
    return _new_row(ctx, client, agreement, args, question)


def _new_row(
    ctx: Context, client: Client, agreement: Agreement, args: Arguments, question: ScopeQuestion
) -> Responsibility:
    item = args.item or question.question[:300]
    if find_row(ctx, client, agreement, item) is not None:
        raise Conflict(f'{agreement.reference} has a row "{item}" already. Choose it: row:"{item}"')
    known = ctx.uow.responsibilities.current(client.id, agreement.id)
    [row] = ctx.uow.responsibilities.record(
        [
            Responsibility(
                client_id=client.id,
                agreement_id=agreement.id,
                item=item,
                party=args.party,
                clause=args.clause,
                notes=f"Settled scope question {question.id}." + (f" {args.note}" if args.note else ""),
                position=max((row.position for row in known), default=0) + 1,
                effective_from=ctx.today_for(client),
                recorded_at=ctx.now,
                recorded_by=ctx.actor.user,
            )
        ]
    )
    ctx.uow.clients.matrix_changed(client.id)
    return row


def _settled_reply(ctx: Context, client: Client, question: ScopeQuestion, row: Responsibility | None) -> Reply:
    if question.status is QuestionStatus.DISMISSED:
        headline = f"{client.name}: your question was closed without an answer."
    else:
        assert question.settled_verdict is not None
        headline = f"{client.name}: your question is settled: {PARTY_PHRASES[Party(question.settled_verdict.value)]}."
    facts = (
        ("Question", question.question),
        ("Row", row.item if row else None),
        ("Clause", row.clause if row else None),
        ("Note", question.settlement),
        ("Settled by", f"<@{question.settled_by}>"),
    )
    fields = tuple(Field(label, value) for label, value in facts if value)
    cautions = () if row else ("No agreement says so: it is a manager's decision, not signed by the client.",)
    told = Reply(headline, fields=fields, cautions=cautions if question.status is QuestionStatus.SETTLED else ())
    is_own = question.asked_by in (ctx.actor.user, "console")
    return Reply(
        f"Question {question.id} of {client.name} is {question.status.value}."
        + ("" if is_own else f" <@{question.asked_by}> is told."),
        fields=fields,
        cautions=told.cautions,
        notices=() if is_own else (Notice(question.asked_by, told, receipt=f"question:{question.id}"),),
        data={"question": question.model_dump(mode="json")},
    )


def _found(ctx: Context, id: int) -> ScopeQuestion:
    question = ctx.uow.questions.find(id)
    if question is None:
        raise NotFound(f"There is no scope question no. {id}.", next_steps=("/engagement scope open",))
    return question


def _client_of(ctx: Context, question: ScopeQuestion) -> Client:
    client = ctx.uow.clients.find(question.client_id)
    assert client is not None, "a question's client is never deleted"
    return client


def _by_whom(question: ScopeQuestion) -> str:
    return f", by <@{question.settled_by}>" if question.settled_by else ""


_ID = Parameter("id", "the question's number", Kind.INTEGER, positional=True, required=True)
_OPTIONAL_CLIENT = Parameter("client", CLIENT.help, Kind.CLIENT, positional=True)
COMMANDS = (
    Command(
        "scope", "ask", ask, Role.VIEWER, "Whose responsibility is it? Answered from the signed matrix",
        parameters=(
            _OPTIONAL_CLIENT,
            Parameter("as-of", "answer as of a day; today if left out", Kind.DATE),
            Parameter("question", "what you want to know", Kind.REST, positional=True),
        ),
        slash="/scope", example="/scope acme who patches the firewall?",
    ),
    Command(
        "scope", "open", show_open, Role.TECHNICIAN, "Questions that no agreement answers and nobody settled yet",
        parameters=(_OPTIONAL_CLIENT,), changes=False, example="/engagement scope open",
    ),
    Command(
        "scope", "settle", settle, Role.MANAGER, "Answer an open question; whoever asked is told",
        parameters=(
            _ID,
            Parameter("party", "whose it is", Kind.CHOICE, positional=True, choices=Party, words=PARTY_WORDS),
            Parameter("row", "an existing row of the matrix that answers it"),
            Parameter("alias", "with row: remember the question as another name of the row", Kind.YES_NO),
            Parameter("agreement", "with party: add a row to this agreement"),
            Parameter("item", "with agreement: what to call the new row"),
            Parameter("clause", "with agreement: the clause of the new row"),
            Parameter("note", "why, or what to do", Kind.LONG_TEXT),
            Parameter("dismiss", "close it without an answer; needs a note", Kind.YES_NO),
        ),
        example='/engagement scope settle 12 row:"Server backup" alias:yes',
    ),
    Command(
        "scope", "history", history, Role.TECHNICIAN, "Who asked what, and what was answered", changes=False,
        parameters=(
            CLIENT,
            Parameter("limit", "how many", Kind.INTEGER),
            Parameter("before", "only those before this number", Kind.INTEGER),
        ),
        example="/engagement scope history calder",
    ),
    Command(
        "scope", "share", share, Role.VIEWER, "Show an answer you got to the whole channel", parameters=(_ID,),
        example="/engagement scope share 12",
    ),
)  # fmt: skip
