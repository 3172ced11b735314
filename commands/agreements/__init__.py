"""Agreements: terms, signatures, walkthroughs, key topics, and what comes next."""
