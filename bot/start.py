"""The first module of every process. What is loaded stays: no garbage is looked for meanwhile, a fifth of the time."""

import faulthandler
import gc
import os
import sys

gc.disable()
if sys.stderr is not None:  # closed by some that start it
    faulthandler.enable()  # a crash outside Python says where it was
# For vectors as short as ours, threads of the algebra library only wait for each other: the same time, twice the work.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from bot.cli import main as run_command_line  # noqa: E402


def main() -> None:
    """See bot.cli.main: it enables the garbage collector again when the command that is called is loaded."""
    run_command_line()
