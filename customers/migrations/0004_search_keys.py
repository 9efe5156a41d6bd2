"""Customers are found by any three characters of a name, an address or a number, without an extension."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Func

# Lower case without diacritics (compatibility decomposition, UAX #15, without the marks), and the letters that have none.
FOLDED = r"""
CREATE FUNCTION customers_folded(words text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT replace(replace(replace(replace(
        translate(regexp_replace(normalize(lower(words), NFKD), '[\u0300-\u036f]', '', 'g'), 'øłđðħı', 'olddhi'),
        'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
$$
"""

GRAMS = r"""
CREATE FUNCTION customers_search_grams(folded text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT array_agg(DISTINCT gram) FROM (
        SELECT substr(word, place, 3) AS gram
        FROM string_to_table(folded, ' ') AS word, generate_series(1, length(word) - 2) AS place
        UNION ALL
        SELECT '^' || left(part, size)
        FROM regexp_split_to_table(folded, '[-[:space:]@._+''’/,;:()"&]+') AS part,
             generate_series(1, least(3, length(part))) AS size
    ) AS grams
$$
"""

# An E.164 number is kept as it is, and as it is dialled in its country: a zero instead of the country code, whose
# length follows from its first digits (ITU-T E.164, list of assigned codes).
FORMS = r"""
CREATE FUNCTION customers_search_forms(kind text, value text, shown text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    CASE kind
        WHEN 'phone' THEN value || ' 0' || substr(value, CASE
            WHEN value ~ '^\+[17]' THEN 3
            WHEN value ~ '^\+(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])' THEN 4
            ELSE 5 END)
        WHEN 'email' THEN customers_folded(value)
            || CASE WHEN lower(shown) = value THEN '' ELSE ' ' || regexp_replace(customers_folded(shown), '\s+', '', 'g') END
        ELSE customers_folded(value) || ' ' || customers_folded(shown) || ' ' || regexp_replace(value, '\D', '', 'g')
    END
"""

# With the marks of a beginning and an end, a space, around all that is known of the customer.
TEXT = r"""
CREATE FUNCTION customers_search_text(root uuid) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT ' ' || coalesce(string_agg(part, ' ' ORDER BY place, part), '') || ' ' FROM (
        SELECT 0 AS place, customers_folded(regexp_replace(trim(name), '\s+', ' ', 'g')) AS part
        FROM customers_customer WHERE id = root OR merged_into_id = root
        UNION ALL
        SELECT 1, customers_search_forms(i.kind, i.value, i.shown)
        FROM customers_customer c JOIN customers_identity i ON i.customer_id = c.id
        WHERE c.id = root OR c.merged_into_id = root
    ) AS parts
$$
"""

# All keys at once, for a store that was filled past the triggers.
FILL_FUNCTION = r"""
CREATE FUNCTION customers_search_fill() RETURNS void
LANGUAGE sql AS $$
    DELETE FROM customers_searchkey;
    INSERT INTO customers_searchkey (customer_id, at, folded)
    SELECT c.id, c.created_at, CASE WHEN c.merged_into_id IS NULL THEN ' ' || texts.folded || ' ' ELSE '' END
    FROM customers_customer c LEFT JOIN (
        SELECT root, string_agg(part, ' ' ORDER BY place, part) AS folded FROM (
            SELECT coalesce(merged_into_id, id) AS root, 0 AS place,
                   customers_folded(regexp_replace(trim(name), '\s+', ' ', 'g')) AS part
            FROM customers_customer
            UNION ALL
            SELECT coalesce(c.merged_into_id, c.id), 1, customers_search_forms(i.kind, i.value, i.shown)
            FROM customers_customer c JOIN customers_identity i ON i.customer_id = c.id
        ) AS parts GROUP BY root
    ) AS texts ON texts.root = c.id
    ORDER BY c.created_at;
$$
"""

# Whoever changes something of a customer first locks its key, then reads everything anew: two who change different
# addresses of one customer at the same time do not lose each other's.
REFRESH = """
CREATE FUNCTION customers_search_refresh(wanted uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    root uuid;
    fresh text;
BEGIN
    PERFORM 1 FROM customers_searchkey WHERE customer_id = wanted FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO customers_searchkey (customer_id, at, folded)
        SELECT id, created_at, '' FROM customers_customer WHERE id = wanted AND merged_into_id IS NOT NULL
        UNION ALL
        SELECT id, created_at, customers_search_text(id) FROM customers_customer
        WHERE id = wanted AND merged_into_id IS NULL
        ON CONFLICT DO NOTHING;
        PERFORM 1 FROM customers_searchkey WHERE customer_id = wanted FOR UPDATE;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    END IF;
    SELECT merged_into_id INTO root FROM customers_customer WHERE id = wanted;
    fresh := CASE WHEN root IS NULL THEN customers_search_text(wanted) ELSE '' END;
    UPDATE customers_searchkey SET folded = fresh WHERE customer_id = wanted AND folded <> fresh;
    IF root IS NOT NULL THEN
        PERFORM customers_search_refresh(root);
    END IF;
END $$
"""

TRIGGERS = """
CREATE FUNCTION customers_search_follow_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM customers_search_refresh(NEW.id);
    IF TG_OP = 'UPDATE' AND OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id AND OLD.merged_into_id IS NOT NULL
    THEN
        PERFORM customers_search_refresh(OLD.merged_into_id);
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION customers_search_follow_identity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        PERFORM customers_search_refresh(NEW.customer_id);
    END IF;
    IF TG_OP <> 'INSERT' AND (TG_OP = 'DELETE' OR OLD.customer_id <> NEW.customer_id) THEN
        PERFORM customers_search_refresh(OLD.customer_id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_key_of_new_customer AFTER INSERT ON customers_customer
    FOR EACH ROW EXECUTE FUNCTION customers_search_follow_customer();
CREATE TRIGGER search_key_of_customer AFTER UPDATE OF name, merged_into_id ON customers_customer
    FOR EACH ROW WHEN (OLD.name <> NEW.name OR OLD.merged_into_id IS DISTINCT FROM NEW.merged_into_id)
    EXECUTE FUNCTION customers_search_follow_customer();
CREATE TRIGGER search_key_of_identity AFTER INSERT OR DELETE OR UPDATE OF customer_id, kind, value, shown
    ON customers_identity FOR EACH ROW EXECUTE FUNCTION customers_search_follow_identity();
"""

NO_TRIGGERS = """
DROP TRIGGER search_key_of_identity ON customers_identity;
DROP TRIGGER search_key_of_customer ON customers_customer;
DROP TRIGGER search_key_of_new_customer ON customers_customer;
DROP FUNCTION customers_search_follow_identity();
DROP FUNCTION customers_search_follow_customer();
"""

# What has all the fragments: each three characters or more somewhere, a shorter one where a word begins. `beginning`:
# only where all of them begin words (true), only where not all do (false), or wherever (null). The count is of the
# first two kinds together. A number may be written in any notation.
LOOK = r"""
CREATE FUNCTION customers_search_look(
    words text, beginning boolean, parts bigint[], before_at timestamptz, before_id uuid, size int,
    OUT total bigint, OUT ids uuid[], OUT moments timestamptz[]
) LANGUAGE plpgsql STABLE SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0 AS $$
DECLARE
    cleaned text := trim(regexp_replace(words, '\s+', ' ', 'g'));
    fragments text[];
    fragment text;
    wanted text[] := '{}';
    somewhere text := '';
    begins text := '';
    place int;
    gap int;
BEGIN
    IF cleaned ~ '^[-0-9 ()+./]+$' AND length(regexp_replace(cleaned, '\D', '', 'g')) >= 3 THEN
        fragments := ARRAY[regexp_replace(
            regexp_replace(replace(cleaned, '(0)', ''), '[^0-9]', '', 'g'), '^00(?=...)', '')];
    ELSE
        fragments := string_to_array(customers_folded(cleaned), ' ');
    END IF;
    FOREACH fragment IN ARRAY fragments[1:5] LOOP
        CONTINUE WHEN fragment = '';
        IF length(fragment) < 3 OR beginning THEN
            wanted := wanted || ('^' || left(split_part(translate(fragment, '@._+''’/,;:()"&-', repeat('-', 16)), '-', 1), 3));
        END IF;
        gap := greatest(1, (length(fragment) + 4) / 8);
        place := 1;
        WHILE place <= length(fragment) - 2 LOOP
            wanted := wanted || substr(fragment, place, 3);
            place := place + CASE WHEN place + gap > length(fragment) - 2 AND place < length(fragment) - 2
                THEN length(fragment) - 2 - place ELSE gap END;
        END LOOP;
        IF length(fragment) > 3 THEN
            somewhere := somewhere || format(' AND position(%L IN folded) > 0', fragment);
        END IF;
        begins := begins || format(' AND folded ~ %L',
            '[- @._+''’/,;:()"&]' || regexp_replace(fragment, '([^[:alnum:][:space:]])', '\\\1', 'g'));
    END LOOP;
    IF begins = '' THEN
        total := 0;
        RETURN;
    END IF;
    EXECUTE 'WITH hit AS MATERIALIZED (SELECT customer_id AS id, at'
        || CASE WHEN beginning IS NOT DISTINCT FROM false THEN ', folded' ELSE '' END || ' FROM customers_searchkey'
        || ' WHERE customers_search_grams(folded) @> $1'
        || CASE WHEN parts IS NULL THEN '' ELSE ' AND foundation_spans(at) && $2' END
        || somewhere || CASE WHEN beginning THEN begins ELSE '' END || '),'
        || ' page AS (SELECT id, at FROM hit WHERE ($3 IS NULL OR (at, id) < ($3, $4))'
        || CASE WHEN beginning IS NOT DISTINCT FROM false THEN ' AND NOT (true' || begins || ')' ELSE '' END
        || ' ORDER BY at DESC, id DESC LIMIT $5)'
        || ' SELECT (SELECT count(*) FROM hit), array_agg(id ORDER BY at DESC, id DESC),'
        || ' array_agg(at ORDER BY at DESC, id DESC) FROM page'
    INTO total, ids, moments
    USING wanted, parts, before_at, before_id, size;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_imports"), ("foundation", "0004_spans")]

    operations = [
        migrations.RunSQL(FOLDED, "DROP FUNCTION customers_folded(text)"),
        migrations.RunSQL(GRAMS, "DROP FUNCTION customers_search_grams(text)"),
        migrations.CreateModel(
            name="SearchKey",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_key",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("at", models.DateTimeField(help_text="Since when the customer is known")),
                ("folded", models.TextField(blank=True)),
            ],
        ),
        migrations.RunSQL(FORMS, "DROP FUNCTION customers_search_forms(text, text, text)"),
        migrations.RunSQL(TEXT, "DROP FUNCTION customers_search_text(uuid)"),
        migrations.RunSQL(FILL_FUNCTION, "DROP FUNCTION customers_search_fill()"),
        migrations.RunSQL(
            "SELECT customers_search_fill(); SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED"
        ),
        migrations.AddIndex(
            model_name="searchkey",
            index=django.contrib.postgres.indexes.GinIndex(
                Func(F("folded"), function="customers_search_grams"),
                Func(F("at"), function="foundation_spans"),
                name="search_key_grams",
                fastupdate=True,
                gin_pending_list_limit=256,
            ),
        ),
        migrations.RunSQL(REFRESH, "DROP FUNCTION customers_search_refresh(uuid)"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(LOOK, "DROP FUNCTION customers_search_look"),
    ]
