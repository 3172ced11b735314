"""How matrix rows change, and on which basis they count."""
