"""People and channels as they are named in what is said: the one place that writes Slack's signs for them."""

import re

from storage.records import CONSOLE

_PRESSED = re.compile(r"^(Doubted|A manager is asked) by @([UW][A-Z0-9]{2,30}),")


def as_person(user: str | None) -> str:
    """A Slack user id as a mention; whoever has a shell on the machine as the command line; a name as it is.

    Nobody is an empty text.
    """
    if not user:
        return ""
    if user == CONSOLE:
        return "the command line"
    is_id = user[:1] in ("U", "W") and user.isupper() and user.isalnum() and len(user) > 2
    return f"<@{user}>" if is_id else user


def naming_who_pressed(caution: str) -> str:
    """A caution as it is kept, with whoever pressed for an answer as a mention again: what is kept holds none."""
    return _PRESSED.sub(lambda found: f"{found[1]} by {as_person(found[2])},", caution)


def as_channel(channel: str) -> str:
    """A Slack channel id as a link to the channel."""
    return f"<#{channel}>"


def as_recipient(recipient: str) -> str:
    """Whoever is told something: a person or, by the first letter of its id, a channel."""
    return as_channel(recipient) if recipient.startswith(("C", "G")) else as_person(recipient)
