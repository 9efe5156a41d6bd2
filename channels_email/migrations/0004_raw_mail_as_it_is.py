"""The bytes of a mail are stored as they came: what is large in them is files in base64, which do not get smaller."""

from django.db import migrations

AS_THEY_ARE = "ALTER TABLE channels_email_rawemail ALTER COLUMN content SET STORAGE EXTERNAL"
COMPRESSED = "ALTER TABLE channels_email_rawemail ALTER COLUMN content SET STORAGE EXTENDED"


class Migration(migrations.Migration):
    dependencies = [("channels_email", "0003_trust_spam_and_signing")]

    operations = [migrations.RunSQL(AS_THEY_ARE, COMPRESSED)]
