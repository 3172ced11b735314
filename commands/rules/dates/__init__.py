"""Days, lengths of time, zones and countries as people write them."""
