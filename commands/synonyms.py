"""What people call a command in their own words, where that is neither its name nor like it."""

from collections.abc import Mapping

MEANT: Mapping[str, tuple[str, ...]] = {
    word: commands
    for words, commands in (
        ("todo todos tasks agenda today digest weekly", ("week", "home", "reminder list")),
        ("report reports summary overview dashboard status", ("check all", "week", "setup progress")),
        ("search find lookup grep", ("scope ask", "matrix show", "audit show")),
        ("contract contracts paper papers documents msa sow", ("agreement list", "agreement show", "renewal list")),
        ("customer customers account accounts company companies", ("client list", "client show", "client add")),
        ("delete remove erase discard drop", ("undo", "agreement remove", "client offboard")),
        ("undo revert rollback oops restore unsend", ("undo", "renewal retract", "agreement reinstate")),
        ("deadline deadlines expiring expiry expires upcoming due", ("renewal list", "week", "calendar")),
        ("ics outlook ical subscribe", ("calendar feed", "calendar")),
        ("permissions admin admins rights privileges", ("role list", "role grant")),
        ("log logs trail who-did-it", ("audit show", "scope history")),
        ("compliance regulations laws hipaa pci gdpr", ("disclosure list", "who", "disclosure record")),
        ("sla slas commitments obligations", ("promise list", "promise add")),
        ("raci duties scope-list responsibilities", ("matrix show", "matrix set")),
        ("notifications alerts notify nag", ("reminder list", "reminder leads")),
        ("billable invoice billing bill", ("scope billable", "scope bill")),
        ("start begin onboarding install configure", ("setup", "setup progress")),
        ("gaps missing risks findings", ("check all", "check", "who gap")),
        ("handover vacation holiday absence substitute reassign", ("reminder reassign", "client edit", "week")),
        ("people users members staff colleagues", ("role list", "client list")),
        ("mute pause quiet snooze later", ("reminder snooze", "reminder leads", "reminder list")),
        ("escalate escalation manager", ("scope escalate", "scope open")),
        ("ticket tickets incident issue problem", ("scope ask", "scope bill")),
        ("note notes comment remark", ("promise add", "recommendation decline", "scope ask")),
        ("passwords credentials rights-list", ("access", "access grant")),
    )
    for word in words.split()
}


def meant_by(typed: str) -> tuple[str, ...]:
    """The names of the commands that the words may mean, the likeliest first; empty where they mean none."""
    found = [name for word in typed.lower().split() for name in MEANT.get(word.strip("?!.,"), ())]
    return tuple(dict.fromkeys(found))


ON_THE_MACHINE: Mapping[str, str] = {
    word: line
    for words, line in (
        ("backup dump", "engagement-bot db backup FILE"),
        ("uninstall", "engagement-bot service uninstall"),
        ("service systemd daemon", "engagement-bot service status"),
        ("settings config configuration tokens health doctor", "engagement-bot check"),
        ("upgrade migrate migration schema", "engagement-bot db upgrade"),
        ("postgres postgresql database db sqlite", "engagement-bot db move --to postgresql://USER:PASSWORD@HOST/NAME"),
    )
    for word in words.split()
}
"""What people look for in Slack and an operator does: the command line of it."""


def done_on_the_machine(word: str) -> str | None:
    """The line that does it on the machine that the bot runs on; None for anything else."""
    return ON_THE_MACHINE.get(word.lower().strip("?!.,"))
