"""Reading renewal terms from running text."""
