"""`make bench`: what was measured, side by side in one run, as a table and (--json FILE) as data.

`--quick` only shows that everything still runs: its figures mean nothing.
"""

import argparse
import json
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.benchmarks import bench_dispatch, bench_matching
from tests.benchmarks.figures import Section, machine


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures to FILE")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="engagement-bench-") as name:
        folder = Path(name)
        found = machine(folder)
        sys.stdout.write("".join(f"{key}: {value}\n" for key, value in found.items()) + "\n")
        sections = [bench_dispatch.run(folder, os.environ.get("TEST_DATABASE_URL"), quick=arguments.quick)]
    for section in sections:
        sys.stdout.write(_table(section) + "\n")
    sys.stdout.flush()
    if not arguments.quick:
        sys.argv = sys.argv[:1]
        bench_matching.main()
    if arguments.json:
        report = {"machine": found, "sections": [asdict(section) for section in sections]}
        arguments.json.write_text(json.dumps(report, indent=2, default=str) + "\n", encoding="utf-8")


def _table(section: Section) -> str:
    lines = [section.title, *(f"  {row.subject:<46} {row.figures}" for row in section.rows)]
    lines += [
        f"  {'met   ' if each.is_met else 'MISSED'}  {each.what}: {each.found} "
        f"({'at least' if each.at_least else 'at most'} {each.limit} wanted)"
        for each in section.wanted
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
