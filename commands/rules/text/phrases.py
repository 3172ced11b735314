"""Texts cut to a length, names listed in a sentence, stored names in words, and things counted."""

from collections.abc import Iterable

ELLIPSIS = "…"
_WRITTEN = {
    **{name: name.upper() for name in ("msp", "msa", "sow", "baa", "dpa", "nda", "sla", "pdf", "docx", "id", "url")},
    "email": "e-mail", "e_signature": "e-signature",
}  # fmt: skip


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters; an ellipsis where something was cut off."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def join_names(names: Iterable[str], most: int, separator: str = ", ") -> str:
    """The first `most` names in a row, and how many more there are: "a, b and 3 more"."""
    listed = list(names)
    more = f" and {len(listed) - most} more" if len(listed) > most else ""
    return separator.join(listed[:most]) + more


def named_rows(numbers: Iterable[object], most: int = 12) -> str:
    """The rows of a file by their numbers: "row 2", "rows 2, 3 and 5 more"."""
    listed = [str(number) for number in numbers]
    return f"{'row' if len(listed) == 1 else 'rows'} {join_names(listed, most)}"


def quote_names(names: Iterable[str]) -> list[str]:
    """Each name in quotation marks."""
    return [f'"{name}"' for name in names]


def counted(count: int, one: str, several: str | None = None) -> str:
    """The number with its noun: "1 row", "2 rows", "2 addenda" where that is how `several` are called."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def count_days(count: int) -> str:
    """The number of days in words: "1 day", "2 days", "1,026 days"."""
    return "1 day" if count == 1 else f"{count:,} days"


def capitalize_first(text: str) -> str:
    """The text with a capital at its beginning, as a sentence begins; the rest as it is, unlike `str.capitalize`."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """The text with a small letter at its beginning, as it goes on inside of a sentence."""
    return text[:1].lower() + text[1:]


def plain(name: str) -> str:
    """A stored name as people read it: "third party" for third_party, "MSP obligations" for msp_obligations."""
    return _WRITTEN.get(name) or " ".join(_WRITTEN.get(word, word) for word in name.split("_"))


def name_in_file(name: str) -> str:
    """The name of a client or an agreement as a part of a file's name."""
    kept = "".join(each if each.isalnum() else "-" for each in name)
    return "-".join(filter(None, kept.split("-")))[:60] or "unnamed"


def names_paper(clause: str, reference: str) -> bool:
    """Whether a clause begins with that paper: "SOW-A 4.2" does with SOW-A, and "SOW-AB 4" does not."""
    rest = clause.removeprefix(reference)
    return rest != clause and (not rest or rest[0] in " ,:;(§")


def paper_and_clause(reference: str, clause: str | None) -> str:
    """The paper and the clause: "SOW-A, 4.2"; the clause alone where it begins with the paper: "SOW-A 4.2"."""
    if clause and names_paper(clause, reference):
        return clause
    return ", ".join(filter(None, (reference, clause)))
