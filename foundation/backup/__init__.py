"""A backup: one tar file with the database as `pg_dump` writes it, every stored file, and what belongs to what.

    manifest.json     format, when, from which migrations, a fingerprint of the SECRET_KEY
    database.dump     pg_dump's custom format, one consistent moment
    files/AB/CD/…     the stored files, read after that moment: nothing that the database names is missing

The SECRET_KEY itself is not in it: whoever finds a backup must not be able to read the passwords of mailboxes.
"""
