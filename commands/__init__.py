"""What the bot can do. No Slack, no SQL, no clock of its own."""
