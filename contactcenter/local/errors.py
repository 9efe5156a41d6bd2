class LocalError(Exception):
    """The local runner cannot go on; the text says why and what to do, in one line."""
