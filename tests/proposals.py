"""Filling in the blanks of a proposed command, as somebody who knows the answers would."""

import re
from datetime import date, timedelta
from itertools import count

from commands.catalog import REGISTRY
from commands.command import Command
from commands.grammar.words import quote
from commands.parameters import Kind
from commands.rules.text.placeholders import BLANK

_NUMBERS = count(1)
_BY_NAME = {
    "answer": "applies", "basis": "ADD-2 4.1", "clause": "ADD-2 4.1", "decision": "renew", "framework": "nist-csf",
    "implemented-by": "shared", "kind": "msa", "level": "user", "others": "does_not_apply", "party": "client",
    "renewal": "auto", "risk-clause": "ADD-2 4.1", "state": "present", "term": "evergreen", "verdict": "client",
    "regulation": "hipaa", "row": "Server backup", "version": "2.0",
}  # fmt: skip
_BY_KIND = {
    Kind.PERIOD: "12m", Kind.INTEGER: "3", Kind.PERCENT: "3", Kind.YES_NO: "yes", Kind.PERSON: "U0PRIYA",
    Kind.URL: "https://files.msp.internal/signed.pdf", Kind.ZONE: "America/Chicago", Kind.CHANNEL: "C0NEW",
}  # fmt: skip
_LAST_DAY = ("agreement terminate", "matrix retire")
_PEOPLE = ("by", "to", "attested-by", "explained-to", "signer")
_SOFTER = re.compile(r'Softer: "([^"]+)"')


def command_of(line: str) -> Command:
    """The command that a proposal names."""
    words = [*line.removeprefix("/engagement ").split(), ""]
    if found := REGISTRY.for_slash(words[0]):
        return found
    found = REGISTRY.find(words[0], words[1]) or REGISTRY.find(words[0], "")
    assert found is not None, line
    return found


def filled(line: str, today: date, reason: str = "") -> str:
    """`line` with a valid value for each blank."""
    command = command_of(line)
    for parameter in command.parameters:
        while f" {parameter.name}:{BLANK}" in line:
            softer = _SOFTER.search(reason)
            if parameter.name in _BY_NAME:
                value = _BY_NAME[parameter.name]
            elif parameter.kind is Kind.DATE:
                value = str(today - timedelta(days=command.name in _LAST_DAY))
            elif parameter.name in _PEOPLE:
                value = "Lee Marsh, COO"
            elif parameter.kind in _BY_KIND:
                value = _BY_KIND[parameter.kind]
            else:
                value = softer[1] if softer else f"New {next(_NUMBERS)}"
            line = line.replace(f" {parameter.name}:{BLANK}", f" {parameter.name}:{quote(value)}", 1)
    assert BLANK not in line, line
    return line
