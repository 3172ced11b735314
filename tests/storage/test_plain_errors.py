"""What people read of a database that cannot be used: plain words, none of the driver's."""

import pytest

from storage.engine.plain_errors import in_plain_words

_AT = 'connection failed: connection to server at "10.0.0.5", port 5432 failed: '


@pytest.mark.parametrize(
    ("driver", "plain"),
    [
        (f"{_AT}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?",
         "no server answers there"),
        ('connection is bad: connection to server on socket "/var/run/.s.PGSQL.5432" failed: No such file or directory'
         "\n\tIs the server running locally and accepting connections on that socket?", "no server answers there"),
        ("failed to resolve host 'db.invalid': [Errno -2] Name or service not known", "its host is not found"),
        (f'{_AT}FATAL:  password authentication failed for user "bot"', "the user name or the password is wrong"),
        (f'{_AT}fe_sendauth: no password supplied', "the user name or the password is wrong"),
        (f'{_AT}FATAL:  database "calder" does not exist', "there is no database of that name"),
        (f'{_AT}FATAL:  role "bot" does not exist', "there is no such user there"),
        (f'{_AT}FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "bot", no encryption', "does not let this user"),
        (f"{_AT}FATAL:  sorry, too many clients already", "no connection left"),
        ("connection timeout expired", "does not answer in time"),
        ("server closed the connection unexpectedly\n\tThis probably means", "the connection was lost"),
        ("terminating connection due to administrator command\nSSL connection has been closed unexpectedly",
         "the connection was lost"),
        ("SSL SYSCALL error: EOF detected", "the connection was lost"),
        ("server does not support SSL, but SSL was required", "look at sslmode"),
        (f"{_AT}Network is unreachable", "no server answers there"),
        ('permission denied for schema public\nLINE 1: CREATE TABLE "Calder Ridge"', "its user may not do that there"),
        ("cannot execute INSERT in a read-only transaction", "it can only be read"),
        ("unable to open database file", "does its folder exist"),
        ("file is not a database", "no SQLite database"),
        ("database disk image is malformed", "its file is damaged"),
        ("attempt to write a readonly database", "it can only be read"),
        ("database or disk is full", "its disk is full"),
        ("database is locked", "something else is writing to it"),
    ],
)  # fmt: skip
def test_each_failure_is_said_in_words(driver: str, plain: str) -> None:
    said = in_plain_words(Exception(driver))
    assert plain in said
    assert "\n" not in said
    assert "FATAL" not in said


def test_one_that_is_not_known_is_its_first_line_alone() -> None:
    assert in_plain_words(Exception("something new\nDETAIL: Key (name)=(Calder)")) == "something new"
    clash = 'duplicate key value violates unique constraint "uq_client_key"'
    assert in_plain_words(Exception(f"{clash}\nDETAIL:  Key (key)=(ssl renewals timed out) already exists.")) == clash
    assert in_plain_words(ConnectionResetError()) == "ConnectionResetError"
