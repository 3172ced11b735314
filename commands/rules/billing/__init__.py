"""Work that no agreement covers: how long it took, and in which month."""
