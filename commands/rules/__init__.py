"""Pure judgements: values in, values out. No I/O, no clock, no session, no logging."""
