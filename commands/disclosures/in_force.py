"""Whether a regulation binds anybody yet, or still; and the days on which that or its rules change."""

from datetime import date

from commands.rules.dates.format import format_date
from storage.catalog.deadlines import Milestone
from storage.catalog.frameworks import Frameworks
from storage.catalog.regulations import Regulation


def why_not(regulation: Regulation, on: date) -> str | None:
    """What follows its name where it binds nobody on that day: is not law: a bill; None where nothing says so."""
    if regulation.proposed is not None:
        return f"is not in force: {regulation.proposed}"
    if regulation.in_force_from is not None and on < regulation.in_force_from:
        return f"is not in force before {format_date(regulation.in_force_from)}"
    if regulation.ended is not None and regulation.ended <= on:
        return f"ended on {format_date(regulation.ended)}"
    return None


def caution(regulation: Regulation, on: date) -> tuple[str, ...]:
    """The same as a sentence."""
    why = why_not(regulation, on)
    if why is None:
        return ()
    return (f"{regulation.title} {why}. The answer is kept; until then nothing follows from it.",)


def state_in_words(regulation: Regulation, on: date) -> str:
    """in force; is not in force before 1 May 2027"""
    return why_not(regulation, on) or (
        f"in force since {format_date(regulation.in_force_from)}" if regulation.in_force_from else "in force"
    )


def dates_of(regulation: Regulation, families: Frameworks) -> tuple[Milestone, ...]:
    """Every day on which it starts, ends or changes, in order; those of the framework it is measured by included."""
    found = [*regulation.milestones]
    if regulation.in_force_from is not None:
        found.append(Milestone(regulation.in_force_from, "it is in force", regulation.source_url))
    if regulation.ended is not None:
        found.append(Milestone(regulation.ended, "it is no longer in force", regulation.source_url))
    measured_by = families.get(regulation.framework) if regulation.framework else None
    found += measured_by.newest.milestones if measured_by else ()
    return tuple(sorted(found, key=lambda each: each.on))
