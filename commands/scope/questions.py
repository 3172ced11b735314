"""Scope questions: "is X ours?", answered from the signed matrix, kept, and settled where nothing covers it."""

from dataclasses import replace
from datetime import date
from functools import partial

from commands.arguments import Arguments
from commands.clients.client import CLIENT, OPTIONAL_CLIENT
from commands.clients.remarks import with_remarks
from commands.command import Command, Context
from commands.errors import NotFound
from commands.grammar import lookup
from commands.grammar.words import command_line
from commands.history.known_at import AS_OF, KNOWN_AT, as_of_words, matrix_as_known
from commands.parameters import FormLayout, Kind, Parameter
from commands.reckoning import reckoning_of
from commands.reply import Choice, Group, Item, Reply, Table
from commands.rules.conduct.access import access_cautions, access_limits
from commands.rules.conduct.obligations import obligation_cautions
from commands.rules.matching.questions import split_questions
from commands.rules.questions.asked_day import AskedDay, asked_day
from commands.rules.questions.other_names import several_clients
from commands.rules.questions.same_thing import Likeness
from commands.rules.questions.utterance import is_one_word, is_small_talk, unasked
from commands.rules.scope.answer import ScopeAnswer
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted, plain, shorten
from commands.scope.access_limits import grants_known, limits_when_asked, obligations_known, touching_texts
from commands.scope.answer import answer_reply, evidence_words, repeat_answer
from commands.scope.asked_client import client_and_question, client_of_thread
from commands.scope.changed_answers import rests_on_other
from commands.scope.neutral import as_shown
from commands.scope.same_thing import Earlier, earlier_question, same_choices
from commands.scope.settlement import (
    QUESTION,
    client_of,
    is_about_its_day,
    matrix_when_answered,
    question_numbered,
    relied_words,
)
from commands.scope.small_talk import help_reply, word_reply
from commands.scope.telling import batch_words
from commands.signed_copies import newest_copy
from storage.records import Attachment, Client, QuestionStatus, Role, ScopeQuestion, Verdict

_PAGE = 25


def ask(ctx: Context, args: Arguments) -> Reply:
    said = (args.question or "").strip()
    is_of_several = args.client is None and several_clients(said) is not None
    if said and is_small_talk(said) and not is_of_several:
        client = args.client or client_of_thread(ctx) or lookup.linked_client(ctx)
        if client is None or not _is_row(ctx, client, said):
            return help_reply(ctx, said, client)
    elif (
        said
        and args.client is None
        and unasked(said).lower() in ctx.registry.nouns
        and lookup.linked_client(ctx) is None
    ):
        return help_reply(ctx, said, None)
    client, question, called = client_and_question(ctx, args)
    if is_one_word(question) and _is_unknown(ctx, client, question, args.as_of):
        return with_remarks(word_reply(ctx, question, client), client, called)
    questions = split_questions(question)
    if len(questions) > 1:
        return with_remarks(_several(ctx, client, questions, args.as_of, args.known_at), client, called)
    reply, kept = _answer(ctx, client, question, args.as_of, args.known_at)
    is_answered = kept.responsibility_id is not None and kept.verdict is not Verdict.LAPSED
    if args.of is not None and is_answered and ctx.actor.role.may_act_as(Role.MANAGER):
        reply = replace(reply, choices=(*reply.choices, _remember(question_numbered(ctx, args.of), kept)))
    return with_remarks(reply, client, called)


def _is_row(ctx: Context, client: Client, word: str) -> bool:
    """Whether what sounds like small talk is the name of a row, such as "Support"."""
    return is_one_word(word) and not _is_unknown(ctx, client, word, None)


def _is_unknown(ctx: Context, client: Client, word: str, as_of: date | None) -> bool:
    answer = ctx.matrices.of(ctx.uow, client, as_of or ctx.today_for(client)).answer(word)
    return answer.verdict is Verdict.UNDOCUMENTED and not answer.cautions


