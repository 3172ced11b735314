"""From when to when a record holds, and how late it was recorded."""
