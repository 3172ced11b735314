"""`make look`: every kind of thing that people see, drawn as Slack draws it, in one folder with an index page."""

import sys
import time
from html import escape
from pathlib import Path

from PIL import Image

from tests.look.drawing import draw
from tests.look.surfaces import Surface, everything, written

FOLDER = Path(".look")


# The pictures of the README and of "How a reply looks": the surface that each shows, and how much of it.
ASSETS = {
    "look-answer": ("shared", 600),
    "look-choice": ("ambiguous", 400),
    "look-list": ("check_bluebird", 900),
    "look-reminder": ("reminder_decide", 500),
    "look-record": ("client_show", 700),
    "look-home": ("home_manager", 980),
    "look-preview": ("preview_clients", 900),
    "look-coverage": ("picture_coverage_light", 1200),
}
DOCS = Path("docs/assets")
_MOST_BYTES = 150_000


def main() -> None:
    is_for_docs = "--docs" in sys.argv
    wanted = [f"{name}" for name, _ in ASSETS.values()] if is_for_docs else sys.argv[1:]
    began = time.monotonic()
    surfaces = [each for each in everything() if not wanted or any(word in each.name for word in wanted)]
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png") if not wanted else ():
        old.unlink()
    measured = draw(written(surfaces), FOLDER, pictures=True)
    (FOLDER / "index.html").write_text(_index(surfaces))
    if is_for_docs:
        for asset, (name, height) in ASSETS.items():
            _save_for_docs(FOLDER / f"{name}-760-light.png", DOCS / f"{asset}.png", height)
    for problem in measured.problems():
        sys.stdout.write(f"{problem}\n")
    sys.stdout.write(f"{len(surfaces)} surfaces in {time.monotonic() - began:.0f} s: {FOLDER}/index.html\n")


def _save_for_docs(drawn: Path, asset: Path, height: int) -> None:
    """The upper part, in few colors, small enough for a page. Raises ValueError for one that is not."""
    with Image.open(drawn) as image:
        part = image.convert("RGB").crop((0, 0, image.width, min(image.height, height)))
    part.quantize(64).save(asset, optimize=True)
    if asset.stat().st_size > _MOST_BYTES:
        raise ValueError(f"{asset} is larger than {_MOST_BYTES} bytes")


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