def share(ctx: Context, args: Arguments) -> Reply:
    """The same answer, from the same row version, for everybody in the channel; for the client's people, no remarks."""
    kept = question_numbered(ctx, args.id)
    if kept.asked_by != ctx.actor.user and not ctx.actor.role.may_act_as(Role.MANAGER):
        raise NotFound(f"You did not ask question {args.id}.")
    client = client_of(ctx, kept)
    row = ctx.uow.responsibilities.find(kept.responsibility_id) if kept.responsibility_id else None
    visibility = ctx.uow.visibilities.of_client(client.id)
    is_read_by_client = visibility is not None and ctx.channel in visibility.open_channels
    then = matrix_when_answered(ctx, client, kept, row)
    source = then.source(row) if row is not None else None
    asked_on = ctx.day_of(kept.asked_at, client)
    limits = limits_when_asked(ctx, client, kept, source, for_client=is_read_by_client)
    return repeat_answer(
        client, kept, source, zone=ctx.zone_of(client), asked_on=asked_on,
        last_day=then.last_day(source) if source is not None else None,
        is_doubtful=row is not None and then.is_doubtful(row), is_read_by_client=is_read_by_client, limits=limits,
        policy=ctx.policy, has_changed=rests_on_other(ctx, client, kept, row, then),
    )  # fmt: skip


