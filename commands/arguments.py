"""The arguments of one call: typed values by parameter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Raw = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Arguments:
    """The values by parameter: `args.initial_term`. What was not given is None, or () where many are taken.

    `cleared` was given as nothing, on purpose; `wiped` are lists that were typed so. `is_whole`: they come from a form
    that showed the whole record, so that lists are what they shall be, not what is to be added. `readings` say how a
    value was read that could be read otherwise. `called` is how the client was named.
    """

    values: Mapping[str, Any]
    cleared: frozenset[str] = frozenset()
    is_whole: bool = False
    readings: tuple[str, ...] = ()
    called: str | None = None
    wiped: frozenset[str] = frozenset()
    taken: set[str] = field(default_factory=set, compare=False, repr=False)

    def __getattr__(self, name: str) -> Any:
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(f"this command has no parameter {name}") from None

    def given(self, *names: str) -> dict[str, Any]:
        """Those of `names` that were given, with their values: the changes of an edit."""
        return {name: self.values[name] for name in names if self.values[name] not in (None, ())}

    def emptied(self, *names: str) -> frozenset[str]:
        """Those of `names` that are to be taken away: the handler does it."""
        found = self.cleared & frozenset(names)
        self.taken.update(found)
        return found

    @property
    def dropped(self) -> frozenset[str]:
        """What was to be taken away, and the handler has not even looked at."""
        return self.cleared - self.taken
