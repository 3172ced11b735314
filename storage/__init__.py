"""What is known and kept. The only home of SQL; imports nothing from `commands` or `bot`."""
