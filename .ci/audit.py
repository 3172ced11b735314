"""Known vulnerabilities in the pinned dependencies. Says loudly when nobody could be asked: that is not a pass.

Exit codes: 0 none known, or nobody could be asked (2 with AUDIT_MUST_RUN=1); 1 something is known.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def say(words: str) -> None:
    sys.stdout.write(words + "\n")


def main(tool: str) -> int:
    worst = 0
    for lock in LOCKS:
        command = [tool, "-r", lock, "--disable-pip", "--require-hashes", "--format=json", "--progress-spinner=off"]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
        try:
            found = json.loads(done.stdout)["dependencies"]
        except (ValueError, KeyError):
            found = []
        asked = [one for one in found if "skip_reason" not in one]
        known = [(one["name"], one["version"], each["id"]) for one in asked for each in one["vulns"]]
        if not found or len(asked) < len(found):
            say(f"NOT AUDITED: {lock}. The advisory service could not be asked about {len(found) - len(asked)} of")
            say(f"{len(found)} packages. Nothing is known about them. Run `make audit` where it can be reached.")
            worst = max(worst, 2 if os.environ.get("AUDIT_MUST_RUN") else 0)
        for name, version, vulnerability in known:
            say(f"VULNERABLE: {name} {version}: {vulnerability} ({lock})")
        if found and len(asked) == len(found) and not known:
            say(f"{lock}: {len(asked)} packages, no vulnerability known.")
        worst = 1 if known else worst
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
