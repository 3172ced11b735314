"""Every command as a form, made from its parameters; and what was filled in as the same raw values that typing gives.

The form's inputs have the parameter's name as block_id; with "~2" behind it where another value has to be shown than
before, because Slack keeps what is in an input of the same block_id. `private_metadata` comes back from the outside
and is looked up and checked again.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from bot.slack import blocks, limits
from bot.slack.blocks import Block
from bot.slack.inputs import as_opened, filled, input_element, option
from commands.arguments import Raw
from commands.command import Command
from commands.dispatching.request import Prefilled
from commands.form_fields import in_order, is_needed, shown_first
from commands.labels import label_of, title_of
from commands.parameters import Kind, Parameter
from commands.rules.text.phrases import capitalize_first

CALLBACK = "command"
ACTION = "value"
CONFIRMED = "confirmed"
MORE = "more_fields"
_VERBS = frozenset({"check", "export", "import", "share"})
"""What the button says itself, as it neither saves nor shows."""
_LEADING = (Kind.CLIENT, Kind.AGREEMENT, Kind.ITEM, Kind.QUESTION)
"""What is picked in one of these decides what the others show: the agreement is one of the client's."""
# They say nothing of their own, as in "how long the first term is".
_FILLING = frozenset({
    "a", "an", "and", "are", "be", "been", "by", "day", "does", "from", "given", "goes", "has", "have", "how", "in",
    "is", "it", "its", "kind", "long", "many", "may", "must", "of", "on", "one", "or", "our", "paper", "say",
    "says", "that", "the", "their", "them", "they", "this", "to", "was", "we", "what", "when", "where", "which",
    "who", "whom", "whose", "with",
})  # fmt: skip
_SAME_START = 5


@dataclass(frozen=True, slots=True)
class FormOrigin:
    """What a form is of: its command, the channel it was opened in, the record it shows whole (a fingerprint).

    `revision` counts how often it was filled in anew. `asked`: a fingerprint of what was entered when it was asked
    whether that is meant, so that a yes holds for nothing else. `file`: the id of a file in Slack that goes with it.
    """

    command: str
    channel: str | None
    thread: str | None = None
    seen: str | None = None
    revision: int = 0
    asked: str | None = None
    fields: tuple[str, ...] = ()
    file: str | None = None


def form(prefilled: Prefilled, *, channel: str | None, today: date, thread: str | None = None) -> dict[str, Any]:
    """The modal for a command, filled in; what an input cannot show is left empty. A long one shows what matters most,
    and a button for the rest.
    """
    command = prefilled.command
    given = prefilled.named if prefilled.seen is not None else (*prefilled.named, *prefilled.raw)
    fields = shown_first(command, given)
    return _modal(prefilled, FormOrigin(command.name, channel, thread, prefilled.seen, fields=fields), today, {})


def has_more(view: Mapping[str, Any]) -> bool:
    """Whether some of the fields are behind a button."""
    return any(block.get("block_id") == MORE for block in view.get("blocks", ()))


def refill(
    prefilled: Prefilled,
    view: Mapping[str, Any],
    *,
    today: date,
    said: tuple[str, ...] = (),
    is_whole: bool = False,
) -> dict[str, Any]:
    """The form that replaces `view`: inputs that show what they should stay as they are, the others are new ones.

    `said` goes above the inputs: its first line in bold, the rest as a list. `is_whole`: with all of its fields.
    """
    before = origin(view)
    revision = before.revision + 1
    names = tuple(parameter.name for parameter in prefilled.command.parameters)
    fields = names if is_whole or not before.fields else before.fields
    now = FormOrigin(
        prefilled.command.name, before.channel, before.thread, prefilled.seen, revision, fields=fields, file=before.file
    )
    known = read_form(prefilled.command, view, with_cleared=False)
    ids = {}
    for parameter in prefilled.command.parameters:
        block_id = _block_ids(view).get(parameter.name, parameter.name)
        is_same = _same(known.get(parameter.name), prefilled.raw.get(parameter.name))
        ids[parameter.name] = block_id if is_same else f"{parameter.name}~{revision}"
    banner = blocks.bullets(said[0], said[1:]) if len(said) > 1 else []
    return _modal(prefilled, now, today, ids, banner)


