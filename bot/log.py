"""Logging of the running bot: to standard error, without message texts and without secrets."""

import logging
import re

_SECRETS = re.compile(r"\b(xox[a-z]-|xapp-|xoxe\.)[A-Za-z0-9-]+")


class _WithoutSecrets(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return _SECRETS.sub(r"\1...", super().format(record))


def start_logging(level: str) -> None:
    """Log our own lines at `level`. Libraries only from WARNING on: Slack's log whole payloads at DEBUG."""
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutSecrets("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for ours in ("bot", "commands", "storage"):
        logging.getLogger(ours).setLevel(level)
