"""`python -m tests.e2e.chaos`: the whole storm, on both databases. `test_chaos.py` runs a short one."""

import argparse
import sys

from tests.e2e.storm import Storm, postgres_database, run, sqlite_database


def main() -> int:
    """Exit code 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--reminders", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--no-read-back", action="store_true", help="to see the test fail, as it must")
    chosen = parser.parse_args()
    failed = False
    for number in range(chosen.runs):
        for name, open_database, senders in (("PostgreSQL", postgres_database, 3), ("SQLite", sqlite_database, 1)):
            storm = Storm(
                chosen.reminders,
                senders,
                kill_every=0.3 if senders > 1 else 0.5,
                most_seconds=180.0,
                reads_back=not chosen.no_read_back,
                seed=chosen.seed + number,
            )
            with open_database() as url:
                toll = run(url, storm)
            failed = failed or bool(toll.lost or toll.doubled)
            sys.stdout.write(f"run {number + 1}, {name}, {senders} sender{'s' * (senders > 1)}: {toll}\n")
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
