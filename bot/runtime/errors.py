"""Why a process cannot begin, told apart by what its caller has to do."""


class SlackUnreachable(Exception):
    """Slack cannot be reached, or does not accept the bot's token. The message is for whoever starts the bot."""
