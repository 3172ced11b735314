"""The questionnaire: every regulation that is likely in a client's industry, gone through in one conversation."""

from collections.abc import Mapping, Sequence
from datetime import date

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.disclosures.disclosure import reask_on
from commands.disclosures.in_force import caution
from commands.errors import UsageError
from commands.grammar.words import command_line
from commands.history.versions import stamp
from commands.known_regulations import known_regulations
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Emphasis, Field, Group, Item, Reply, Table
from commands.rules.text.phrases import capitalize_first, counted, plain
from commands.rules.text.placeholders import BLANK
from storage.catalog.regulations import Catalogue, Regulation
from storage.records import Client, Disclosure, DisclosureAnswer, Questionnaire, Role

_WORDS = {"no": "does_not_apply", "none": "does_not_apply", "unsure": "unknown", "refused": "declined"}
_NAMED = {
    "applies": DisclosureAnswer.APPLIES,
    "does_not_apply": DisclosureAnswer.DOES_NOT_APPLY,
    "unknown": DisclosureAnswer.UNKNOWN,
    "declined": DisclosureAnswer.DECLINED,
}
_NEVER = "not asked yet"
_SEVERAL = "regulations and requirements"


def ask(ctx: Context, args: Arguments) -> Reply:
    """What to ask the client about, with what it said before; a form takes down the answers."""
    client: Client = args.client
    likely = known_regulations(ctx.uow).likely(client.industry, client.country, client.subdivision)
    known = {each.regulation: each for each in ctx.uow.disclosures.current(client.id)}
    rows = tuple(
        (
            regulation.title, regulation.protects, regulation.applies_to,
            plain(known[regulation.key].answer) if regulation.key in known else _NEVER,
        )
        for regulation in likely
    )  # fmt: skip
    form = command_line("disclosure answers", client.name, asked=tuple(regulation.key for regulation in likely))
    cautions = []
    if client.industry is None:
        edit = command_line("/engagement client edit", client.name, industry=BLANK)
        cautions.append(f"The industry is not recorded, so only what concerns everybody is listed: {edit}")
    return Reply(
        f"{client.name}: {counted(len(likely), 'regulation or requirement', _SEVERAL)} to ask about.",
        lines=("Only the client can say that one applies. Take down every answer, also when it is no.",),
        cautions=tuple(cautions),
        table=Table(("Regulation", "Protects", "Usually concerns", "Last answer"), rows, "Ask about each of these"),
        groups=_by_answer(rows),
        choices=(Choice("Take down the answers", form, Emphasis.PRIMARY, opens_form=True),),
        next_steps=(
            command_line("/engagement disclosure answers", client.name, applies=BLANK, others=BLANK, by=BLANK),
        ),
        data={"client": client.name, "regulations": [regulation.key for regulation in likely]},
    )


def _by_answer(rows: Sequence[tuple[str, str, str, str]]) -> tuple[Group, ...]:
    """What was never asked first, then by what the client said before."""
    titles = sorted({answer for *_, answer in rows}, key=lambda answer: (answer != _NEVER, answer))
    found = {title: [row for row in rows if row[3] == title] for title in titles}
    return tuple(
        Group(
            f"{capitalize_first(title)} ({len(mine)})" if title == _NEVER else f"Last answer: {title} ({len(mine)})",
            tuple(Item(name, f"Protects {protects}. For {concerns}.") for name, protects, concerns, _ in mine),
        )
        for title, mine in found.items()
    )


def answers(ctx: Context, args: Arguments) -> Reply:
    """Record one answer for each regulation that was asked about; those not named get the answer of the others."""
    client: Client = args.client
    today = ctx.today_for(client)
    asked_on = args.on or today
    catalogue = known_regulations(ctx.uow)
    asked = list(args.asked) or list(catalogue.likely(client.industry, client.country, client.subdivision))
    given = _given_answers(args, asked)
    current = {each.regulation: each for each in ctx.uow.disclosures.current(client.id)}
    _refuse_silent_change(catalogue, args, given, current)
    before = {key: each.answer for key, each in current.items()}
    for key, answer in given.items():
        _record(ctx, client, catalogue.get(key), answer, asked_on, args)
    disclosed = tuple(key for key, answer in given.items() if answer is DisclosureAnswer.APPLIES)
    dates = (reask_on(catalogue.get(key), asked_on) for key in given)
    kept = ctx.uow.questionnaires.record(
        Questionnaire(
            client_id=client.id,
            asked_on=asked_on,
            asked_by=ctx.actor.user,
            attested_by=args.by,
            regulations=tuple(given),
            disclosed=disclosed,
            evidence_url=args.evidence,
            reask_on=args.reask or min((day for day in dates if day), default=None),
            **stamp(ctx),
        )
    )
    no_longer = [key for key, answer in given.items() if before.get(key) is DisclosureAnswer.APPLIES is not answer]
    return _recorded_reply(catalogue, client, kept, given, no_longer)


def _given_answers(args: Arguments, asked: list[Regulation]) -> dict[str, DisclosureAnswer]:
    """An answer for each. Raises UsageError where one is missing, or where there are two."""
    given: dict[str, DisclosureAnswer] = {}
    for name, answer in _NAMED.items():
        for regulation in getattr(args, name):
            if given.setdefault(regulation.key, answer) is not answer:
                raise UsageError(
                    f"{regulation.title} is named twice.", fields={name: f"{regulation.title} is named twice."}
                )
    others = [regulation for regulation in asked if regulation.key not in given]
    if others and args.others is None:
        names = ", ".join(regulation.title for regulation in others[:6]) + (" and more" if len(others) > 6 else "")
        raise UsageError(
            f"others is missing: what the client said about {names}.",
            fields={"others": "is missing: what the client said about the others."},
        )
    if args.others is DisclosureAnswer.APPLIES:
        raise UsageError(
            "Name what applies one by one: applies:hipaa",
            fields={"others": "cannot be applies: name those one by one."},
        )
    return given | {regulation.key: args.others for regulation in others}


