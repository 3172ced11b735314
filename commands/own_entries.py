"""What a workspace adds to what is shipped, frameworks and regulations alike: how it is kept, which names are taken."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from commands.errors import Conflict
from commands.grammar.words import command_line


class Entry(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...


class Known(Protocol):
    def find(self, text: str) -> Entry | None: ...


def stanza_text(stanza: Mapping[str, Any]) -> str:
    """A stanza of a TOML file as it is recorded: JSON, the same for the same facts."""
    return json.dumps(stanza, default=str, ensure_ascii=False, sort_keys=True)


def refuse_known(known: Known, entry: Entry, show: str, but: str | None = None) -> None:
    """Raises Conflict where one of its names belongs to another entry than `but`; `show` is the command for that."""
    for name in (entry.title, *entry.aliases, entry.key):
        other = known.find(name)
        if other is not None and other.key != but:
            raise Conflict(
                f'"{name}" is known already: {other.title}.',
                next_steps=(command_line(f"/engagement {show}", other.key),),
            )
