"""Who must tell whom of an incident by when, and where the people concerned live."""
