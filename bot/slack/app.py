"""The Bolt app: the listeners, registered; one installation, verified without asking Slack on every request."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.runtime import metrics
from bot.runtime.config import Settings
from bot.runtime.wiring import Runtime
from bot.slack import forms
from bot.slack.blocks import LINK_ACTION
from bot.slack.home import PAGE_ACTION, HomeTabs
from bot.slack.home_and_shortcuts import SHORTCUTS, HomeAndShortcuts
from bot.slack.identity import People, Team
from bot.slack.listeners import FORGETTING, Listeners
from bot.slack.prefix import Prefix
from bot.slack.request_handler import RequestHandler
from bot.slack.surfaces import SLACK_FAILURES, reason
from bot.slack.workers import Workers
from bot.slack.workflow import ASK_STEP, DISCLOSE_STEP, Steps
from commands.command import Registry

MAIN_COMMAND = "/engagement"
_NOT_INSTALLED = "This assistant is not installed in your workspace, so nothing was answered or changed."
_log = logging.getLogger(__name__)
_bolt_log = logging.getLogger("bot.slack.bolt")
# It finds the token in the environment by itself, and says at every start that our client comes first.
_bolt_log.addFilter(lambda record: "`token` will be unused" not in record.getMessage())


class CountedClient(WebClient):
    """Counts the calls that fail."""

    def api_call(self, api_method: str, **given: Any) -> SlackResponse:
        try:
            return super().api_call(api_method, **given)
        except SLACK_FAILURES as error:
            metrics.slack_failed(api_method, reason(error))
            raise


def web_client(settings: Settings) -> WebClient:
    """A client that never sends a post twice: the SDK's default repeats it after a dropped connection."""
    client = CountedClient(token=settings.slack_bot_token, timeout=10, retry_handlers=[])
    if settings.slack_api_url:
        client.base_url = settings.slack_api_url.rstrip("/") + "/"
    return client


def build_app(
    runtime: Runtime,
    client: WebClient,
    team: Team,
    workers: Workers,
    after_change: Callable[[], None] = lambda: None,
    people: People | None = None,
) -> App:
    """The app of the workspace `team`, whose requests may come from Socket Mode or from our verified HTTP door.

    `after_change` is called when a command changed something: messages in Slack may have to be brought up to date.

    `process_before_response`: a listener runs in the calling thread and what it acknowledged is the response.
    """
    app = App(
        name="engagement",
        logger=_bolt_log,
        client=WebClient(base_url=client.base_url, timeout=client.timeout, retry_handlers=[]),
        authorize=_authorize(team, client),
        user_facing_authorize_error_message=_NOT_INSTALLED,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        ssl_check_enabled=False,
        request_verification_enabled=False,  # bot/slack/http.py does it, on the raw body, before anything is parsed
        attaching_function_token_enabled=False,
    )
    workspace_id = runtime.workspace_id(team.id, team.name)
    people = people or People(client, team)
    runtime = replace(
        runtime, dispatcher=replace(runtime.dispatcher, members_of=people.members_of, look_up=people.look_up)
    )
    tabs: list[HomeTabs] = []

    def changed() -> None:
        after_change()
        for each in tabs:
            each.refresh()

    prefix = Prefix(runtime.settings.command_prefix, slash_commands(runtime.dispatcher.registry))
    handler = RequestHandler(runtime, workspace_id, client, team, people, changed, prefix, workers.submit)
    tabs.append(HomeTabs(handler, workers))
    listeners = Listeners(handler, workers)
    _register(app, listeners, runtime.dispatcher.registry)
    _register_home_and_shortcuts(app, HomeAndShortcuts(listeners, tabs[0]))
    steps = Steps(handler)
    app.function(ASK_STEP)(steps.on_ask)
    app.function(DISCLOSE_STEP)(steps.on_disclose)
    return app


def slash_commands(registry: Registry, prefix: str = "") -> tuple[str, ...]:
    """Every slash command people can type, the main one first."""
    plain = (MAIN_COMMAND, *registry.slashes)
    return tuple(map(Prefix(prefix, plain).added, plain))


def _register(app: App, listeners: Listeners, registry: Registry) -> None:
    slashes = map(re.escape, slash_commands(registry, listeners.handler.prefix.text))
    app.command(re.compile(f"^({'|'.join(slashes)})$"))(listeners.on_command)
    app.event("app_mention")(listeners.on_mention)
    app.event("message")(listeners.on_message)
    for event in FORGETTING:
        app.event(event)(listeners.on_change)
    app.action(re.compile(r"^(run|form|more|rate|menu):\d+$"))(listeners.on_button)
    app.action(re.compile(rf"^{LINK_ACTION}:"))(_on_link)
    app.action(re.compile(rf"^{forms.ACTION}:"))(listeners.on_picked)
    app.action(forms.MORE)(listeners.on_more)
    app.view(forms.CALLBACK)(listeners.on_form)
    app.options(re.compile(rf"^{forms.ACTION}:"))(listeners.on_options)
    app.error(_on_error)


def _register_home_and_shortcuts(app: App, home_and_shortcuts: HomeAndShortcuts) -> None:
    app.event("app_home_opened")(home_and_shortcuts.on_home_opened)
    app.action(re.compile(rf"^{PAGE_ACTION}:\d+$"))(home_and_shortcuts.on_page)
    for callback, *_ in SHORTCUTS:
        app.shortcut(callback)(home_and_shortcuts.on_shortcut)


def _authorize(team: Team, client: WebClient) -> Callable[..., Any]:
    """With the token that `client` has at that moment: it may change."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        is_ours = team_id == team.id or (team_id is None and team.enterprise_id and team.enterprise_id == enterprise_id)
        if not is_ours:
            _log.warning("a request of another workspace was refused: %s", team_id)
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team.id,
            bot_user_id=team.bot_user_id,
            bot_id=team.bot_id,
            bot_token=str(client.token),
        )

    return authorize


def _on_link(ack: Ack) -> None:
    """A button that only opens a link was pressed: there is nothing to do."""
    ack()


def _on_error(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """The listeners answer for themselves: what arrives here has no listener, or lacks parts that Slack always sends.

    It is acknowledged: Slack would send it again, and disable events after too many failures.
    """
    kind = body.get("type") or body.get("command") or "unknown"
    if isinstance(error, BoltUnhandledRequestError):
        _log.info("nothing listens to: %s", kind)
    else:
        _log.error("a payload could not be handled: %s", kind, exc_info=error)
    return BoltResponse(status=200, body="")
