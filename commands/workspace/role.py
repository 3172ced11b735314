"""Roles: who may do what."""

from collections import Counter
from dataclasses import replace

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict, NotAllowed, NotFound
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.reply import Reply, Table
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted, join_names
from commands.rules.text.placeholders import BLANK
from storage.records import Role, RoleAssignment

_FEW = 3
_PERSON = Parameter("person", "who", Kind.PERSON, positional=True, required=True, hint="")


def grant(ctx: Context, args: Arguments) -> Reply:
    if args.person == ctx.actor.user and not ctx.actor.role.may_act_as(args.role):
        raise NotAllowed("You cannot give yourself more than you have.")
    before = ctx.uow.roles.find(args.person)
    if before is not None and before.role is args.role:
        raise Conflict(f"{as_person(args.person)} is {args.role.value} already.")
    ctx.uow.roles.grant(RoleAssignment(user=args.person, role=args.role, granted_by=ctx.actor.user, granted_at=ctx.now))
    return Reply(
        f"{as_person(args.person)} is {args.role.value} now." + (f" Before: {before.role.value}." if before else "")
    )


def revoke(ctx: Context, args: Arguments) -> Reply:
    """What they answer for stays theirs: it is said, because nobody else is told of it."""
    before = ctx.uow.roles.revoke(args.person)
    if before is None:
        raise NotFound(
            f"{as_person(args.person)} has no role that was granted here.", next_steps=("/engagement role list",)
        )
    mine = [client for client in ctx.uow.clients.list() if args.person in (client.owner, client.backup_owner)]
    cautions = (f"They still answer for {join_names([each.name for each in mine], _FEW)}.",) if mine else ()
    steps = tuple(command_line("/engagement client edit", each.name, owner=BLANK) for each in mine[:_FEW])
    return Reply(f"{as_person(args.person)} is no longer {before.role.value}.", cautions=cautions, next_steps=steps)


def list_roles(ctx: Context, args: Arguments) -> Reply:
    """Everybody with a role of their own, where it comes from, and for how many clients they answer."""
    assignments = ctx.uow.roles.list()
    default = ctx.policy.default_role.value if ctx.policy else Role.VIEWER.value
    firsts = sorted(ctx.policy.admins) if ctx.policy else []
    answers = Counter(user for client in ctx.uow.clients.list() for user in {client.owner, client.backup_owner} if user)
    granted = {each.user for each in assignments}
    rows = [(as_person(user), Role.ADMIN.value, "the settings", "", _clients(answers[user])) for user in firsts]
    rows += [
        (
            as_person(each.user),
            each.role.value,
            "a grant, which the settings override"
            if each.user in firsts
            else f"granted by {as_person(each.granted_by)}",
            str(ctx.day_of(each.granted_at)),
            _clients(answers[each.user]),
        )
        for each in assignments
    ]
    others = sorted(user for user in answers if user not in granted and user not in firsts)
    rows += [(as_person(user), default, "the default", "", _clients(answers[user])) for user in others]
    people = counted(len(granted | set(firsts)), "person has", "people have")
    return Reply(
        f"{people} a role of their own. Yours is {ctx.actor.role.value}.",
        lines=(f"Everybody else is {default}, the default.",),
        table=Table(("Person", "Role", "Comes from", "Since", "Answers for"), tuple(rows)) if rows else None,
        data={"roles": [each.model_dump(mode="json") for each in assignments], "admins": firsts, "default": default},
    )


def _clients(count: int) -> str:
    return "" if not count else f"{count} {'client' if count == 1 else 'clients'}"


COMMANDS = (
    Command(
        "role", "grant", grant, Role.ADMIN, "Give somebody a role",
        parameters=(
            _PERSON,
            Parameter("role", "what they may do", Kind.CHOICE, positional=True, required=True, choices=Role),
        ),
        example="/engagement role grant @sam technician",
    ),
    Command(
        "role", "revoke", revoke, Role.ADMIN, "Take a granted role away",
        parameters=(replace(_PERSON, may_be_absent=True),),
        example="/engagement role revoke @sam",
    ),
    Command(
        "role", "list", list_roles, Role.VIEWER, "Who has which role", changes=False,
        example="/engagement role list",
    ),
)  # fmt: skip
