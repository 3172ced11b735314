"""A form in a terminal: one question per field, checked as far as Slack itself would, errors asked again."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.console.local_slack import LocalSlack

Block = Mapping[str, Any]
State = dict[str, Any]
_FEW = 12


class Cancelled(Exception):
    """The form was closed without saving."""


class FormFiller:
    """`read` asks for a line (None at the end), `say` prints one, `suggest` gives an external select's options."""

    def __init__(
        self,
        slack: LocalSlack,
        read: Callable[[str], str | None],
        say: Callable[[str], None],
        suggest: Callable[[str, str], Sequence[Block]],
    ) -> None:
        self._slack = slack
        self._read = read
        self._say = say
        self._suggest = suggest
        self._is_done = False

    def fill_in(self, view: Block) -> State:
        """The state of every input, by block_id. Raises Cancelled."""
        self._is_done = False
        return {block["block_id"]: self._ask(block) for block in _inputs(view)}

    def correct(self, view: Block, state: State, errors: Mapping[str, str]) -> State:
        """`state` with the fields that have errors asked again. Raises Cancelled."""
        self._is_done = False
        for block in _inputs(view):
            if (problem := errors.get(block["block_id"])) is not None:
                self._say(f"  ! {problem}")
                state = {**state, block["block_id"]: self._ask(block)}
        return state

    def _ask(self, block: Block) -> State:
        element = block["element"]
        kept = _as_opened(element)
        while not self._is_done:
            typed = self._read(self._prompt(block, element))
            if typed is None or typed.strip().lower() == "cancel":
                raise Cancelled
            if typed.strip().lower() == "done":
                self._is_done = True
                break
            if not typed.strip():
                if block.get("optional", False) or _text_of(kept):
                    break
                self._say("  ! This field is needed. cancel closes the form.")
                continue
            try:
                return self._state(element, block["block_id"], typed.strip())
            except ValueError as error:
                self._say(f"  ! {error}")
        return kept

    def _prompt(self, block: Block, element: Block) -> str:
        notes = [] if block.get("optional", False) else ["needed"]
        if options := element.get("options"):
            notes.append(" | ".join(option["value"] for option in options))
        if current := _text_of(_as_opened(element)):
            notes.append(f"now: {current}")
        about = "; ".join(filter(None, (block.get("hint", {}).get("text", ""), ", ".join(notes))))
        return f"  {block['label']['text']}{f' ({about})' if about else ''}: "

    def _state(self, element: Block, block_id: str, typed: str) -> State:
        """What Slack would send for `typed`. Raises ValueError for what the input would not let anybody enter."""
        kind = element["type"]
        if kind == "datepicker":
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", typed):
                raise ValueError("A date is picked here: write it like 2026-03-31.")
            return {"type": kind, "selected_date": typed}
        if kind in ("static_select", "radio_buttons"):
            return {"type": kind, "selected_option": _pick(element["options"], typed)}
        if kind == "checkboxes":
            return {"type": kind, "selected_options": [_pick(element["options"], typed)]}
        if kind == "multi_static_select":
            picked = [_pick(element["options"], part.strip()) for part in typed.split(",")]
            return {"type": kind, "selected_options": picked}
        if kind == "external_select":
            return {"type": kind, "selected_option": _pick(self._suggest(block_id, typed), typed)}
        if kind == "multi_external_select":
            picked = [_pick(self._suggest(block_id, part.strip()), part.strip()) for part in typed.split(",")]
            return {"type": kind, "selected_options": picked}
        if kind.endswith(("users_select", "conversations_select")):
            return self._mentioned(kind, typed)
        if kind == "file_input":
            path = Path(typed).expanduser()
            if not path.is_file():
                raise ValueError(f"{path} is not a file. Write its path, or an empty line to go on without.")
            return {"type": kind, "files": [self._slack.add_file(path.name, path.read_bytes())]}
        return {"type": kind, "value": typed.replace("\\n", "\n")}

    def _mentioned(self, kind: str, typed: str) -> State:
        names = [name.strip().lstrip("@#") for name in typed.split(",")]
        what = "user" if "users" in kind else "conversation"
        known = (
            {person.handle: person.id for person in self._slack.people.values()}
            if what == "user"
            else {channel.name: channel.id for channel in self._slack.channels.values()}
        )
        unknown = [name for name in names if name not in known]
        if unknown:
            raise ValueError(f"There is no {unknown[0]}. There is {', '.join(sorted(known))}.")
        ids = [known[name] for name in names]
        return (
            {"type": kind, f"selected_{what}s": ids}
            if kind.startswith("multi_")
            else {"type": kind, f"selected_{what}": ids[0]}
        )


def _inputs(view: Block) -> list[Block]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _pick(options: Sequence[Block], typed: str) -> Block:
    """The option meant. Raises ValueError, listing what there is to choose from."""
    wanted = typed.casefold()
    exact = [option for option in options if wanted in (option["value"].casefold(), option["text"]["text"].casefold())]
    started = [option for option in options if option["text"]["text"].casefold().startswith(wanted)]
    for found in (exact, started, options):
        if len(found) == 1:
            return found[0]
    if not options:
        raise ValueError(f'Nothing to choose contains "{typed}".')
    listed = ", ".join(option["value"] for option in options[:_FEW])
    raise ValueError(f"Choose one of: {listed}{' ...' if len(options) > _FEW else ''}")


def _as_opened(element: Block) -> State:
    """The state of an input that nobody touched."""
    kind = element["type"]
    known = {
        "initial_value": "value",
        "initial_date": "selected_date",
        "initial_option": "selected_option",
        "initial_options": "selected_options",
        "initial_user": "selected_user",
        "initial_users": "selected_users",
        "initial_conversation": "selected_conversation",
        "initial_conversations": "selected_conversations",
    }
    return {"type": kind, **{state: element[initial] for initial, state in known.items() if initial in element}}


def _text_of(state: Mapping[str, Any]) -> str:
    """What an input shows, on one line."""
    values = [value for key, value in state.items() if key != "type" and value]
    parts = [part for value in values for part in (value if isinstance(value, list) else [value])]
    return ", ".join(part["value"] if isinstance(part, dict) else str(part) for part in parts).replace("\n", " / ")
