"""What a database driver says about a failure, in words of whoever runs the bot."""

import re

# What follows repeats values or the statement: words of the records.
_DATA = re.compile(r"\n(?=DETAIL:|CONTEXT:|LINE \d)")
_SAID = tuple(
    (re.compile(words, re.IGNORECASE), plain)
    for words, plain in (
        (r"failed to resolve host|could not translate host name|name or service not known"
         r"|name resolution", "its host is not found"),
        (r"password authentication failed|no password supplied", "the user name or the password is wrong"),
        (r'role "[^"]*" does not exist', "there is no such user there"),
        (r'database "[^"]*" does not exist', "there is no database of that name; make it with createdb"),
        (r"no pg_hba\.conf entry", "the server does not let this user in from this machine (pg_hba.conf)"),
        (r"too many clients|remaining connection slots", "the server has no connection left"),
        (r"the database system is (?:starting|shutting)", "the server is starting or stopping; try again in a minute"),
        (r"not currently accepting connections", "that database takes no connections (ALLOW_CONNECTIONS is off)"),
        (r"permission denied", "its user may not do that there"),
        (r"timeout expired|timed out", "it does not answer in time"),
        (r"server closed the connection|connection (?:is|was|has been) (?:closed|lost)|terminating connection"
         r"|eof detected|connection reset",
         "the connection was lost"),
        (r"\bssl\b|certificate", "the encrypted connection is refused; look at sslmode in its address"),
        (r"connection refused|no route to host|network is unreachable"
         r"|no such file or directory\W.*server|is the server running|connection (?:failed|is bad)(?![\s\S]*FATAL)",
         "no server answers there; is it running, and are host and port right?"),
        (r"unable to open database file",
         "its file cannot be opened; does its folder exist, and may this user write there?"),
        (r"file is not a database", "that file is no SQLite database"),
        (r"disk image is malformed", "its file is damaged; put a backup back with db restore"),
        (r"readonly database|read-only transaction|read-only file system", "it can only be read, not written"),
        (r"disk is full|no space left|could not extend file", "its disk is full"),
        (r"disk i/o error", "its disk cannot be read or written"),
        (r"database (?:table )?is locked", "the database is locked: something else is writing to it"),
        (r"no such table|relation \"[^\"]*\" does not exist", "its schema is not this release's; run db upgrade"),
    )
)  # fmt: skip


def in_plain_words(cause: object) -> str:
    """The failure in plain words; of one that is not known, the first line of what the driver says."""
    said = _DATA.split(str(cause), maxsplit=1)[0]
    flat = " ".join(said.split())
    plain = next((plain for words, plain in _SAID if words.search(flat)), None)
    return plain or said.strip().partition("\n")[0] or type(cause).__name__
