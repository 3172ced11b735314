"""The engine room: sessions, shared commits, prefetched reads, compiled statements, the schema."""
