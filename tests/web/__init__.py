"""The demo's page: its server, what it asks of the app, and the whole of it in a browser."""
