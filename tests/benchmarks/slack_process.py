"""A local Slack as a process of its own, until its input ends: `slack_process CLIENTS`. Prints its base URL."""

import sys

from tests.benchmarks.world import local_slack

if __name__ == "__main__":
    with local_slack(int(sys.argv[1])) as slack:
        sys.stdout.write(f"{slack.base_url}\n")
        sys.stdout.flush()
        sys.stdin.read()
