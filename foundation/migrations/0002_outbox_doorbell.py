from django.db import migrations

# A statement that writes rows rings once per queue; PostgreSQL folds equal notifications of one transaction into one.
DOORBELL = """
CREATE FUNCTION foundation_outbox_ring() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('foundation_outbox', queue) FROM (SELECT DISTINCT queue FROM written) AS queues;
    RETURN NULL;
END $$;
CREATE TRIGGER foundation_outbox_ring AFTER INSERT ON foundation_outbox
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION foundation_outbox_ring();
"""
SILENCE = """
DROP TRIGGER foundation_outbox_ring ON foundation_outbox;
DROP FUNCTION foundation_outbox_ring();
"""

# Rows come and go: leave room on each page for the lease to be written in place, and clear away early.
ROOM = """
ALTER TABLE foundation_outbox SET (
    fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000
)
"""
NO_ROOM = """
ALTER TABLE foundation_outbox RESET (fillfactor, autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold)
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0001_initial")]
    operations = [migrations.RunSQL(DOORBELL, SILENCE), migrations.RunSQL(ROOM, NO_ROOM)]
