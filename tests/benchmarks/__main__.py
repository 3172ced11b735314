"""`make bench`: what was measured, side by side in one run, as tables and (--json FILE) as data.

`--quick` only shows that everything still runs: its figures mean nothing. `--keep` is the run whose figures are kept:
it writes the table and the picture of docs/explanation/performance.md, and the data beside this file.
"""

import argparse
import contextlib
import json
import os
import re
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from tests.benchmarks import (
    bench_bulk,
    bench_dispatch,
    bench_growth,
    bench_http,
    bench_matching,
    bench_reminders,
    world,
)
from tests.benchmarks.figures import Section, machine, tell
from tests.benchmarks.picture import draw
from tests.postgres_server import NotInstalled, running_postgres

BENCHMARKS = {
    "dispatch": bench_dispatch.run,
    "http": bench_http.run,
    "growth": bench_growth.run,
    "reminders": bench_reminders.run,
    "bulk": bench_bulk.run,
    "matching": bench_matching.run,
}
HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "explanation" / "performance.md"
PICTURE = HERE.parents[1] / "docs" / "assets" / "growth.png"
_MARKED = re.compile(r"(<!-- bench -->\n).*?(<!-- /bench -->)", re.DOTALL)


def main() -> None:
    chosen = _arguments()
    if chosen.kept:
        report = json.loads(chosen.kept.read_text(encoding="utf-8"))
    else:
        report = _measured(chosen.only or list(BENCHMARKS), quick=chosen.quick)
    growth, failed = report["sections"].get("growth"), report.get("failed", [])
    if chosen.json:
        _write(chosen.json, report)
    if chosen.picture and growth:
        draw([row["details"] for row in growth["rows"]], chosen.picture)
    if failed:
        sys.exit(f"not measured, see above: {', '.join(failed)}. Nothing is kept.")
    if chosen.keep:
        _write(HERE / "results.json", report)
        draw([row["details"] for row in growth["rows"]], PICTURE)
        PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), report), encoding="utf-8")


def filled(page: str, report: dict[str, Any]) -> str:
    """`page` with the table of `report` between its markers."""
    assert _MARKED.search(page), f"{PAGE.name} has no markers for bench"
    return _MARKED.sub(lambda found: f"{found[1]}{_for_page(report)}\n{found[2]}", page)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="one of them; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    parser.add_argument("--picture", type=Path, metavar="FILE", help="draw the growth curves into FILE (PNG)")
    parser.add_argument("--keep", action="store_true", help="keep the figures: page, picture, results.json")
    parser.add_argument("--kept", type=Path, metavar="FILE", help="measure nothing: take the figures of --json FILE")
    chosen = parser.parse_args()
    if chosen.keep and (chosen.quick or chosen.only):
        parser.error("--keep keeps the figures of a whole run")
    return chosen


def _measured(names: list[str], *, quick: bool) -> dict[str, Any]:
    sections: dict[str, Any] = {}
    failed: list[str] = []
    started = time.perf_counter()
    if quick:
        world.ROWS_PER_CLIENT = world.FEW_ROWS
    with tempfile.TemporaryDirectory(prefix="engagement-bench-") as place, _postgres() as postgres_url:
        folder = Path(place)
        found = machine(folder) | {"postgresql": _version(postgres_url)}
        sys.stdout.write("".join(f"{key}: {value}\n" for key, value in found.items()) + "\n")
        for name in names:
            tell(name)
            sys.stdout.flush()
            try:
                section = BENCHMARKS[name](folder, postgres_url, quick=quick)
            except Exception:  # the others are measured all the same
                traceback.print_exc()
                failed.append(name)
                continue
            sys.stdout.write(_table(section) + "\n")
            sections[name] = asdict(section)
    seconds = round(time.perf_counter() - started)
    sys.stdout.write(f"{seconds} seconds in all\n")
    return {
        "machine": found,
        "day": time.strftime("%Y-%m-%d"),
        "seconds": seconds,
        "sections": sections,
        "failed": failed,
    }


@contextlib.contextmanager
def _postgres() -> Iterator[str | None]:
    """TEST_DATABASE_URL, or a server of our own that keeps what it commits; None where there is no PostgreSQL."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(running_postgres(fsync=True))
        except NotInstalled as error:
            sys.stdout.write(f"{error}: its half is not measured\n")
            url = None
        yield url


def _version(url: str | None) -> str:
    if url is None:
        return "none"
    engine = create_engine(url)
    with engine.connect() as connection:
        found = str(connection.execute(text("SHOW server_version")).scalar_one())
    engine.dispose()
    return found.split(maxsplit=1)[0]


def _table(section: Section) -> str:
    width = max(len(row.subject) for row in section.rows)
    lines = [section.title, *(f"  {row.subject:<{width}}  {row.figures}" for row in section.rows)]
    lines += [
        f"  {'met   ' if each.is_met else 'MISSED'}  {each.what}: {each.found} "
        f"({'at least' if each.at_least else 'at most'} {each.limit} wanted)"
        for each in section.wanted
    ]
    return "\n".join(lines) + "\n"


def _for_page(report: dict[str, Any]) -> str:
    found, sections = report["machine"], report["sections"].values()
    commit = found["commit_on_this_disk_ms"]["median"]
    lines = [
        f"Measured on {report['day']} in {report['seconds'] / 60:.0f} minutes, load and databases on the same machine: "
        f"{found['cores']} cores of {found['processor']}, {found['memory_gb']} GB, {found['system']}; Python "
        f"{found['python']}, SQLite {found['sqlite']}, PostgreSQL {found['postgresql']}. One commit on its disk takes "
        f"{commit:.2f} ms. The load before was {found['load_before']}.",
        "", "| What was aimed at | Found | Limit | |", "|---|---|---|---|",
    ]  # fmt: skip
    lines += [_wanted_line(each) for section in sections for each in section["wanted"]]
    if "growth" in report["sections"]:
        lines += ["", f"![Growth from 10 to 5,000 clients](../assets/{PICTURE.name})"]
    for section in sections:
        lines += ["", f"<details><summary>{section['title']}</summary>", "", "| Measured | Found |", "|---|---|"]
        lines += [f"| {row['subject']} | {row['figures']} |" for row in section["rows"]]
        lines += ["", "</details>"]
    return "\n".join(lines)


def _wanted_line(each: dict[str, Any]) -> str:
    is_met = each["found"] >= each["limit"] if each["at_least"] else each["found"] <= each["limit"]
    limit = f"{'at least' if each['at_least'] else 'at most'} {each['limit']}"
    return f"| {each['what']} | {each['found']} | {limit} | {'met' if is_met else 'missed'} |"


def _write(path: Path, report: dict[str, Any]) -> None:
    path.write_text(json.dumps(report, indent=1, default=str) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
