"""The address of a database as it is shown: without any password."""

from storage.database import place_of


def test_no_password_is_shown_wherever_it_stands() -> None:
    assert place_of("postgresql://bot:secret@db/bot") == "postgresql://bot:***@db/bot"
    shown = place_of("postgresql://bot@db/bot?password=secret&sslpassword=secret&sslmode=require")
    assert shown == "postgresql://bot@db/bot?sslmode=require"
    assert place_of("sqlite:////srv/bot.db") == "sqlite:////srv/bot.db"
