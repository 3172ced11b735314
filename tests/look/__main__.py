"""`make look`: every kind of thing that people see, drawn as Slack draws it, in one folder with an index page."""

import sys
import time
from html import escape
from pathlib import Path

from tests.look.drawing import draw
from tests.look.surfaces import Surface, everything, written

FOLDER = Path(".look")


def main() -> None:
    wanted = sys.argv[1:]
    began = time.monotonic()
    surfaces = [each for each in everything() if not wanted or any(word in each.name for word in wanted)]
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png") if not wanted else ():
        old.unlink()
    measured = draw(written(surfaces), FOLDER, pictures=True)
    (FOLDER / "index.html").write_text(_index(surfaces))
    for problem in measured.problems():
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"{len(surfaces)} surfaces in {time.monotonic() - began:.0f} s: {FOLDER}/index.html\n")


def _index(surfaces: list[Surface]) -> str:
    parts = []
    for each in surfaces:
        shown = "".join(
            f'<img loading="lazy" width="{width}" alt="" src="{each.name}-{width}-{theme}.png">'
            for theme in ("light", "dark")
            for width in (760, 390)
        )
        parts.append(f'<h2 id="{each.name}">{escape(each.name)}: {escape(each.title)}</h2><div>{shown}</div>')
    style = "body{font-family:sans-serif}div{display:flex;align-items:start;gap:8px}img{border:1px solid #999}"
    return f"<!doctype html><meta charset=utf8><title>The look</title><style>{style}</style>{''.join(parts)}"


if __name__ == "__main__":
    main()
