"""Which reminders ought to exist, and when each goes out."""
