"""One per noun: takes and returns nouns, never rows. None of them commits; the unit of work does."""
