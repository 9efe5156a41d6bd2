"""New customers and new addresses write their search keys once for all that one statement brings.

Where the addresses of a new customer are written before the customer itself, its key is made once, and complete.
"""

from django.db import migrations

# Nobody else can know a new customer yet, so nothing is locked; only a root that is there already is read anew.
CUSTOMERS = """
CREATE FUNCTION customers_search_follow_new_customers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO customers_searchkey (customer_id, at, folded)
    SELECT id, created_at, CASE WHEN merged_into_id IS NULL THEN customers_search_text(id) ELSE '' END
    FROM arrived ON CONFLICT DO NOTHING;
    PERFORM customers_search_refresh(root) FROM (
        SELECT DISTINCT merged_into_id AS root FROM arrived WHERE merged_into_id IS NOT NULL ORDER BY 1
    ) AS roots;
    RETURN NULL;
END $$;
DROP TRIGGER search_key_of_new_customer ON customers_customer;
CREATE TRIGGER search_key_of_new_customer AFTER INSERT ON customers_customer
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION customers_search_follow_new_customers();
"""

# In one order everywhere, members before their roots as each refresh does, so that two beside each other wait in no
# ring. An address whose customer is not there yet waits for it.
IDENTITIES = """
CREATE FUNCTION customers_search_follow_new_identities() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM customers_search_refresh(id) FROM (
        SELECT c.id FROM customers_customer c WHERE c.id IN (SELECT customer_id FROM arrived)
        ORDER BY c.merged_into_id IS NULL, c.id
    ) AS owners;
    RETURN NULL;
END $$;
DROP TRIGGER search_key_of_identity ON customers_identity;
CREATE TRIGGER search_key_of_new_identity AFTER INSERT ON customers_identity
    REFERENCING NEW TABLE AS arrived FOR EACH STATEMENT EXECUTE FUNCTION customers_search_follow_new_identities();
CREATE TRIGGER search_key_of_identity AFTER DELETE OR UPDATE OF customer_id, kind, value, shown
    ON customers_identity FOR EACH ROW EXECUTE FUNCTION customers_search_follow_identity();
"""

CUSTOMERS_BY_ROW = """
DROP TRIGGER search_key_of_new_customer ON customers_customer;
DROP FUNCTION customers_search_follow_new_customers();
CREATE TRIGGER search_key_of_new_customer AFTER INSERT ON customers_customer
    FOR EACH ROW EXECUTE FUNCTION customers_search_follow_customer();
"""
IDENTITIES_BY_ROW = """
DROP TRIGGER search_key_of_identity ON customers_identity;
DROP TRIGGER search_key_of_new_identity ON customers_identity;
DROP FUNCTION customers_search_follow_new_identities();
CREATE TRIGGER search_key_of_identity AFTER INSERT OR DELETE OR UPDATE OF customer_id, kind, value, shown
    ON customers_identity FOR EACH ROW EXECUTE FUNCTION customers_search_follow_identity();
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0007_where_an_import_goes_on")]

    operations = [
        migrations.RunSQL(CUSTOMERS, CUSTOMERS_BY_ROW),
        migrations.RunSQL(IDENTITIES, IDENTITIES_BY_ROW),
    ]
