"""Reminders of records that were copied: each that is due may have been sent since."""

from datetime import timedelta

from bot.runtime.wiring import Runtime
from commands.reminders.planner import planner_for
from storage.unit_of_work import UnitOfWork

_SLACK = timedelta(minutes=10)


def doubt_due(runtime: Runtime, uow: UnitOfWork) -> int:
    """Plan what the records did not know yet when they were copied, then doubt every reminder that is due: it may have
    been sent since. How many that are.
    """
    now = runtime.clock()
    last = uow.restored.last_known() or now
    planner_for(runtime.dispatcher.policy).plan_all(uow, now)
    return uow.restored.recheck(now, runtime.database.shared_now(uow), min(last, now) - _SLACK)
