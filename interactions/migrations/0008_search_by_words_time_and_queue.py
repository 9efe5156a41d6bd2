"""Words of a message are found together with when and in which queue, at one cost however frequent they are."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Func

# The marks of an entry: the spans of time that it lies in, and its queue by the last 63 bits of the id, negative. Bound
# when it is made (RETURN, not a text): while an index is built, no schema but the system's is searched.
MARKS = """
CREATE FUNCTION interactions_search_marks(queue uuid, at timestamptz) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    foundation_spans(at)
    || (('x' || translate(right(queue::text, 17), '-', ''))::bit(64) | (1::bigint << 63)::bit(64))::bigint
"""

# A look at the entries that have the words, lie in the spans and queues, and whose cases are such. Planned for the
# values at hand. Without sequential scans: the planner does not know that they would unpack the words of every row.
LOOK = """
CREATE FUNCTION interactions_search_look(
    wanted tsquery, by_case boolean, spans bigint[], queues uuid[], queue_marks bigint[],
    statuses text[], owners uuid[], narrowings text[], customers uuid[], cases uuid[], persons uuid[], case_number bigint,
    before_at timestamptz, before_id uuid, size int,
    OUT total bigint, OUT ids uuid[], OUT moments timestamptz[], OUT messages uuid[]
) LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    of_case text := CASE WHEN statuses IS NULL THEN '' ELSE ' AND c.status = ANY($6)' END
        || CASE WHEN owners IS NULL THEN '' ELSE ' AND c.owner_id = ANY($7)' END
        || CASE WHEN customers IS NULL THEN '' ELSE ' AND c.customer_id = ANY($8)' END
        || CASE WHEN 'unanswered' = ANY(narrowings) THEN ' AND c.unanswered_since IS NOT NULL' ELSE '' END
        || CASE WHEN 'unowned' = ANY(narrowings) THEN ' AND c.owner_id IS NULL' ELSE '' END
        || CASE WHEN 'waiting' = ANY(narrowings) THEN
            ' AND EXISTS (SELECT FROM interactions_waitingrecord w WHERE w.case_id = c.id AND w.ended_at IS NULL)'
            ELSE '' END;
    entries text := 'SELECT e.message_id, e.case_id, e.at FROM interactions_searchentry e'
        || CASE WHEN of_case = '' THEN '' ELSE ' JOIN interactions_case c ON c.id = e.case_id' END
        || ' WHERE e.words @@ $1'
        || CASE WHEN spans IS NULL THEN '' ELSE ' AND interactions_search_marks(e.queue_id, e.at) && $2' END
        || CASE WHEN queue_marks IS NULL THEN '' ELSE ' AND interactions_search_marks(e.queue_id, e.at) && $4' END
        || CASE WHEN queues IS NULL THEN '' ELSE ' AND e.queue_id = ANY($3)' END
        || CASE WHEN cases IS NULL THEN '' ELSE ' AND e.case_id = ANY($9)' END || of_case;
    others text := CASE WHEN persons IS NULL AND case_number IS NULL THEN '' ELSE
        ' UNION ALL SELECT NULL, c.id, c.active_at FROM interactions_case c'
        || ' WHERE (c.customer_id = ANY($10) OR c.number = $11)'
        || CASE WHEN queues IS NULL THEN '' ELSE ' AND c.queue_id = ANY($3)' END || of_case END;
    grouped text := CASE WHEN by_case
        THEN 'SELECT case_id AS id, max(at) AS at FROM found GROUP BY case_id'
        ELSE 'SELECT message_id AS id, at FROM found' END;
BEGIN
    EXECUTE 'WITH found AS MATERIALIZED (' || entries || others || '), hit AS MATERIALIZED (' || grouped || '),'
        || ' page AS (SELECT id, at FROM hit WHERE $12 IS NULL OR (at, id) < ($12, $13)'
        || ' ORDER BY at DESC, id DESC LIMIT $14)'
        || ' SELECT (SELECT count(*) FROM hit), array_agg(id ORDER BY at DESC, id DESC),'
        || ' array_agg(at ORDER BY at DESC, id DESC),'
        || ' array_agg((SELECT e.message_id FROM interactions_searchentry e'
        || ' WHERE $5 AND e.case_id = page.id AND e.at = page.at LIMIT 1) ORDER BY at DESC, id DESC) FROM page'
    INTO total, ids, moments, messages
    USING wanted, spans, queues, queue_marks, by_case, statuses, owners, customers, cases, persons, case_number,
        before_at, before_id, size;
END $$
"""

FILL = """
UPDATE interactions_searchentry e SET queue_id = c.queue_id, at = LEAST(m.occurred_at, now())
FROM interactions_message m, interactions_case c WHERE m.id = e.message_id AND c.id = e.case_id
"""


class Migration(migrations.Migration):
    dependencies = [("interactions", "0007_recipients_third_parties_logs"), ("foundation", "0004_spans")]

    operations = [
        migrations.RunSQL(MARKS, "DROP FUNCTION interactions_search_marks(uuid, timestamptz)"),
        migrations.RemoveIndex(model_name="searchentry", name="search_words"),
        migrations.AddField(
            model_name="searchentry",
            name="queue",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="interactions.queue",
                db_index=False,
                help_text="The case's",
            ),
        ),
        migrations.AddField(
            model_name="searchentry",
            name="at",
            field=models.DateTimeField(
                null=True, help_text="When the message was written, never later than it was indexed"
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE interactions_searchentry SET (toast_tuple_target = 128)",
            "ALTER TABLE interactions_searchentry RESET (toast_tuple_target)",
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"),
        migrations.AlterField(
            model_name="searchentry",
            name="queue",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="interactions.queue",
                db_index=False,
                help_text="The case's",
            ),
        ),
        migrations.AlterField(
            model_name="searchentry",
            name="at",
            field=models.DateTimeField(help_text="When the message was written, never later than it was indexed"),
        ),
        migrations.AddIndex(
            model_name="searchentry",
            index=django.contrib.postgres.indexes.GinIndex(
                F("words"),
                Func(F("queue"), F("at"), function="interactions_search_marks"),
                name="search_words_marks",
                fastupdate=True,
                gin_pending_list_limit=256,
            ),
        ),
        migrations.RunSQL(LOOK, "DROP FUNCTION interactions_search_look"),
    ]
