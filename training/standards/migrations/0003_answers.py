"""Names that do not clash with what a check tells of an answer."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Rename two columns; the rule that each requirement is answered once follows."""

    dependencies = [("standards", "0002_events")]
    operations = [
        migrations.RemoveConstraint("admissionanswer", "standards_answer_once"),
        migrations.RenameField("admissionanswer", "subject", "topic"),
        migrations.RenameField("admissionanswer", "evidence", "proof"),
        migrations.AddConstraint(
            "admissionanswer",
            models.UniqueConstraint(
                fields=["admission", "kind", "topic"], name="standards_answer_once"
            ),
        ),
    ]
