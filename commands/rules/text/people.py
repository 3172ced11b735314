"""People as they are named in what is said."""


def as_person(user: str) -> str:
    """A Slack user id as a mention; whoever has a shell on the machine as the command line; a name as it is."""
    if user == "console":
        return "the command line"
    return f"<@{user}>" if user[:1] in ("U", "W") and user.isupper() and user.isalnum() and len(user) > 2 else user
