"""Terms, renewals, notice, amendments: where an agreement stands on a day."""
