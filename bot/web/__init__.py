"""The demo behind one page on this machine: the local Slack, looked at and used in a browser."""
