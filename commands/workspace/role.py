"""Roles: who may do what."""

from dataclasses import replace

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict, NotAllowed, NotFound
from commands.parameters import Kind, Parameter
from commands.reply import Reply, Table
from commands.rules.text.people import as_person
from storage.records import Role, RoleAssignment

_PERSON = Parameter("person", "who", Kind.PERSON, positional=True, required=True)


def grant(ctx: Context, args: Arguments) -> Reply:
    if args.person == ctx.actor.user and not ctx.actor.role.may_act_as(args.role):
        raise NotAllowed("You cannot give yourself more than you have.")
    before = ctx.uow.roles.find(args.person)
    if before is not None and before.role is args.role:
        raise Conflict(f"<@{args.person}> is {args.role.value} already.")
    ctx.uow.roles.grant(RoleAssignment(user=args.person, role=args.role, granted_by=ctx.actor.user, granted_at=ctx.now))
    return Reply(f"<@{args.person}> is {args.role.value} now." + (f" Before: {before.role.value}." if before else ""))


def revoke(ctx: Context, args: Arguments) -> Reply:
    before = ctx.uow.roles.revoke(args.person)
    if before is None:
        raise NotFound(f"<@{args.person}> has no role that was granted here.", next_steps=("/engagement role list",))
    return Reply(f"<@{args.person}> is no longer {before.role.value}.")


def list_roles(ctx: Context, args: Arguments) -> Reply:
    assignments = ctx.uow.roles.list()
    rows = tuple(
        (f"<@{each.user}>", each.role.value, as_person(each.granted_by), str(each.granted_at.date()))
        for each in assignments
    )
    return Reply(
        f"{len(rows)} people have a granted role. Yours is {ctx.actor.role.value}.",
        lines=("Everybody else has the default role; the first admins are in the bot's settings.",),
        table=Table(("Person", "Role", "Granted by", "On"), rows) if rows else None,
        data={"roles": [each.model_dump(mode="json") for each in assignments]},
    )


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
