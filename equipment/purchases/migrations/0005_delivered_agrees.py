"""How many came agrees with where the purchase stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What a purchase says of its delivery is true."""

    dependencies = [("purchases", "0004_count_what_came")]
    operations = [
        migrations.AddConstraint(
            model_name="purchase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delivered_on__isnull", False),
                        ("delivered_quantity__gte", 1),
                        ("delivered_quantity__lte", models.F("approved_quantity")),
                        ("status", "delivered"),
                    ),
                    models.Q(
                        ("delivered_on__isnull", False),
                        ("delivered_quantity__gte", 1),
                        ("delivered_quantity__lt", models.F("approved_quantity")),
                        ("status", "partly"),
                    ),
                    models.Q(
                        models.Q(("status__in", ("partly", "delivered")), _negated=True),
                        ("delivered_on", None),
                        ("delivered_quantity", 0),
                    ),
                    _connector="OR",
                ),
                name="purchases_purchase_delivered",
            ),
        ),
    ]
