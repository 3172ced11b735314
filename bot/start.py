"""The first module of every process. What is loaded stays: no garbage is looked for meanwhile, a fifth of the time."""

import gc

gc.disable()

from bot.cli import main as run_command_line  # noqa: E402


def main() -> None:
    """See bot.cli.main. What was loaded stays until the end, so it is not looked through again either."""
    gc.freeze()
    gc.enable()
    run_command_line()
