"""Standard of care: which version of a framework a client, or one of its agreements, is measured by."""

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import NotFound
from commands.frameworks.editions import Family, applying_to, edition_named, family_named, still_required_by
from commands.frameworks.framework import FRAMEWORK, VERSION
from commands.grammar.words import command_line
from commands.history import endings, versions
from commands.known_regulations import known_regulations
from commands.parameters import Kind, Parameter
from commands.reply import Field, Reply
from commands.rules.frameworks.trace import is_older
from commands.rules.history.spans import has_ended
from commands.rules.text.phrases import join_names
from commands.rules.text.placeholders import BLANK
from storage.records import Adoption, Client, Role

_OPTIONAL_AGREEMENT = Parameter("agreement", "only this agreement is measured by it", Kind.AGREEMENT)
_REVIEWED_ON = Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True)
_ON = Parameter("on", "the day; today if left out", Kind.DATE, has_happened=False)


def adopt(ctx: Context, args: Arguments) -> Reply:
    """From now on the client, or one of its agreements, is measured by it; an earlier edition is superseded."""
    client: Client = args.client
    family = family_named(ctx.uow, args.framework)
    edition = edition_named(ctx.uow, family, args.version)
    on = args.on or ctx.today_for(client)
    agreement_id = args.agreement.id if args.agreement else None
    old = _adoption(ctx, client, family, agreement_id)
    if old is not None:
        versions.end_version(ctx, ctx.uow.adoptions, old)
        old = None if has_ended(old, on) else old
    adoption = ctx.uow.adoptions.record(
        Adoption(
            client_id=client.id,
            agreement_id=agreement_id,
            family=family.key,
            edition=edition,
            clause=args.clause or (old.clause if old else None),
            adopted_on=on,
            **versions.stamp(ctx),
        )
    )
    whom = f"{args.agreement.reference} of {client.name}" if args.agreement else client.name
    return Reply(
        f"{whom} is measured by {family.title} {edition}.",
        fields=tuple(
            Field(label, value)
            for label, value in (
                ("Since", str(on)),
                ("Clause", adoption.clause),
                ("Before", old.edition if old else None),
            )
            if value
        ),
        cautions=_about_newer(ctx, client, family, edition),
        data={"adoption": adoption.model_dump(mode="json")},
    )


def review(ctx: Context, args: Arguments) -> Reply:
    """Somebody looked at what the newest version changes, and the client stays with the older one."""
    client: Client = args.client
    family = family_named(ctx.uow, args.framework)
    old = _current_adoption(ctx, client, family, args.agreement.id if args.agreement else None)
    on = args.on or ctx.today_for(client)
    versions.replace_version(ctx, ctx.uow.adoptions, old, {"reviewed_on": on})
    return Reply(f"{client.name}: {family.title} {old.edition} was reviewed on {on}; {family.newest} is the newest.")


def drop(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    family = family_named(ctx.uow, args.framework)
    old = _find_adoption(ctx, args, family)
    on = args.on or ctx.today_for(client)
    of = {"agreement": args.agreement.reference} if args.agreement else {}
    back = command_line("/engagement framework reinstate", client.name, family.key, **of)
    after, before = endings.end(ctx, ctx.uow.adoptions, old, on, is_stated=bool(args.on), take_back=back)
    return Reply(
        f"{client.name} is no longer measured by {family.title} {old.edition} as of {after.ended_on}.{before}",
        data={"adoption": after.model_dump(mode="json")},
    )


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Take its ending back: the client is measured by it as if it had not been dropped."""
    client: Client = args.client
    family = family_named(ctx.uow, args.framework)
    old = _find_adoption(ctx, args, family)
    after, said = endings.take_back(ctx, ctx.uow.adoptions, old, f"{family.title} {old.edition}")
    return Reply(
        f"{client.name} is measured by {family.title} {old.edition} again. {said}",
        data={"adoption": after.model_dump(mode="json")},
    )


def _about_newer(ctx: Context, client: Client, family: Family, edition: str) -> tuple[str, ...]:
    """That there is a newer edition; or which regulation of the client's asks for an older one all the same."""
    applying, laws = applying_to(ctx.uow, client), known_regulations(ctx.uow)
    if is_older(edition, family.newest):
        still = still_required_by(laws, family, edition, applying)
        if still:
            return (f"{family.newest} is newer, but for {join_names(still, 3)} it is {edition} that counts.",)
        return (f"{family.newest} is newer.",)
    older = [each.edition for each in (family.listed.versions if family.listed else ()) if each.edition != edition]
    named = {each: still_required_by(laws, family, each, applying) for each in older}
    return tuple(f"For {join_names(who, 3)} it is {each} that counts." for each, who in named.items() if who)


def _adoption(ctx: Context, client: Client, family: Family, agreement_id: int | None) -> Adoption | None:
    known = ctx.uow.adoptions.current(client.id)
    return next((each for each in known if each.family == family.key and each.agreement_id == agreement_id), None)


def _current_adoption(ctx: Context, client: Client, family: Family, agreement_id: int | None) -> Adoption:
    found = _adoption(ctx, client, family, agreement_id)
    if found is None or has_ended(found, ctx.today_for(client)):
        raise _not_measured(client, family)
    return found


def _find_adoption(ctx: Context, args: Arguments, family: Family) -> Adoption:
    """The adoption that stands or has ended."""
    found = _adoption(ctx, args.client, family, args.agreement.id if args.agreement else None)
    if found is None:
        raise _not_measured(args.client, family)
    return found


def _not_measured(client: Client, family: Family) -> NotFound:
    adopt_line = command_line("/engagement framework adopt", client.name, family.key, version=BLANK, clause=BLANK)
    return NotFound(f"{client.name} is not measured by {family.title}.", next_steps=(adopt_line,))


COMMANDS = (
    Command(
        "framework", "adopt", adopt, Role.MANAGER, "Measure a client, or an agreement, by a version of a framework",
        parameters=(
            CLIENT, FRAMEWORK, VERSION, _OPTIONAL_AGREEMENT, Parameter("clause", "where the paper says so"), _ON,
        ),
        example="/engagement framework adopt calder nist-csf 2.0 agreement:SOW-A",
    ),
    Command(
        "framework", "review", review, Role.MANAGER, "Record that a newer version was looked at and not adopted yet",
        parameters=(CLIENT, FRAMEWORK, _OPTIONAL_AGREEMENT, _REVIEWED_ON),
        example="/engagement framework review calder nist-csf",
    ),
    Command(
        "framework", "drop", drop, Role.MANAGER, "Stop measuring a client by a framework, or correct since when",
        confirm="Stop measuring by it: nobody is told of newer versions any more.",
        parameters=(CLIENT, FRAMEWORK, _OPTIONAL_AGREEMENT, _ON),
        example="/engagement framework drop calder nist-csf",
    ),
    Command(
        "framework", "reinstate", reinstate, Role.MANAGER, "Take back that a framework was dropped",
        parameters=(CLIENT, FRAMEWORK, _OPTIONAL_AGREEMENT),
        example="/engagement framework reinstate calder nist-csf",
    ),
)  # fmt: skip