def _refuse_silent_change(
    catalogue: Catalogue, args: Arguments, given: dict[str, DisclosureAnswer], current: Mapping[str, Disclosure]
) -> None:
    """What applied is changed only by naming it. Raises UsageError where the answer for the others would do so."""
    named = {regulation.key for name in _NAMED for regulation in getattr(args, name)}
    silent = [
        current[key]
        for key, answer in given.items()
        if key not in named and answer is not DisclosureAnswer.APPLIES and key in current
        and current[key].answer is DisclosureAnswer.APPLIES
    ]  # fmt: skip
    if not silent:
        return
    said = "; ".join(
        f"{catalogue.get(each.regulation).title} applied, by {each.attested_by or 'nobody named'} on {each.asked_on}"
        for each in silent
    )
    keys = ", ".join(each.regulation for each in silent)
    raise UsageError(
        f"others: {said}. Ask, then name it: applies: if it still does, does-not-apply: if the client says that it no "
        "longer does. Nothing was saved.",
        fields={"others": f"would change what applied: name {keys} under its answer."},
    )


def _record(
    ctx: Context, client: Client, regulation: Regulation, answer: DisclosureAnswer, asked_on: date, args: Arguments
) -> None:
    earlier = next((each for each in ctx.uow.disclosures.current(client.id) if each.regulation == regulation.key), None)
    if earlier is not None:
        ctx.uow.disclosures.supersede(earlier, at=ctx.now, by=ctx.actor.user)
    same = earlier if earlier is not None and earlier.answer is answer else None
    accepts = args.accepts if args.accepts is not None else (same.client_accepts_responsibility if same else None)
    ctx.uow.disclosures.record(
        Disclosure(
            client_id=client.id,
            regulation=regulation.key,
            answer=answer,
            asked_on=asked_on,
            asked_by=ctx.actor.user,
            attested_by=args.by,
            evidence_url=args.evidence or (same.evidence_url if same else None),
            scope=same.scope if same else None,
            client_accepts_responsibility=accepts,
            responsibility_clause=args.clause or (same.responsibility_clause if same else None),
            reask_on=args.reask or reask_on(regulation, asked_on),
            effective_from=asked_on,
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user,
        )
    )


def _recorded_reply(
    catalogue: Catalogue,
    client: Client,
    kept: Questionnaire,
    given: dict[str, DisclosureAnswer],
    no_longer: Sequence[str],
) -> Reply:
    rows = tuple((catalogue.get(key).title, plain(answer)) for key, answer in given.items())
    cautions = [] if kept.attested_by else ["Nobody at the client is named: add by: with name and title."]
    cautions += [f"{catalogue.get(key).title} applied before this." for key in no_longer]
    for regulation in (catalogue.get(key) for key in kept.disclosed):
        cautions += caution(regulation, kept.asked_on)
        if regulation.required_paper:
            papers = ", ".join(paper.in_words for paper in regulation.required_paper)
            cautions.append(f"{regulation.title} usually calls for: {papers}.")
    said = f"{len(kept.disclosed)} apply" if kept.disclosed else "none disclosed"
    facts = (("Answered by", kept.attested_by), ("Asked on", kept.asked_on), ("Ask again", kept.reask_on))
    return Reply(
        f"{client.name} was asked about {counted(len(given), 'regulation')}: {said}.",
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        table=Table(("Regulation", "Answer"), rows),
        data={"questionnaire": kept.model_dump(mode="json"), "answers": {key: a.value for key, a in given.items()}},
    )


def _regulations(name: str, help: str) -> Parameter:
    return Parameter(name, help, Kind.REGULATION, many=True)


COMMANDS = (
    Command(
        "disclosure", "ask", ask, Role.TECHNICIAN, "Which regulations to ask a client about, by its industry",
        parameters=(CLIENT,), changes=False, example="/engagement disclosure ask calder",
    ),
    Command(
        "disclosure", "answers", answers, Role.TECHNICIAN, "Take down a client's answers about many regulations",
        form=FormLayout(first=("applies", "declined", "unknown", "by", "on")),
        parameters=(
            CLIENT,
            _regulations("asked", "what you asked about; the likely ones if left out"),
            _regulations("applies", "what the client said applies; nothing is an answer, too"),
            _regulations("does-not-apply", "what the client said does not apply, though it did before"),
            _regulations("unknown", "what the client does not know"),
            _regulations("declined", "what the client declined to say"),
            Parameter(
                "others", "what the client said about all the others", Kind.CHOICE, choices=DisclosureAnswer,
                words=_WORDS,
            ),
            Parameter("by", "who said so, with title"),
            Parameter("on", "the day they were asked; today if left out", Kind.DATE, has_happened=True),
            Parameter("accepts", "the client accepts that knowing this is its own responsibility", Kind.YES_NO),
            Parameter("clause", "the clause in which it accepts that"),
            Parameter("evidence", "a link to the proof", Kind.URL),
            Parameter("reask", "when to ask again, if not as usual", Kind.DATE, has_happened=False),
        ),
        example='/engagement disclosure answers calder applies:pci_dss others:does_not_apply by:"Pat Example, CFO"',
    ),
)  # fmt: skip
