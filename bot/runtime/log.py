"""Logging of the running bot: to standard error, without message texts and without secrets.

Every line that is written on behalf of a request, or of a tick of the clock, bears the same id. It is the id that
people are told when something went wrong.
"""

import json
import logging
import os
import re
import secrets
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import TextIO

SLACKS = ("bot.slack.bolt", "bot.slack.socket_mode")
FORMATS = ("text", "json")
_SECRETS = re.compile(r"\b(xox[a-z]-|xapp-|xoxe\.)[A-Za-z0-9-]+")
_Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
_id: ContextVar[str] = ContextVar("id of the request", default="")


@contextmanager
def request() -> Iterator[str]:
    """What is logged inside, in this thread, bears one new id; inside of another request it is that one's."""
    if known := _id.get():
        yield known
        return
    token = _id.set(secrets.token_hex(4))
    try:
        yield _id.get()
    finally:
        _id.reset(token)


class Discreet(logging.Formatter):
    """Tracebacks say where and what kind of error; its words may quote what people typed, and stay out."""

    def format(self, record: logging.LogRecord) -> str:
        return _SECRETS.sub(r"\1...", self._line(record))

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 - the name is the library's
        return "\n".join(_error_chain(ei[1])) if ei[1] is not None else ""

    def _line(self, record: logging.LogRecord) -> str:
        record.request = f" [{_id.get()}]" if _id.get() else ""
        return super().format(record)


class DiscreetJson(Discreet):
    """One JSON object a line."""

    def _line(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": os.getpid(),
        }
        if _id.get():
            line["request"] = _id.get()
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def start_logging(level: str, stream: TextIO | None = None, form: str = "text") -> None:
    """Log our own lines at `level`, as text or json. Libraries only from WARNING on: Slack's log whole payloads."""
    handler = logging.StreamHandler(stream)
    plain = Discreet("%(asctime)s %(levelname)s %(name)s%(request)s: %(message)s")
    handler.setFormatter(DiscreetJson() if form == "json" else plain)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("bot", "commands", "storage"):
        logging.getLogger(ours).setLevel(level)
    for slacks in SLACKS:
        logging.getLogger(slacks).setLevel(logging.WARNING)


def _error_chain(error: BaseException) -> list[str]:
    """The chain of errors, the first one first, each as where it happened and its type."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_error_chain(before), "which led to:"] if before is not None else []
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
    return [*lines, f"{type(error).__module__}.{type(error).__qualname__}"]