def asking(
    prefilled: Prefilled, question: str, *, today: date, channel: str | None = None, thread: str | None = None,
    view: Mapping[str, Any] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The form that asks `question` about what was entered in `view`, which it replaces, or typed."""
    fields = shown_first(prefilled.command, (*prefilled.named, *prefilled.raw))
    now, ids = FormOrigin(prefilled.command.name, channel, thread, prefilled.seen, fields=fields), {}
    if view is not None:
        now, ids = origin(view), _block_ids(view)
    first, *rest = question.split("\n")
    banner = [blocks.heading(first), *blocks.paragraphs(rest)]
    asked = _modal(prefilled, now, today, ids, banner, "Yes does what is said above, and nothing else.")
    now = replace(now, asked=_entered(view if view is not None else asked))
    return {**asked, "private_metadata": json.dumps(asdict(now))}


def with_file(view: Mapping[str, Any], file: Mapping[str, Any]) -> dict[str, Any]:
    """The form with a file of Slack's, as Slack describes it, in the place of its input for files."""
    now = replace(origin(view), file=str(file.get("id") or ""))
    said = blocks.small_print(f"It keeps {file.get('name') or 'the file of the message'}.")
    inputs = [block for block in view.get("blocks", ()) if str(block.get("block_id", "")).partition("~")[0] != "file"]
    return {**view, "blocks": [said, *inputs], "private_metadata": json.dumps(asdict(now))}


def origin(view: Mapping[str, Any]) -> FormOrigin:
    """Raises ValueError for metadata that is not ours."""
    try:
        found = FormOrigin(**json.loads(view.get("private_metadata") or ""))
    except (TypeError, ValueError) as error:
        raise ValueError("the form does not say which command it is of") from error
    found = replace(found, fields=tuple(found.fields))
    texts = (
        found.command,
        found.channel or "",
        found.thread or "",
        found.seen or "",
        found.asked or "",
        found.file or "",
    )
    if not all(isinstance(text, str) for text in (*texts, *found.fields)) or not isinstance(found.revision, int):
        raise ValueError("the form does not say which command it is of")
    return found


def read_form(
    command: Command, view: Mapping[str, Any], *, with_cleared: bool | None = None
) -> dict[str, str | tuple[str, ...]]:
    """What was filled in, unread, by parameter name; empty inputs are left out. Files: see `files`.

    In a form that shows a whole record, an input that was emptied is given as empty.
    """
    keeps_cleared = origin(view).seen is not None if with_cleared is None else with_cleared
    opened = shown(command, view)
    raw: dict[str, str | tuple[str, ...]] = {}
    for parameter in command.parameters:
        value = _raw(parameter, filled(_state(view, parameter.name)))
        if value:
            raw[parameter.name] = value
        elif keeps_cleared and parameter.name in opened and parameter.kind is not Kind.FILE:
            raw[parameter.name] = () if parameter.many else ""
    return raw


def shown(command: Command, view: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """What the inputs had in them when the form was opened, or last filled in anew."""
    elements = {_name(block["block_id"]): block["element"] for block in _inputs(view)}
    values = {
        parameter.name: _raw(parameter, as_opened(elements[parameter.name]))
        for parameter in command.parameters
        if parameter.name in elements
    }
    return {name: value for name, value in values.items() if value}


def so_far(command: Command, view: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """What is in the form while somebody fills it in, as far as Slack says so."""
    return {**shown(command, view), **read_form(command, view, with_cleared=False)}


def kept(command: Command, view: Mapping[str, Any], picked: str) -> dict[str, str | tuple[str, ...]]:
    """What to keep when the record that `picked` (a parameter's name) leads to is shown: what somebody entered.

    What hangs on the record that was shown before, untouched, goes with it.
    """
    opened, typed = shown(command, view), read_form(command, view, with_cleared=False)
    names = [parameter.name for parameter in command.parameters if parameter.kind in _LEADING]
    later = names[names.index(picked) + 1 :] if picked in names else []
    leading = {name: typed[name] for name in names if name in typed and name not in later}
    touched = {name: value for name, value in typed.items() if value != opened.get(name) and name not in later}
    return {**leading, **touched}


def changed_meanwhile(command: Command, view: Mapping[str, Any], current: Raw) -> tuple[dict[str, Any], list[str]]:
    """What the form should hold now that the record says `current`, and what is different, in words.

    Own entries are kept; what was left as it was shows what the record says now.
    """
    opened, mine = shown(command, view), read_form(command, view)
    merged: dict[str, Any] = dict(current)
    visible = _block_ids(view)
    words = []
    for parameter in command.parameters:
        name = parameter.name
        is_mine = name in mine and not _same(mine[name], opened.get(name))
        if is_mine:
            merged[name] = mine[name]
        says_which = parameter.kind in _LEADING  # and says so in its own way
        if name not in visible and not is_mine:
            continue
        if not says_which and not _same(opened.get(name), _visible(parameter, current.get(name))):
            now = _in_words(current.get(name))
            words.append(
                f"{label_of(command, parameter)} says {now} now" + ("; your entry is kept." if is_mine else ".")
            )
    return merged, words


def files(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Slack's description of each file that was put into the form."""
    values = view.get("state", {}).get("values", {})
    return [file for block in values.values() for element in block.values() for file in element.get("files") or ()]


def is_confirmed(view: Mapping[str, Any]) -> bool:
    """Whether somebody said yes to what is in the form now."""
    asked = origin(view).asked
    return bool(filled(_state(view, CONFIRMED))) and asked in (None, _entered(view))


def _entered(view: Mapping[str, Any]) -> str:
    """A fingerprint of all that is in the inputs."""
    values = view.get("state", {}).get("values", {})
    entered = {}
    for block in _inputs(view):
        state = next(iter(values.get(block["block_id"], {}).values()), None)
        given = as_opened(block["element"]) if state is None else filled(state)
        if state is not None:
            given = [*given, *(file.get("id", "") for file in state.get("files") or ())]
        if _name(block["block_id"]) != CONFIRMED:
            entered[_name(block["block_id"])] = [text for text in given if text]
    return hashlib.sha256(json.dumps(entered, sort_keys=True).encode()).hexdigest()[:16]


def field_errors(view: Mapping[str, Any], problems: Mapping[str, str], message: str) -> dict[str, str]:
    """Errors by block, as Slack wants them: each on its own input; what belongs to none of them, on the first."""
    ids = _block_ids(view)
    labels = {_name(block["block_id"]): str(block.get("label", {}).get("text", "")) for block in _inputs(view)}
    errors = {ids[name]: _sentence(labels.get(name) or name, text) for name, text in problems.items() if name in ids}
    astray = [_sentence(name, text) for name, text in problems.items() if name not in ids]
    if ids and (astray or not errors):
        first = next(iter(ids.values()))
        errors[first] = " ".join([*([errors[first]] if first in errors else []), *(astray or [message])])
    return errors


def parameter_of(command: Command, block_id: str) -> Parameter | None:
    """The parameter that an input of the form asks for."""
    return next((each for each in command.parameters if each.name == _name(block_id)), None)


def _modal(
    prefilled: Prefilled,
    origin: FormOrigin,
    today: date,
    ids: Mapping[str, str],
    banner: Iterable[Block] = (),
    question: str | None = None,
) -> dict[str, Any]:
    command = prefilled.command
    question = question or command.confirm
    inputs = [
        _input(command, parameter, prefilled.raw.get(parameter.name), today, ids.get(parameter.name, parameter.name))
        for parameter in in_order(command)
        if not origin.fields or parameter.name in origin.fields
    ]
    hidden = len(command.parameters) - len(inputs)
    if origin.seen is not None:
        inputs = [_with_what_is_hidden(block, prefilled.raw) for block in inputs]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": json.dumps(asdict(origin)),
        "title": blocks.plain(title_of(command), limits.VIEW_TITLE),
        "submit": blocks.plain(_submit(command), limits.VIEW_TITLE),
        "close": blocks.plain("Cancel", limits.VIEW_TITLE),
        "blocks": [
            *banner,
            *inputs,
            *([_more(hidden)] if hidden else []),
            *([_confirmation(question)] if question else []),
        ],
    }


def _more(hidden: int) -> Block:
    """The button for the fields that are not shown. Those that are keep what was typed into them."""
    label = f"More ({hidden} {'field' if hidden == 1 else 'fields'})"
    button = {"type": "button", "text": blocks.plain(label, limits.BUTTON_TEXT), "action_id": MORE, "value": MORE}
    return {"type": "actions", "block_id": MORE, "elements": [button]}


def _submit(command: Command) -> str:
    if command.form.submit:
        return command.form.submit
    if command.confirm or command.verb in _VERBS:
        return command.verb.capitalize()
    if not command.changes:
        return "Show"
    return "Make" if command.noun == "paper" else "Save"


def _input(
    command: Command, parameter: Parameter, given: str | tuple[str, ...] | None, today: date, block_id: str
) -> Block:
    label = label_of(command, parameter)
    hint = _hint(parameter, label)
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": blocks.plain(label, limits.INPUT_LABEL),
        **({"hint": blocks.plain(hint, limits.INPUT_LABEL)} if hint else {}),
        "optional": not is_needed(command, parameter),
        "element": {
            **input_element(parameter, given, today),
            "action_id": f"{ACTION}:{parameter.kind.value}",
        },
    }
    if leads(command, parameter):
        block["dispatch_action"] = True
    return block


def _with_what_is_hidden(block: Block, raw: Raw) -> Block:
    """Where a record says more than an input takes, that is said; left empty it stays (see `filled_in`)."""
    if not raw.get(_name(block["block_id"])) or as_opened(block["element"]):
        return block
    said = "What is on record is too long for a form: it stays unless you write something."
    hint = f"{block['hint']['text']} {said}" if "hint" in block else said
    return {**block, "hint": blocks.plain(hint, limits.INPUT_LABEL)}


def leads(command: Command, parameter: Parameter) -> bool:
    """Whether picking it changes what the form shows or lists elsewhere."""
    if parameter.kind not in (Kind.CLIENT, Kind.AGREEMENT, Kind.ITEM) or parameter.many:
        return False
    behind = _LEADING[_LEADING.index(parameter.kind) + 1 :]
    return command.current is not None or any(each.kind in behind for each in command.parameters)


def _confirmation(question: str) -> Block:
    return {
        "type": "input",
        "block_id": CONFIRMED,
        "label": blocks.plain("Are you sure?", limits.INPUT_LABEL),
        "hint": blocks.plain(question, limits.INPUT_LABEL),
        "optional": False,
        "element": {"type": "checkboxes", "options": [option("Yes, do it", "yes")], "action_id": f"{ACTION}:confirm"},
    }


_FILE_HERE = "A form takes files of up to 10 MB; put a larger one into a message, with the command."


def _hint(parameter: Parameter, label: str) -> str:
    """What the label leaves open; nothing where the help only says the label again."""
    text = parameter.help if parameter.hint is None else parameter.hint
    text = capitalize_first(text)
    is_list = parameter.many and parameter.kind in (Kind.TEXT, Kind.LONG_TEXT)
    if parameter.kind is Kind.FILE:  # whatever the bot takes, Slack's field takes less
        return f"{text.rstrip('.')}. {_FILE_HERE}"
    if is_list:
        return f"{text}. One per line." if text else "One per line."
    return text if _stems(text) - _stems(label) else ""


def _stems(text: str) -> set[str]:
    """The words with a meaning, by how they begin: "signed" is "signs"."""
    words = re.findall(r"\w+", text.lower())
    return {word[:_SAME_START] for word in words if word not in _FILLING}


def _raw(parameter: Parameter, values: list[str]) -> str | tuple[str, ...]:
    if parameter.many and parameter.kind in (Kind.TEXT, Kind.LONG_TEXT):
        values = [line.strip() for value in values for line in value.splitlines()]
    values = [value for value in values if value.strip()]
    return tuple(values) if parameter.many else values[0] if values else ""


def _same(one: str | tuple[str, ...] | None, other: str | tuple[str, ...] | None) -> bool:
    return (one or "") == (other or "") or (one or ()) == (other or ())


def _visible(parameter: Parameter, value: str | tuple[str, ...] | None) -> str | tuple[str, ...]:
    """What the form shows of a record's value: nothing of what is too long for its input."""
    return _raw(parameter, as_opened(input_element(parameter, value, date.min)))


def _in_words(value: str | tuple[str, ...] | None) -> str:
    text = value if isinstance(value, str) else ", ".join(value or ())
    return f'"{text}"' if text else "nothing"


def _inputs(view: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [block for block in view.get("blocks", ()) if block.get("type") == "input"]


def _block_ids(view: Mapping[str, Any]) -> dict[str, str]:
    """The block_id of each input, by the parameter's name, in order."""
    return {_name(block["block_id"]): block["block_id"] for block in _inputs(view)}


def _name(block_id: str) -> str:
    return block_id.partition("~")[0]


def _state(view: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    block_id = _block_ids(view).get(name, name)
    block = view.get("state", {}).get("values", {}).get(block_id, {})
    return next(iter(block.values()), {})


def _sentence(name: str, problem: str) -> str:
    text = problem if problem.startswith('"') else f"{name.replace('-', ' ')} {problem}"
    return capitalize_first(text)
