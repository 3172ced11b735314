"""The paper that a regulation calls for, as the check and the reminders look at it."""

from dataclasses import dataclass

from storage.records.agreement import AgreementKind


@dataclass(frozen=True, slots=True)
class PaperNeed:
    """`kind` is None where it is evidence and not an agreement."""

    kind: AgreementKind | None
    in_words: str
