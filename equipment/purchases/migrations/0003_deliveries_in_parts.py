"""A purchase may come in parts, and what never comes is written off."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """How many of a purchase have come; what that must agree with follows in 0005."""

    dependencies = [
        ("purchases", "0002_frozen"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="purchase",
            name="purchases_purchase_status",
        ),
        migrations.RemoveConstraint(
            model_name="purchase",
            name="purchases_purchase_granted",
        ),
        migrations.RemoveConstraint(
            model_name="purchase",
            name="purchases_purchase_delivered",
        ),
        migrations.RemoveConstraint(
            model_name="purchase",
            name="purchases_purchase_one_open",
        ),
        migrations.RemoveConstraint(
            model_name="purchaseevent",
            name="purchases_event_move",
        ),
        migrations.AddField(
            model_name="purchase",
            name="delivered_quantity",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="delivered"
            ),
        ),
        migrations.AlterField(
            model_name="purchase",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("submitted", "Under review by the alliance"),
                    ("returned", "Returned for completion"),
                    ("evaluation", "With the third party"),
                    ("evaluated", "Waits for the decision"),
                    ("approved", "Approved, to be delivered"),
                    ("partly", "Partly delivered"),
                    ("refused", "Not approved"),
                    ("delivered", "Delivered"),
                    ("withdrawn", "Withdrawn"),
                ],
                db_default="draft",
                editable=False,
                max_length=12,
                verbose_name="status",
            ),
        ),
        migrations.AlterField(
            model_name="purchaseevent",
            name="move",
            field=models.CharField(
                choices=[
                    ("submit", "Submit"),
                    ("pass_on", "Pass on to the third party"),
                    ("return", "Return for completion"),
                    ("evaluate", "Record the evaluation"),
                    ("approve", "Approve"),
                    ("refuse", "Do not approve"),
                    ("deliver", "Record the delivery"),
                    ("deliver_part", "Record a part of the delivery"),
                    ("write_off", "Write the rest off"),
                    ("take_back", "Take the application back"),
                    ("give_up", "Give the purchase up"),
                ],
                max_length=12,
                verbose_name="move",
            ),
        ),
        migrations.AlterField(
            model_name="purchaseevent",
            name="source",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("submitted", "Under review by the alliance"),
                    ("returned", "Returned for completion"),
                    ("evaluation", "With the third party"),
                    ("evaluated", "Waits for the decision"),
                    ("approved", "Approved, to be delivered"),
                    ("partly", "Partly delivered"),
                    ("refused", "Not approved"),
                    ("delivered", "Delivered"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="purchaseevent",
            name="target",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("submitted", "Under review by the alliance"),
                    ("returned", "Returned for completion"),
                    ("evaluation", "With the third party"),
                    ("evaluated", "Waits for the decision"),
                    ("approved", "Approved, to be delivered"),
                    ("partly", "Partly delivered"),
                    ("refused", "Not approved"),
                    ("delivered", "Delivered"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="purchase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "draft",
                            "submitted",
                            "returned",
                            "evaluation",
                            "evaluated",
                            "approved",
                            "partly",
                            "refused",
                            "delivered",
                            "withdrawn",
                        ],
                    )
                ),
                name="purchases_purchase_status",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchase",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ("approved", "partly", "delivered")), _negated=True),
                    models.Q(
                        ("approved_price__gt", 0),
                        ("approved_price__isnull", False),
                        ("approved_quantity__gte", 1),
                        ("approved_quantity__isnull", False),
                        ("approved_quantity__lte", models.F("quantity")),
                        ("decided_at__isnull", False),
                        ("evaluated_by__isnull", False),
                        ("subsidy__gte", 0),
                        ("subsidy__isnull", False),
                        ("subsidy_percent__isnull", False),
                        ("subsidy_percent__lte", 100),
                    ),
                    _connector="OR",
                ),
                name="purchases_purchase_granted",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchase",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        (
                            "draft",
                            "returned",
                            "submitted",
                            "evaluation",
                            "evaluated",
                            "approved",
                            "partly",
                        ),
                    )
                ),
                fields=("institution", "type"),
                name="purchases_purchase_one_open",
                violation_error_code="type",
                violation_error_message="A purchase of this type is under way already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="purchaseevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "move__in",
                        [
                            "submit",
                            "pass_on",
                            "return",
                            "evaluate",
                            "approve",
                            "refuse",
                            "deliver",
                            "deliver_part",
                            "write_off",
                            "take_back",
                            "give_up",
                        ],
                    ),
                    (
                        "source__in",
                        [
                            "draft",
                            "submitted",
                            "returned",
                            "evaluation",
                            "evaluated",
                            "approved",
                            "partly",
                            "refused",
                            "delivered",
                            "withdrawn",
                        ],
                    ),
                    (
                        "target__in",
                        [
                            "draft",
                            "submitted",
                            "returned",
                            "evaluation",
                            "evaluated",
                            "approved",
                            "partly",
                            "refused",
                            "delivered",
                            "withdrawn",
                        ],
                    ),
                ),
                name="purchases_event_move",
            ),
        ),
    ]
