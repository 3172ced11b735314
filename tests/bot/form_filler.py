"""Fills forms in as a person would: the state that Slack would send for what is in the inputs."""

from collections.abc import Mapping
from typing import Any


def untouched(view: Mapping[str, Any]) -> dict[str, Any]:
    """The state of a form that is sent as it was opened."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {block["block_id"]: _initial(block["element"]) for block in inputs}


def _initial(element: Mapping[str, Any]) -> dict[str, Any]:
    kind = element["type"]
    if kind == "datepicker":
        return {"type": kind, "selected_date": element.get("initial_date")}
    if kind == "users_select":
        return {"type": kind, "selected_user": element.get("initial_user")}
    if kind == "multi_users_select":
        return {"type": kind, "selected_users": element.get("initial_users", [])}
    if kind == "conversations_select":
        return {"type": kind, "selected_conversation": element.get("initial_conversation")}
    if kind == "multi_conversations_select":
        return {"type": kind, "selected_conversations": element.get("initial_conversations", [])}
    if kind in ("static_select", "external_select", "radio_buttons"):
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in ("multi_static_select", "multi_external_select"):
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    if kind == "checkboxes":
        return {"type": kind, "selected_options": []}
    if kind == "file_input":
        return {"type": kind, "files": []}
    return {"type": kind, "value": element.get("initial_value")}
