"""Rewrite the generated pages, pictures and answers: `python -m tests.docs`."""

import sys
import tempfile
from pathlib import Path

from tests.docs import DOCS, PAGES, README
from tests.docs.generated import files, filled
from tests.docs.running import Terminal, answered, demo_database


def main() -> None:
    for path, make in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(make(), encoding="utf-8")
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        database = demo_database(Path(folder) / "demo.db")
        for number, page in enumerate(PAGES):
            text = page.read_text(encoding="utf-8")
            if 'title="Answer"' in text:
                page.write_text(answered(text, Terminal(Path(folder) / str(number), database)), encoding="utf-8")
    sys.stdout.write(f"README.md and {DOCS.name}/ are up to date.\n")


main()
