"""The process: Slack, the terminal, the clock. The only home of slack_*, apscheduler, typer and rich."""
