"""A value that its record cannot hold, said in words: which option, its limit, and what was given."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from commands.command import Command
from commands.errors import UsageError
from commands.rules.text.phrases import shorten

_SHOWN = 40
_LIMITS = frozenset({
    "string_too_long", "string_too_short", "string_pattern_mismatch", "too_long", "less_than_equal",
    "greater_than_equal", "value_error",
})  # fmt: skip


def is_beyond_a_limit(error: ValidationError) -> bool:
    """Whether all that `error` complains about can be caused by what somebody gave, not only by our own mistake."""
    return all(each["type"] in _LIMITS and each["loc"] for each in error.errors(include_url=False))


def refusal(error: ValidationError, command: Command, values: Mapping[str, Any]) -> UsageError:
    """What `error` says about a record made of `values`, by the names of the command's options."""
    problems = {_option(each, command, values): _in_words(each) for each in error.errors(include_url=False)}
    lines = [f"{name} {text}" for name, text in problems.items()]
    return UsageError(
        " ".join((*lines, "Nothing was saved.")),
        fields=problems,
        next_steps=(f"/engagement help {command.name}",),
    )


def too_long(length: int, most: int) -> str:
    """That a text of `length` characters has more than `most`."""
    return f"has {length:,} characters; at most {most:,} are kept."


def excerpt(text: object) -> str:
    """The beginning of what was given, to be quoted in an answer."""
    return shorten(" ".join(str(text).split()), _SHOWN)


def _option(problem: Mapping[str, Any], command: Command, values: Mapping[str, Any]) -> str:
    """The option that gave the value, else the field in words."""
    field, given = str(problem["loc"][0]), problem["input"]
    filled = [each.name for each in command.parameters if _holds(values.get(each.attribute), given)]
    named = [each.name for each in command.parameters if each.attribute in (field, field.removesuffix("s"))]
    both = [name for name in filled if name in named]
    return next(iter((*both, *filled, *named)), field.replace("_", " "))


def _holds(value: Any, given: Any) -> bool:
    if value is None or given is None or value == ():
        return False
    if isinstance(value, tuple) and isinstance(given, tuple | list):
        return set(value) <= set(given)
    return _same(value, given) or (isinstance(value, tuple) and any(_same(each, given) for each in value))


def _same(value: Any, given: Any) -> bool:
    return type(value) is type(given) and (
        value.casefold() == given.casefold() if type(value) is str else value == given
    )


def _in_words(problem: Mapping[str, Any]) -> str:
    given, limits = problem["input"], problem.get("ctx", {})
    match problem["type"]:
        case "string_too_long":
            return too_long(len(given), limits["max_length"])
        case "string_too_short":
            return "is empty."
        case "too_long":
            return f"has {len(given)} entries; at most {limits['max_length']} are kept."
        case "less_than_equal":
            return f"is {given:,}; at most {limits['le']:,} is kept."
        case "greater_than_equal":
            return f"is {given:,}; it is at least {limits['ge']:,}."
        case "value_error":
            return str(limits["error"])
    return f'cannot be "{excerpt(given)}".'
