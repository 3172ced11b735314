"""The serving process: its connection to Slack, its doors, its workers and its end."""
