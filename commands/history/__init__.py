"""Records that keep their history: versions, endings, and what was known when."""
