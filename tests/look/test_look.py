"""A handful of surfaces, drawn: nothing is cut, too wide, or unknown to the renderer, and no table cell is a tower."""

from pathlib import Path

import pytest

from tests.look.drawing import Measured, draw, missing
from tests.look.surfaces import a_few, written

pytestmark = pytest.mark.skipif(missing() is not None, reason=f"nothing can be drawn: {missing()}")


def test_nothing_that_people_see_is_cut_or_out_of_shape(tmp_path: Path) -> None:
    measured = draw(written(list(a_few())), tmp_path, pictures=False)
    assert list(measured.problems()) == []


def _drawn(folder: Path, **blocks: dict[str, object]) -> Measured:
    """A message for each of `blocks`, all in one browser."""
    surfaces = [
        {"name": name, "kind": "message", "title": "", "payload": {"blocks": [block]}} for name, block in blocks.items()
    ]
    return draw({"people": [], "channels": [], "surfaces": surfaces}, folder, pictures=False)


def _table(text: str) -> dict[str, object]:
    return {
        "type": "table",
        "column_settings": [{"is_wrapped": True}] * 4,
        "rows": [[{"type": "raw_text", "text": said}] * 4 for said in ("A", text)],
    }


def test_what_is_wrong_is_noticed(tmp_path: Path) -> None:
    """Each fault that the test above looks for, so that it cannot pass because it sees nothing."""
    strange = {"type": "hologram", "text": "x"}
    tall, wide = _table("some words in a cell " * 20), _table("unbreakable" * 30)
    problems = list(_drawn(tmp_path, strange=strange, tall=tall, wide=wide).problems())
    assert "strange: the renderer does not know hologram" in problems
    assert any("lines" in each for each in problems if each.startswith("tall"))
    assert any("wider than the page" in each or "cut" in each for each in problems if each.startswith("wide"))
