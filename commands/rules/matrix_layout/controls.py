"""Control ids: "AC-01 (a)", "ac-2_smt.a" and "AC-2(1)" in one form, so that two papers name a control alike."""

import re

# NIST SP 800-53 families are two letters; Azure and other benchmarks follow the pattern.
_NIST = re.compile(
    r"\b([A-Z]{2,3})-(\d{1,3})(?!\d)"
    r"((?:\s?\(\s?(?:\d{1,2}|[a-z]{1,2})\s?\)|\.\d{1,2}(?!\d)|_smt\.[a-z]{1,2}(?:\.\d+)?)*)",
    re.I,
)
_CSF = re.compile(r"\b(GV|ID|PR|DE|RS|RC)\.([A-Z]{2})-(\d{1,2})(?!\d)", re.I)
_PART = re.compile(r"\(\s?(\w{1,2})\s?\)|\.(\d{1,2})|_smt\.([a-z]{1,2})", re.I)
_CMMC = re.compile(r"\b[A-Z]{2}\.L[123]-[\w.]*\d(?:\.[a-z]|\[[a-z]\])?", re.I)
_NUMBERED = re.compile(r"^(?:[A-Z]\.)?\d{1,2}(?:\.\d{1,2}){1,3}(?:\.?[a-z]|\([a-z]\))?$")


def control_ids(text: str) -> tuple[str, ...]:
    """All control ids in a text, normalised, in order, each once. Numbers such as 3.1.1 only where they stand alone."""
    found: dict[str, None] = {}
    rest = text
    for match in _CMMC.finditer(text):
        found[match[0].upper()] = None
        rest = rest.replace(match[0], " ")
    for match in _CSF.finditer(rest):
        found[f"{match[1].upper()}.{match[2].upper()}-{int(match[3])}"] = None
        rest = rest.replace(match[0], " ")
    for match in _NIST.finditer(rest):
        parts = (next(group for group in part.groups() if group) for part in _PART.finditer(match[3]))
        ending = "".join(f"({part.lstrip('0') or '0'})" if part.isdigit() else f"({part.lower()})" for part in parts)
        found[f"{match[1].upper()}-{int(match[2])}{ending}"] = None
    if not found:
        for word in re.split(r"[\s,;]+", text.strip()):
            if _NUMBERED.match(word):
                found[word] = None
    return tuple(found)


def cites_control(text: str) -> bool:
    """Whether the text starts with a control id: "SC-7: BOUNDARY PROTECTION"."""
    return bool(_NIST.match(text.strip()) or _CMMC.match(text.strip()) or _CSF.match(text.strip()))


def is_control_id(text: str) -> bool:
    """Whether the text is nothing but one control id."""
    bare = text.strip()
    return len(bare) <= 24 and bool(
        _NIST.fullmatch(bare) or _CMMC.fullmatch(bare) or _CSF.fullmatch(bare) or _NUMBERED.match(bare)
    )
