"""The engagement check, and questions about all clients at once."""
