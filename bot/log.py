"""Logging of the running bot: to standard error, without message texts and without secrets."""

import logging
import re
import traceback
from types import TracebackType
from typing import TextIO

SLACKS = ("bot.slack.bolt", "bot.slack.socket_mode")
_SECRETS = re.compile(r"\b(xox[a-z]-|xapp-|xoxe\.)[A-Za-z0-9-]+")
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Tracebacks say where and what kind of error; its words may quote what people typed, and stay out."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRETS.sub(r"\1...", super().format(record))

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name is the library's
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


def start_logging(level: str, stream: TextIO | None = None) -> None:
    """Log our own lines at `level`. Libraries only from WARNING on: Slack's log whole payloads at DEBUG."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("bot", "commands", "storage"):
        logging.getLogger(ours).setLevel(level)
    for slacks in SLACKS:
        logging.getLogger(slacks).setLevel(logging.WARNING)


def _told(error: BaseException) -> list[str]:
    """The chain of errors, the first one first, each as where it happened and its type."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_told(before), "which led to:"] if before is not None else []
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
    return [*lines, f"{type(error).__module__}.{type(error).__qualname__}"]
