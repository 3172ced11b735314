"""Which rows of a matrix are asked for by whom they name."""

from enum import StrEnum

from storage.records import Party


class Whose(StrEnum):
    OURS = "ours"
    NOT_OURS = "not_ours"
    CLIENT = "client"
    SHARED = "shared"
    THIRD_PARTY = "third_party"
    OUT_OF_SCOPE = "out_of_scope"

    @property
    def parties(self) -> frozenset[Party]:
        """What is shared is ours in part, and not ours in part."""
        match self:
            case Whose.OURS:
                return frozenset({Party.MSP, Party.SHARED})
            case Whose.NOT_OURS:
                return frozenset(Party) - {Party.MSP}
            case _:
                return frozenset({Party(self.value)})
