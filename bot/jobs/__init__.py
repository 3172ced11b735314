"""What runs by the clock: planning, sending and upkeep."""
