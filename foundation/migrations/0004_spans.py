"""The spans of time that a moment lies in, for indexes that are read from the newest back. See `foundation.spans`."""

from django.db import migrations

SPANS = """
CREATE FUNCTION foundation_spans(at timestamptz) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array_agg((size << 40) + floor(extract(epoch FROM at) / (3600 * (1 << (2 * size::int))))::bigint)
    FROM generate_series(0::bigint, 8::bigint) AS size
$$
"""


class Migration(migrations.Migration):
    dependencies = [("foundation", "0003_heartbeat")]

    operations = [migrations.RunSQL(SPANS, "DROP FUNCTION foundation_spans(timestamptz)")]
