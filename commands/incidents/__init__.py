"""Incidents at clients: recorded, with the clocks that may run, and what was done about each."""
