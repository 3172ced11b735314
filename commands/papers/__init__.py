"""Papers: what is handed to the client, signed, and taken back. Written from the record; what is missing is said."""
