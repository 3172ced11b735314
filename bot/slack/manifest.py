"""The app's manifest, from the registry: what Slack has to be told is what the code does."""

from typing import Any

import yaml

from bot.slack.app import MAIN_COMMAND, slash_commands
from bot.slack.home_and_shortcuts import PROMPTS, SHORTCUTS
from bot.slack.workflow import declare_steps
from commands.command import Command, Registry

NAME = "Engagement"
DESCRIPTION = "Who is responsible for what, for which client: signed, explained and proven."
EVENTS_PATH = "/slack/events"
BOT_EVENTS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "channel_shared": "channels:read",
    "channel_unshared": "channels:read",
    "function_executed": "",
    "message.im": "im:history",
    "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read",
    "user_change": "users:read",
}
"""Every event, and the scope that Slack sends it for; some need none."""
METHODS = {
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "functions.completeError": (),
    "functions.completeSuccess": (),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
"""Every Web API method that the bot calls, and what it needs. Files put into forms and messages need files:read."""


def build_manifest(
    registry: Registry, *, mode: str = "socket", url: str | None = None, prefix: str = ""
) -> dict[str, Any]:
    """The manifest for Socket Mode, or for HTTP at `url` (https://host). Raises ValueError for HTTP without a URL.

    `prefix` is put before the slash commands; the bot has to be told by ENGAGEMENT_COMMAND_PREFIX.
    """
    if mode not in ("socket", "http"):
        raise ValueError(f'"{mode}" is neither socket nor http.')
    if mode == "http" and not (url or "").startswith("https://"):
        raise ValueError("HTTP mode needs the bot's public address, like https://bot.example.com.")
    endpoint = f"{(url or '').rstrip('/')}{EVENTS_PATH}" if mode == "http" else None
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": NAME, "description": DESCRIPTION, "background_color": "#1f3a5f"},
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {
                "agent_description": DESCRIPTION,
                "suggested_prompts": [{"title": title, "message": message} for title, message in PROMPTS],
            },
            "bot_user": {"display_name": "engagement", "always_online": True},
            "shortcuts": [
                {"name": name, "type": kind, "callback_id": callback, "description": description}
                for callback, kind, name, description in SHORTCUTS
            ],
            "slash_commands": [
                {**_slash(registry, command, endpoint), "command": named}
                for command, named in zip(slash_commands(registry), slash_commands(registry, prefix), strict=True)
            ],
        },
        "oauth_config": {"scopes": {"bot": scopes()}},
        "settings": _settings(endpoint),
        "functions": declare_steps(),
    }


def scopes() -> list[str]:
    """The bot scopes that the methods, the events and the slash commands need, and no other."""
    needed = {scope for method in METHODS.values() for scope in method} | set(BOT_EVENTS.values())
    return sorted((needed | {"commands"}) - {""})


def as_yaml(manifest: dict[str, Any]) -> str:
    """The text of manifest.yml."""
    text: str = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=120)
    return "# Made by: engagement-bot manifest\n" + text


def _slash(registry: Registry, slash: str, endpoint: str | None) -> dict[str, Any]:
    command = registry.for_slash(slash)
    described = {
        "command": slash,
        "description": command.summary if command else "Clients, agreements, responsibilities, disclosures: type help",
        "usage_hint": _hint(command) if command else "help | NOUN VERB ...",
        "should_escape": True,
    }
    return {**described, "url": endpoint} if endpoint else described


def _hint(command: Command) -> str:
    """The parameters, without the name that the slash command stands for. Slack takes 1,000 characters."""
    return command.usage.removeprefix(f"{MAIN_COMMAND} {command.name}").strip()[:1000] or "help"


def _settings(endpoint: str | None) -> dict[str, Any]:
    events: dict[str, Any] = {"bot_events": sorted(BOT_EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if endpoint is not None:
        events = {"request_url": endpoint, **events}
        interactivity |= {"request_url": endpoint, "message_menu_options_url": endpoint}
    return {
        "event_subscriptions": events,
        "interactivity": interactivity,
        "function_runtime": "remote",
        "org_deploy_enabled": True,  # Slack asks for it where an app has steps for workflows
        "socket_mode_enabled": endpoint is None,
        "token_rotation_enabled": False,
    }
