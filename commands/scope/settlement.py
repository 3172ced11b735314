"""Scope questions that no agreement answers: settled by a manager, and wordings learned from them."""

from collections.abc import Iterable

from commands.arguments import Arguments
from commands.clients.client import CLIENT, OPTIONAL_CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NotFound, UsageError
from commands.grammar.words import command_line
from commands.history.known_at import end_of
from commands.matrix.asking_back import ask_about_other_client
from commands.matrix.rows import PARTY_WORDS, find_row
from commands.matrix.writer import MatrixRows, RowChange
from commands.parameters import FormLayout, Kind, Parameter
from commands.policy import Policy
from commands.reply import Choice, Field, Group, Item, Notice, Reply, Table
from commands.row_standings import RecordedMatrix
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.questions.asked_item import asked_item
from commands.rules.questions.utterance import subject_key
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted, join_names, shorten
from commands.rules.text.placeholders import BLANK
from commands.scope.answering_row import answering_row, no_such_row
from commands.scope.neutral import party_phrase, relied_phrase, verdict_phrase
from storage.records import (
    CONSOLE,
    Agreement,
    Client,
    LearnedPhrase,
    Party,
    QuestionStatus,
    Responsibility,
    Role,
    RowBasis,
    ScopeQuestion,
    Verdict,
)
from storage.records.client import client_key

_MOST_ALONG = 1000
_MOST_NAMED = 3
_SETTLEMENT = ("status", "settled_by", "settled_at", "settled_verdict", "settled_responsibility_id", "settlement")


def learn(ctx: Context, args: Arguments) -> Reply:
    """The wording of a question becomes another name of a row, for the next time somebody uses it."""
    question = question_numbered(ctx, args.id)
    client = client_of(ctx, question)
    row = _row_called(ctx, client, args.row)
    _learn(ctx, client, row, question)
    return Reply(
        f'For {client.name}, "{question.question}" means "{row.item}" from now on.',
        next_steps=(command_line("/engagement scope forget", client.name, question.question),),
    )


def _row_called(ctx: Context, client: Client, item: str) -> Responsibility:
    """Any row of that name: a wording leads to all of them. Raises NotFound."""
    for row in ctx.uow.responsibilities.current(client.id):
        if item_key(row.item) == item_key(item):
            return row
    raise no_such_row(client, item)


