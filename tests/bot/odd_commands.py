"""Commands for the tests of the Slack front end: one for each thing that a reply or a handler can do."""

import time
from dataclasses import replace
from datetime import date
from enum import StrEnum
from threading import Event

from commands.agreements import agreement
from commands.arguments import Arguments
from commands.clients import client
from commands.command import Command, Context, Registry
from commands.errors import Conflict
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Evidence, File, Notice, Reply, Table
from commands.workspace import help, role
from storage.records import Role, Verdict

MAY_FINISH = Event()


class Colour(StrEnum):
    RED = "red"
    DARK_BLUE = "dark_blue"


def ask(ctx: Context, args: Arguments) -> Reply:
    return Reply(
        f"Asked: {args.question}",
        verdict=Verdict.MSP,
        evidence=Evidence("SOW-A", "3.2", date(2026, 1, 1), None, None),
        choices=(Choice("Share with channel", f"odd share {args.question}"),),
    )


def share(ctx: Context, args: Arguments) -> Reply:
    return Reply(f"Shared: {args.text}", is_public=True)


def fail(ctx: Context, args: Arguments) -> Reply:
    raise RuntimeError("secret detail")


def tell(ctx: Context, args: Arguments) -> Reply:
    told = Reply(f"You are told by <@{ctx.actor.user}>.")
    return Reply("Noted.", notices=(Notice(args.person, told, receipt=args.receipt),))


def rows(ctx: Context, args: Arguments) -> Reply:
    listed = tuple((str(number), f"row <{number}> & more") for number in range(args.count))
    return Reply(f"{args.count} rows.", table=Table(("No", "What"), listed))


def much(ctx: Context, args: Arguments) -> Reply:
    return replace(rows(ctx, args), lines=tuple(f"{number}: {'long ' * 500}" for number in range(60)))


def slow(ctx: Context, args: Arguments) -> Reply:
    MAY_FINISH.wait(5)
    sizes = ", ".join(f"{upload.name} {len(upload.content)}" for upload in ctx.uploads)
    return Reply(f"Finished slowly. {sizes}".strip())


def nap(ctx: Context, args: Arguments) -> Reply:
    time.sleep(0.7)
    return Reply("Rested.")


def export(ctx: Context, args: Arguments) -> Reply:
    return Reply("Exported.", files=(File("matrix.csv", b"a,b\n1,2\n", "Matrix"),))


def everything(ctx: Context, args: Arguments) -> Reply:
    if args.text == "taken":
        raise Conflict("That is taken.")
    return Reply("Filled in.", lines=tuple(f"{name}={value}" for name, value in sorted(args.values.items()) if value))


_TEXT = Parameter("text", "anything", Kind.REST, positional=True)
_EVERYTHING = (
    Parameter("text", "a text", required=True, positional=True),
    Parameter("long", "a long text", Kind.LONG_TEXT),
    Parameter("names", "several texts", many=True),
    Parameter("day", "a day", Kind.DATE),
    Parameter("period", "a length of time", Kind.PERIOD),
    Parameter("count", "a number", Kind.INTEGER),
    Parameter("percent", "a percentage", Kind.PERCENT),
    Parameter("sure", "yes or no", Kind.YES_NO),
    Parameter("url", "a link", Kind.URL),
    Parameter("zone", "a time zone", Kind.ZONE),
    Parameter("colour", "a colour", Kind.CHOICE, choices=Colour, words={"navy": "dark_blue"}),
    Parameter("colours", "several colours", Kind.CHOICE, choices=Colour, many=True),
    Parameter("person", "a person", Kind.PERSON),
    Parameter("people", "several people", Kind.PERSON, many=True),
    Parameter("channel", "a channel", Kind.CHANNEL),
    Parameter("channels", "several channels", Kind.CHANNEL, many=True),
)
ODD = (
    Command("scope", "ask", ask, Role.VIEWER, "Ask", "/scope calder who?", slash="/scope", changes=False,
            parameters=(Parameter("question", "the question", Kind.REST, positional=True, required=True),)),
    Command("odd", "share", share, Role.VIEWER, "Share", "x", (_TEXT,), changes=False),
    Command("odd", "fail", fail, Role.VIEWER, "Fail", "x"),
    Command("odd", "tell", tell, Role.VIEWER, "Tell", "x",
            parameters=(Parameter("person", "who", positional=True, required=True), Parameter("receipt", "a receipt"))),
    Command("odd", "rows", rows, Role.VIEWER, "Rows", "x", changes=False,
            parameters=(Parameter("count", "how many", Kind.INTEGER, positional=True, required=True),)),
    Command("odd", "much", much, Role.VIEWER, "Rows below much else", "x", changes=False,
            parameters=(Parameter("count", "how many", Kind.INTEGER, positional=True, required=True),)),
    Command("odd", "slow", slow, Role.VIEWER, "Slow", "x", is_slow=True,
            parameters=(Parameter("what", "which", positional=True), Parameter("file", "a file", Kind.FILE))),
    Command("odd", "import", slow, Role.VIEWER, "Import", "x", is_slow=True,
            parameters=(Parameter("file", "a file", Kind.FILE, required=True),)),
    Command("odd", "nap", nap, Role.VIEWER, "Nap", "x"),
    Command("odd", "doze", nap, Role.VIEWER, "Doze", "x", is_slow=True),
    Command("odd", "export", export, Role.VIEWER, "Export", "x", changes=False),
    Command("odd", "everything", everything, Role.VIEWER, "Everything", "x", _EVERYTHING),
)  # fmt: skip
REGISTRY = Registry((*help.COMMANDS, *client.COMMANDS, *agreement.COMMANDS, *role.COMMANDS, *ODD))
