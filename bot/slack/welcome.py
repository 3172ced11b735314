"""The first greeting: an admin of a workspace without clients is told, once, how to get to the first answer."""

import logging

from slack_sdk import WebClient

from bot.runtime.wiring import Runtime
from bot.slack.identity import Team
from bot.slack.prefix import Prefix
from bot.slack.render import render
from bot.slack.surfaces import Answer, directly
from commands.dispatching.delivery import Delivery, Duplicate
from commands.dispatching.request import Request
from commands.errors import CommandError
from storage.errors import StorageError

_log = logging.getLogger(__name__)


def greet(runtime: Runtime, client: WebClient, team: Team, prefix: Prefix) -> None:
    """Greet the first admins by direct message, unless somebody was greeted before or has begun already."""
    try:
        workspace_id = runtime.workspace_id(team.id, team.name)
        with runtime.dispatcher.open_unit(workspace_id, writes=False) as uow:
            if uow.clients.list(offboarded=True) or uow.audit.newest(1, "setup start"):
                return
        for admin in sorted(runtime.settings.admins):
            once = Delivery(f"greeting:{admin}")  # several processes may start at the same moment
            reply = runtime.dispatcher.run(Request(workspace_id, admin, "setup start", deliveries=(once,)))
            directly(client, admin, Answer(render(prefix.in_reply(reply)).payload))
    except Duplicate:
        _log.info("another process greets")
    except (CommandError, StorageError) as error:
        _log.warning("nobody was greeted: %s", type(error).__name__)