def forget(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = ctx.uow.phrases.known(client.id)
    found = [phrase for phrase in known if client_key(phrase.phrase) == client_key(args.phrase)]
    if not found:
        raise NotFound(
            f'"{args.phrase}" was not learned for {client.name}.',
            next_steps=(command_line("/engagement scope phrases", client.name),),
        )
    for phrase in found:
        ctx.uow.phrases.forget(phrase, at=ctx.now, by=ctx.actor.user)
    ctx.uow.clients.matrix_changed(client.id)
    return Reply(f'For {client.name}, "{found[0].phrase}" is forgotten: it no longer leads to "{found[0].item}".')


def phrases(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = ctx.uow.phrases.known(client.id)
    rows = tuple(
        (
            each.phrase,
            each.item,
            as_person(each.learned_by),
            str(ctx.day_of(each.learned_at, client)),
            str(each.question_id or ""),
        )
        for each in known
    )
    return Reply(
        f"{client.name}: {counted(len(rows), 'wording was', 'wordings were')} learned from questions."
        if rows
        else "Nothing was learned yet.",
        table=Table(("Wording", "Means", "Taught by", "On", "From no."), rows) if rows else None,
        data={"phrases": [each.model_dump(mode="json") for each in known]},
    )


def show_open(ctx: Context, args: Arguments) -> Reply:
    client: Client | None = args.client
    questions = ctx.uow.questions.open(client.id if client else None)
    if not questions:
        return Reply("No scope question is open.")
    names = {known.id: known.name for known in ctx.uow.clients.list(offboarded=True)}
    rows = tuple(
        (str(each.id), names[each.client_id], each.question, _askers(ctx, each), str(ctx.day_of(each.asked_at)))
        for each in questions
    )
    first = questions[0]
    return Reply(
        f"{len(questions)} scope question{' is' if len(questions) == 1 else 's are'} open, the oldest first.",
        table=Table(("No.", "Client", "Question", "Asked by", "On"), rows),
        groups=(Group("", tuple(_open_entry(*row) for row in rows)),),
        next_steps=_how_to_settle(first),
        data={"questions": [each.model_dump(mode="json") for each in questions]},
    )


def _askers(ctx: Context, question: ScopeQuestion) -> str:
    """Whoever asked it, in whatever words."""
    askers = dict.fromkeys(each.asked_by for each in (question, *ctx.uow.questions.joined_to(question)))
    return join_names(map(as_person, askers), _MOST_NAMED)


def _open_entry(number: str, client: str, question: str, asked_by: str, on: str) -> Item:
    settle = Choice("Settle", command_line("scope settle", number), opens_form=True)
    return Item(f"{client}: {question}", f"No. {number}, asked by {asked_by} on {on}", (settle,))


def _how_to_settle(question: ScopeQuestion) -> tuple[str, ...]:
    return tuple(command_line("/engagement scope settle", question.id, **{name: BLANK}) for name in ("row", "party"))


def settle(ctx: Context, args: Arguments) -> Reply:
    question = question_numbered(ctx, args.id)
    if question.status is not QuestionStatus.OPEN:
        raise Conflict(f"Question {question.id} is {question.status.value} already" + _by_whom(question) + ".")
    client = client_of(ctx, question)
    row = _settling_row(ctx, client, args, question)
    if row is None and args.party is None and not args.dismiss:
        raise UsageError(
            "Say what the answer is: a party, an existing row, or dismiss it with a reason.",
            fields={"party": "or a row is needed."},
            next_steps=_how_to_settle(question),
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
    if row is not None:  # the next who asks in these words gets it at once
        ctx.uow.clients.matrix_changed(client.id)
    return _settler_reply(ctx, client, settled, row, _settle_same_questions(ctx, client, settled))


def _settle_same_questions(ctx: Context, client: Client, settled: ScopeQuestion) -> tuple[ScopeQuestion, ...]:
    """Those who asked the same, in whatever words, while it was open are settled with it, each person once."""
    asked = ctx.uow.questions.asked_since(client.id, settled.asked_at, _MOST_ALONG)
    asked += [each for each in ctx.uow.questions.joined_to(settled) if each.asked_at < settled.asked_at]
    told = {settled.asked_by}
    along = []
    for each in reversed(asked):
        is_same = each.joined_id == settled.id or same_question((each,), settled.question) is not None
        is_waiting = each.verdict is Verdict.UNDOCUMENTED and each.status is QuestionStatus.ANSWERED
        is_after = each.id > settled.id or each.joined_id == settled.id
        if is_same and is_waiting and is_after and is_about_its_day(ctx, client, each):
            after = {name: getattr(settled, name) for name in _SETTLEMENT}
            is_told = each.asked_by in told
            told.add(each.asked_by)
            along.append(ctx.uow.questions.save(each.changed(**after, asker_told_at=ctx.now if is_told else None)))
    return tuple(each for each in along if each.asker_told_at is None)


def dismiss(ctx: Context, args: Arguments) -> Reply:
    nothing = dict.fromkeys(("party", "row", "category", "alias", "agreement", "item", "clause"))
    return settle(ctx, Arguments({**nothing, "id": args.id, "note": args.note, "dismiss": True}))


def same_question(asked: Iterable[ScopeQuestion], question: str) -> ScopeQuestion | None:
    """The first of `asked` that asks the same in whatever words."""
    key = subject_key(question)
    return next((each for each in asked if subject_key(each.question) == key), None)


def is_about_its_day(ctx: Context, client: Client, question: ScopeQuestion) -> bool:
    """Whether it was asked about the client's day on which it was asked, not about another."""
    return question.known_at is None and question.as_of == ctx.day_of(question.asked_at, client)


def question_numbered(ctx: Context, id: int) -> ScopeQuestion:
    question = ctx.uow.questions.find(id)
    if question is None:
        raise NotFound(f"There is no scope question no. {id}.", next_steps=("/engagement scope open",))
    return question


def client_of(ctx: Context, question: ScopeQuestion) -> Client:
    return ctx.uow.clients.get(question.client_id)


def matrix_when_answered(
    ctx: Context, client: Client, question: ScopeQuestion, row: Responsibility | None
) -> RecordedMatrix:
    """As it was on record when the question was answered or settled with the row, for the day it was about."""
    if question.settled_at is not None and row is not None and row.id == question.settled_responsibility_id:
        return RecordedMatrix(ctx.uow, client, ctx.day_of(question.settled_at, client), question.settled_at)
    at = question.asked_at if question.known_at is None else end_of(ctx, client, question.known_at)
    return RecordedMatrix(ctx.uow, client, question.as_of, min(at, question.asked_at))


def relied_words(
    ctx: Context, client: Client, question: ScopeQuestion, verdict: Verdict, row: Responsibility | None
) -> str:
    """The verdict that the row gave when the question was answered or settled with it, and whether anybody could rely
    on that: "ours, but whether it still applies is not clear".
    """
    if row is None or verdict is Verdict.LAPSED:
        return verdict_phrase(verdict, ctx.policy)
    then = matrix_when_answered(ctx, client, question, row)
    source = then.source(row)
    if source is None:
        return verdict_phrase(verdict, ctx.policy)
    return relied_phrase(source, ctx.policy, is_doubtful=then.is_doubtful(row))


def _settling_row(ctx: Context, client: Client, args: Arguments, question: ScopeQuestion) -> Responsibility | None:
    """The row that settles it: an existing one (with the question as an alias if wanted), or a new one. Raises
    CommandError.
    """
    agreement: Agreement | None = args.agreement
    if args.row:
        row = answering_row(ctx, client, args.row, agreement, args.category)
        if args.alias:
            _learn(ctx, client, row, question)
        return row
    if args.category:
        raise UsageError(
            "category: is said with row:, of rows of the same name. Nothing was settled.",
            fields={"category": "is said with a row."},
        )
    if agreement is None or args.party is None:
        return None
    return _new_row(ctx, client, agreement, args, question)


def _new_row(
    ctx: Context, client: Client, agreement: Agreement, args: Arguments, question: ScopeQuestion
) -> Responsibility:
    item = args.item or asked_item(question.question)
    if item is None or len(item) > 300:
        missing = "is missing: what to call the new row, such as User access reviews."
        raise UsageError(f"item {missing}", fields={"item": missing})
    if find_row(ctx, client, agreement, item) is not None:
        raise Conflict(f'{agreement.reference} has a row "{item}" already. Choose it: row:"{item}"')
    ask_about_other_client(ctx, client, item)
    change = RowChange(
        (item_key(item), ""),
        {
            "item": item,
            "party": args.party,
            "clause": args.clause,
            "notes": f"Settled scope question {question.id}." + (f" {args.note}" if args.note else ""),
        },
        since=ctx.today_for(client),
        quotes_clause=bool(args.clause),
    )
    rows = MatrixRows(ctx, client, agreement)
    rows.write(change)
    return rows.save()[-1]


def _learn(ctx: Context, client: Client, row: Responsibility, question: ScopeQuestion) -> None:
    phrase = shorten(question.question, 300)
    if any(client_key(each.phrase) == client_key(phrase) for each in ctx.uow.phrases.known(client.id)):
        raise Conflict(
            "That wording is known already. Forget it first to give it another meaning.",
            next_steps=(command_line("/engagement scope phrases", client.name),),
        )
    ctx.uow.phrases.learn(
        LearnedPhrase(
            client_id=client.id,
            item=row.item,
            phrase=phrase,
            question_id=question.id,
            learned_by=ctx.actor.user,
            learned_at=ctx.now,
        )
    )
    ctx.uow.clients.matrix_changed(client.id)


def settlement_reply(
    client: Client, question: ScopeQuestion, row: Responsibility | None, policy: Policy | None = None
) -> Reply:
    """What whoever asked is told, once their question is settled or dismissed; `row` is what settled it."""
    if question.status is QuestionStatus.DISMISSED:
        headline = f"{client.name}: your question was closed without an answer."
    else:
        assert question.settled_verdict is not None
        whose = party_phrase(Party(question.settled_verdict.value), policy)
        is_proposed = row is not None and row.basis is RowBasis.PROPOSED
        how = f"proposed as {whose}, not agreed: do not rely on it" if is_proposed else whose
        headline = f"{client.name}: your question is settled: {how}."
    facts = (
        ("Question", question.question),
        ("Row", row.item if row else None),
        ("Clause", row.clause if row else None),
        ("Note", question.settlement),
        ("Settled by", as_person(question.settled_by or "")),
    )
    fields = tuple(Field(label, value) for label, value in facts if value)
    cautions = () if row else ("No agreement says so: it is a manager's decision, not signed by the client.",)
    return Reply(headline, fields=fields, cautions=cautions if question.status is QuestionStatus.SETTLED else ())


def is_to_be_told(question: ScopeQuestion) -> bool:
    """True if someone other than the settler is waiting for the answer."""
    return question.asked_by not in (question.settled_by, CONSOLE)


def _settler_reply(
    ctx: Context,
    client: Client,
    question: ScopeQuestion,
    row: Responsibility | None,
    along: Iterable[ScopeQuestion],
) -> Reply:
    """`along` are the same question of others."""
    told = settlement_reply(client, question, row, ctx.policy)
    verdict = question.settled_verdict
    whose = (Field("Answer", party_phrase(Party(verdict.value), ctx.policy)),) if verdict else ()
    waiting = [each for each in (question, *along) if is_to_be_told(each)]
    is_decision = row is None and question.status is QuestionStatus.SETTLED
    return Reply(
        f"Question {question.id} of {client.name} is {question.status.value}."
        + "".join(f" {as_person(each.asked_by)} is told." for each in waiting),
        fields=(*told.fields[:1], *whose, *told.fields[1:]),
        cautions=told.cautions,
        choices=(Choice("Draft addendum line", command_line("scope draft", question.id, verdict and verdict.value)),)
        if is_decision
        else (),
        notices=tuple(
            Notice(each.asked_by, settlement_reply(client, each, row, ctx.policy), receipt=f"question:{each.id}")
            for each in waiting
        ),
        data={"question": question.model_dump(mode="json")},
    )


def _by_whom(question: ScopeQuestion) -> str:
    return f", by {as_person(question.settled_by)}" if question.settled_by else ""


QUESTION = Parameter("id", "the question's number", Kind.QUESTION, positional=True, required=True, hint="")
COMMANDS = (
    Command(
        "scope", "open", show_open, Role.TECHNICIAN, "Questions that no agreement answers and nobody settled yet",
        parameters=(OPTIONAL_CLIENT,), changes=False, example="/engagement scope open",
    ),
    Command(
        "scope", "settle", settle, Role.MANAGER, "Answer an open question; whoever asked is told",
        form=FormLayout(first=("party", "agreement", "clause", "item", "note")),
        parameters=(
            QUESTION,
            Parameter("party", "whose it is", Kind.CHOICE, positional=True, choices=Party, words=PARTY_WORDS),
            Parameter("row", "an existing row of the matrix that answers it", Kind.ITEM),
            Parameter("category", "with row: which one, where the name is in several categories"),
            Parameter("alias", "with row: remember the question as another name of the row", Kind.YES_NO),
            Parameter("agreement", "with party: add a row to this agreement", Kind.AGREEMENT),
            Parameter("item", "with agreement: what to call the new row"),
            Parameter("clause", "with agreement: the clause of the new row"),
            Parameter("note", "why, or what to do", Kind.LONG_TEXT),
            Parameter("dismiss", "close it without an answer; needs a note", Kind.YES_NO),
        ),
        example='/engagement scope settle 12 row:"Server backup" alias:yes',
    ),
    Command(
        "scope", "dismiss", dismiss, Role.MANAGER, "Close an open question without an answer; whoever asked is told",
        parameters=(QUESTION, Parameter("note", "why, for whoever asked", Kind.LONG_TEXT, required=True)),
        example='/engagement scope dismiss 12 note:"asked about the wrong client"',
    ),
    Command(
        "scope", "learn", learn, Role.MANAGER, "Remember the wording of a question as another name of a row",
        parameters=(QUESTION, Parameter("row", "the row it means", Kind.ITEM, required=True)),
        example='/engagement scope learn 12 row:"Server backup"',
    ),
    Command(
        "scope", "forget", forget, Role.MANAGER, "Undo a remembered wording",
        parameters=(CLIENT, Parameter("phrase", "the wording", positional=True, required=True)),
        example='/engagement scope forget calder "who owns the zorblax"',
    ),
    Command(
        "scope", "phrases", phrases, Role.TECHNICIAN, "The wordings that were learned, by whom and from what",
        parameters=(CLIENT,), changes=False, example="/engagement scope phrases calder",
    ),
)  # fmt: skip
