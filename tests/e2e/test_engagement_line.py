"""Frameworks and the engagement check on the command line."""

import json
from pathlib import Path

import pytest

from tests.e2e.test_command_line import Terminal
from tests.rules.test_oscal import CSF, CSF_EARLIER, REV_2_UNWRAPPED, catalogue, control

KEYS = {
    "family", "version", "controls", "withdrawn", "compared_with", "added", "removed", "newly_withdrawn", "reinstated",
    "retitled", "reworded",
}  # fmt: skip


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


def test_a_framework_is_imported_and_compared(terminal: Terminal, shared_data: Path) -> None:
    folder = shared_data / "frameworks"
    first = json.loads(terminal.ok("import", "framework", str(folder / CSF_EARLIER), "--json"))
    assert first.keys() >= KEYS
    assert (first["family"], first["controls"], first["compared_with"]) == ("nist-csf", 219, None)
    second = json.loads(terminal.ok("import", "framework", str(folder / CSF), "--json"))
    assert second["compared_with"] == first["version"]
    assert [len(second[name]) for name in ("added", "removed", "retitled")] == [1, 1, 1]
    assert "NIST Cybersecurity Framework 2.0 (file version 1.0.0) was imported before" in terminal.ok(
        "import", "framework", str(folder / CSF)
    )


def test_what_cannot_be_read_is_refused_with_the_reason(terminal: Terminal, shared_data: Path) -> None:
    refused = terminal("import", "framework", str(shared_data / "frameworks" / REV_2_UNWRAPPED), "--json")
    assert refused.exit_code == 1
    assert "1.0.0-milestone3" in refused.stderr
    assert json.loads(refused.stdout)["saved"] is False


def test_a_framework_of_ones_own(terminal: Terminal) -> None:
    for version, ids in (("1", ("x-1", "x-2")), ("2", ("x-1", "x-3"))):
        file = terminal.folder / f"{version}.json"
        file.write_bytes(catalogue(*(control(id) for id in ids), title="Our baseline", version="same"))
        line = ("import", "framework", str(file), "--family", "our-baseline", "--version", version, "--json")
        found = json.loads(terminal.ok(*line))
        assert (found["family"], found["version"], found["controls"]) == ("our-baseline", version, 2)
    assert (found["compared_with"], found["added"], found["removed"]) == ("1", ["x-3"], ["x-2"])


def test_the_check_as_json(terminal: Terminal) -> None:
    terminal.ok("do", '/engagement client add "Calder Ridge" alias:calder owner:U0DANA')
    found = json.loads(terminal.ok("do", "/engagement check calder", "--json"))
    assert found["counts"]["critical"] == 1
    first = found["findings"][0]
    assert (first["rule"], first["severity"], first["concerns"]) == ("agreement_none", "critical", "U0DANA")
    assert "____" in first["command"], "what only a person knows is left blank"
    terminal.ok("do", "/engagement agreement add calder MSA-1 kind:msa")
    again = json.loads(terminal.ok("do", "/engagement check all", "--json"))["clients"][0]
    assert "agreement_unsigned|MSA-1" in again["new"]
