class BackupFailed(Exception):
    """It could not be written or read; the sentence says why. Nothing was left half done."""
