"""What storage reports to the floors above, in place of the driver's exceptions."""


class StorageError(Exception):
    """Base of what can go wrong while keeping records."""


class DatabaseUnavailable(StorageError):
    """The database is locked, down, out of disk, or its schema is not the one this release needs."""


class StaleRecord(StorageError):
    """Somebody else changed or added the same record since it was read; read again and retry."""


class WrongSchema(DatabaseUnavailable):
    """The database can be reached, but this release cannot work on its schema. The message names no machine."""
