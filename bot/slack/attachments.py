"""Files on their way in (put into a form or a message) and out (exports, answers too long for a message)."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk import WebClient

from commands.command import Upload
from commands.errors import UsageError
from commands.reply import File

MOST_BYTES = 25_000_000
_log = logging.getLogger(__name__)


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would carry the bot's token to another host."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetch(client: WebClient, files: Sequence[Mapping[str, Any]]) -> tuple[Upload, ...]:
    """The content of `files`, as Slack describes them. Raises UsageError for what is too big or cannot be read."""
    return tuple(_fetch_one(client, file) for file in files)


def send(client: WebClient, user: str, files: Sequence[File]) -> None:
    """`files` to `user` in a direct message. Raises SlackApiError, SlackClientError or OSError."""
    opened = client.conversations_open(users=user)
    client.files_upload_v2(
        channel=opened["channel"]["id"],
        file_uploads=[
            {"filename": file.name, "content": file.content, "title": file.title, "alt_txt": file.alt_text[:1000]}
            for file in files
        ],
    )


def _fetch_one(client: WebClient, file: Mapping[str, Any]) -> Upload:
    name, url = str(file.get("name") or "file"), str(file.get("url_private_download") or file.get("url_private") or "")
    if not _is_slacks(url, client.base_url):
        raise UsageError(f"{name} is not kept in Slack and is not fetched from elsewhere. Upload the file itself.")
    request = Request(url, headers={"Authorization": f"Bearer {client.token}"})
    try:
        with build_opener(_NoRedirect).open(request, timeout=client.timeout) as answer:
            content: bytes = answer.read(MOST_BYTES + 1)
            kind = answer.headers.get_content_type()
    except (HTTPError, URLError, OSError) as error:
        _log.warning("a file could not be fetched: %s", error)
        raise UsageError(f"{name} could not be fetched from Slack. Nothing was saved; upload it again.") from error
    if len(content) > MOST_BYTES:
        raise UsageError(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
    if kind == "text/html":  # Slack's sign-in page: what a token without files:read gets
        raise UsageError(f"Slack did not hand over {name}. An admin can check that the app has the scope files:read.")
    return Upload(name, content)


def _is_slacks(url: str, base_url: str) -> bool:
    """Whether the bot's token may be sent there: Slack's own hosts over TLS, or the host of the configured Web API."""
    asked, ours = urlsplit(url), urlsplit(base_url)
    if asked.scheme == "https" and (asked.hostname or "").endswith(".slack.com"):
        return True
    return (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc)