def history(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    questions = ctx.uow.questions.history(client.id, args.limit or _PAGE, args.before)
    if not questions:
        return Reply(f"Nobody has asked about {client.name} yet.")
    rows = tuple(
        (
            str(each.id), str(ctx.day_of(each.asked_at)), _other_day(ctx, client, each), as_person(each.asked_by),
            each.question,
            _given(ctx, client, each), each.item or "", each.status.value,
        )
        for each in questions
    )  # fmt: skip
    return Reply(
        f"The {len(questions)} newest questions about {client.name}.",
        table=Table(("No.", "On", "As of", "Asked by", "Question", "Answer", "Row", "State"), rows, about="Question"),
        next_steps=(command_line("/engagement scope history", client.name, before=questions[-1].id),)
        if len(questions) == (args.limit or _PAGE)
        else (),
        data={"questions": [each.model_dump(mode="json") for each in questions]},
    )


def _given(ctx: Context, client: Client, question: ScopeQuestion) -> str:
    """The answer as it was given, with what was doubtful about it."""
    row = ctx.uow.responsibilities.find(question.responsibility_id) if question.responsibility_id else None
    return relied_words(ctx, client, question, question.verdict, row)


def _other_day(ctx: Context, client: Client, question: ScopeQuestion) -> str:
    """The day that was asked about, and that by whose records, where it is not the day of asking."""
    known = f", as known on {question.known_at}" if question.known_at else ""
    return "" if is_about_its_day(ctx, client, question) else f"{question.as_of}{known}"


def _answer(
    ctx: Context, client: Client, question: str, as_of: date | None, known_at: date | None
) -> tuple[Reply, ScopeQuestion]:
    """The answer to one question, kept; whoever answers for the client is asked when nothing covers it.

    By what was known at the end of `known_at`, if given, and then as of that day unless another one is.
    """
    named = None if as_of else _day_named(ctx, client, question)
    day = as_of or (named.day if named else known_at or ctx.today_for(client))
    matrix = matrix_as_known(ctx, client, day, known_at) if known_at else ctx.matrices.of(ctx.uow, client, day)
    answer = matrix.answer(named.rest if named else question)
    answer, limits = _with_access(ctx, client, question, day, known_at, answer)
    answer = _with_correction(ctx, client, day, answer)
    is_about_now = known_at is None and day == ctx.today_for(client)
    is_to_settle = is_about_now and answer.verdict is Verdict.UNDOCUMENTED
    earlier = earlier_question(ctx, client, question) if is_to_settle else None
    joined = earlier.question if earlier is not None and earlier.likeness is Likeness.SAME else None
    may_settle = ctx.actor.role.may_act_as(Role.MANAGER)
    when = as_of_words(day, known_at, ctx.today_for(client))
    if named and known_at is None:
        when = f'As of {day}, which is how "{named.words}" was read.'
    worded = partial(
        answer_reply, client, answer=answer, zone=ctx.zone_of(client), when=when, may_settle=may_settle, limits=limits,
        policy=ctx.policy, signed_copy=_signed_copy(ctx, client, answer),
    )  # fmt: skip
    asked = _asked(ctx, client, question, day, known_at, answer, joined)
    asked = asked.changed(shown=as_shown(worded(question=asked)))
    is_open = is_to_settle and joined is None
    kept = ctx.uow.questions.record(asked.changed(status=QuestionStatus.OPEN) if is_open else asked)
    reply = worded(question=kept)
    if joined is not None:
        return _with_earlier(ctx, client, question, joined, reply), kept
    if kept.status is QuestionStatus.OPEN:
        return _with_telling(ctx, client, kept, reply, earlier), kept
    if answer.verdict is Verdict.UNDOCUMENTED:
        reply = replace(
            reply, next_steps=("Nobody is asked to settle it for that day. Ask about today where it matters.",)
        )
    return reply, kept


def _signed_copy(ctx: Context, client: Client, answer: ScopeAnswer) -> Attachment | None:
    """The copy that is kept of the paper that the row stands in, or of the paper that carries the row."""
    source = answer.source
    return newest_copy(ctx, client, source.carrier, source.agreement) if source else None


def _with_earlier(ctx: Context, client: Client, question: str, earlier: ScopeQuestion, reply: Reply) -> Reply:
    """The answer to a question that somebody asked before and that still waits for a manager."""
    when = ctx.day_of(earlier.asked_at, client)
    who = "you" if earlier.asked_by == ctx.actor.user else as_person(earlier.asked_by)
    other = "" if earlier.question == question else f' ("{shorten(earlier.question, 150)}")'
    line = f"The same as open question no. {earlier.id}{other}, asked by {who} on {when}: it waits for a manager."
    ask = Choice("Ask a manager", f"scope escalate {earlier.id}", opens_form=True)
    choices = (
        (Choice("Settle", f"scope settle {earlier.id}", opens_form=True),)
        if ctx.actor.role.may_act_as(Role.MANAGER)
        else ()
    )
    return replace(
        reply,
        lines=(*reply.lines, line),
        choices=(*choices, ask, *(each for each in reply.choices if each.command.startswith("scope share "))),
        next_steps=("You will be told what is decided; nobody is asked twice.",),
        data={**reply.data, "joined": earlier.id},
    )


def _day_named(ctx: Context, client: Client, question: str) -> AskedDay | None:
    renewed: list[date] = []
    if "renewal" in question.lower():
        reckoning, today = reckoning_of(ctx.uow, client), ctx.today_for(client)
        standings = (reckoning.standing(each, today) for each in ctx.uow.agreements.of_client(client.id))
        renewed = [each.term_start for each in standings if each.term_start and each.renewals_so_far]
    return asked_day(question, ctx.today_for(client), renewed)


def _several(
    ctx: Context, client: Client, questions: tuple[str, ...], as_of: date | None, known_at: date | None
) -> Reply:
    """Each question with its own answer, kept on its own."""
    found = [_answer(ctx, client, question, as_of, known_at) for question in questions]
    rows = tuple(
        (
            question, reply.headline.removeprefix(f"{client.name}: "), kept.item or _either_row(kept),
            evidence_words(reply.evidence) if reply.evidence else "",
        )
        for question, (reply, kept) in zip(questions, found, strict=True)
    )  # fmt: skip
    answers = [dict(reply.data) for reply, _ in found]
    return Reply(
        f"{client.name}: {counted(len(questions), 'question')}, answered one by one.",
        verdict=Verdict.AMBIGUOUS,
        cautions=tuple(dict.fromkeys(caution for reply, _ in found for caution in reply.cautions)),
        table=Table(("Question", "Answer", "Row", "Evidence"), rows),
        groups=(Group("", tuple(Item(row[0], " ".join(filter(None, row[1:2])) + _resting(row)) for row in rows)),),
        notices=tuple(notice for reply, _ in found for notice in reply.notices),
        data={
            "question": " ".join(questions),
            "verdict": Verdict.AMBIGUOUS.value,
            "item": None,
            "candidates": [answer["candidates"][0] for answer in answers if answer["candidates"]],
            "confidence": min(answer["confidence"] for answer in answers),
            "evidence": None,
            "cautions": [],
            "because": ["the message asks several questions"],
            "answers": answers,
        },
    )


def _resting(row: tuple[str, str, str, str]) -> str:
    """The row and what it stands in, in brackets."""
    return f" ({', '.join(filter(None, row[2:]))})" if any(row[2:]) else ""


def _either_row(kept: ScopeQuestion) -> str:
    """The rows to choose from, where the question could be about several."""
    return " or ".join(kept.candidates) if kept.verdict is Verdict.AMBIGUOUS else ""


def _with_correction(ctx: Context, client: Client, day: date, answer: ScopeAnswer) -> ScopeAnswer:
    """With what our record said of the day before it was corrected, where the row was recorded as a correction."""
    row = answer.source.row if answer.source else None
    old = ctx.uow.responsibilities.find(row.corrects_id) if row and row.corrects_id else None
    if row is None or old is None or ctx.day_of(row.stated_at, client) <= day or old.party is row.party:
        return answer
    said, corrected = (ctx.day_of(each.stated_at, client) for each in (old, row))
    caution = (
        f"Corrected on {corrected} by {as_person(row.stated_by)}: until then our record, of {said}, said "
        f"{plain(old.party)} for this day."
    )
    return replace(answer, cautions=(*answer.cautions, caution))


def _with_access(
    ctx: Context, client: Client, question: str, day: date, known_at: date | None, answer: ScopeAnswer
) -> tuple[ScopeAnswer, tuple[str, ...]]:
    """With what to keep in mind about access, where the question or its row touches a system; and the limits of it."""
    grants = grants_known(ctx, client, known_at)
    texts = touching_texts(question, answer.source)
    duties = obligations_known(ctx, client, known_at) if answer.source else ()
    row = answer.source.row if answer.source else None
    on_client = obligation_cautions(duties, (row.item, *row.aliases), day) if row else ()
    cautions = (*access_cautions(grants, texts, day), *on_client)
    limits = access_limits(grants, texts, day)
    return (replace(answer, cautions=(*cautions, *answer.cautions)) if cautions else answer), limits


def _asked(
    ctx: Context,
    client: Client,
    question: str,
    as_of: date,
    known_at: date | None,
    answer: ScopeAnswer,
    joined: ScopeQuestion | None,
) -> ScopeQuestion:
    """The record of the answer, not stored yet."""
    return ScopeQuestion(
        client_id=client.id,
        question=question,
        asked_by=ctx.actor.user,
        channel=ctx.channel,
        thread=ctx.thread,
        asked_at=ctx.now,
        as_of=as_of,
        known_at=known_at,
        verdict=answer.verdict,
        item=answer.item,
        responsibility_id=answer.source.row.id if answer.source else None,
        confidence=round(answer.confidence, 3),
        candidates=tuple(option.item for option in answer.candidates),
        cautions=answer.cautions,
        joined_id=joined.id if joined else None,
    )


def _remember(question: ScopeQuestion, answer: ScopeQuestion) -> Choice:
    asked = shorten(question.question, 80)
    return Choice(
        "Remember this wording",
        command_line("scope learn", question.id, row=answer.item),
        confirm=f'From now on, "{asked}" leads to "{answer.item}" for this client. Undo it with: scope forget.',
    )


def _with_telling(
    ctx: Context, client: Client, question: ScopeQuestion, reply: Reply, earlier: Earlier | None
) -> Reply:
    """With who is told of it, and when; and with the open question that may ask the same."""
    told = batch_words(ctx, client, question)
    if earlier is None:
        return replace(reply, next_steps=told)
    asked, same = same_choices(question, earlier.question)
    return replace(
        reply,
        lines=(*reply.lines, asked),
        choices=(same, *reply.choices),
        next_steps=told,
        data={**reply.data, "maybe": earlier.question.id},
    )


COMMANDS = (
    Command(
        "scope", "ask", ask, Role.VIEWER, "Whose responsibility is it? Answered from the signed matrix",
        form=FormLayout(first=("client", "question"), is_brief=True, needs=("question",), submit="Ask"),
        parameters=(
            OPTIONAL_CLIENT,
            AS_OF,
            KNOWN_AT,
            Parameter("of", "the number of the question that this one makes precise", Kind.INTEGER),
            Parameter("question", "what you want to know", Kind.REST, positional=True),
        ),
        slash="/scope", example="/scope acme who patches the firewall?",
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
        "scope", "share", share, Role.VIEWER, "Show an answer you got to the whole channel", parameters=(QUESTION,),
        example="/engagement scope share 12",
    ),
)  # fmt: skip
