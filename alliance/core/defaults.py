"""Policy definitions of imports and exports."""

from django.utils.translation import gettext_lazy as _

from .policy import PLATFORM, Definition, define

_GROUP = _("Import and export")
_BYTES = 1_048_576

define(
    [
        Definition(
            "import.max_bytes",
            "integer",
            20 * _BYTES,
            _("Largest file, in bytes"),
            _GROUP,
            PLATFORM,
            minimum=_BYTES,
            maximum=200 * _BYTES,
        ),
        Definition(
            "import.max_unpacked_bytes",
            "integer",
            300 * _BYTES,
            _("Largest Excel file once unpacked, in bytes"),
            _GROUP,
            PLATFORM,
            minimum=_BYTES,
            maximum=2000 * _BYTES,
        ),
        Definition(
            "import.max_rows",
            "integer",
            100_000,
            _("Most rows in a file"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=1_000_000,
        ),
        Definition(
            "import.rows_by_action",
            "integer",
            5000,
            _("Most new rows in a file whose rows are entered one after the other"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=100_000,
        ),
        Definition(
            "import.errors_shown",
            "integer",
            200,
            _("Errors shown on the page"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=1000,
        ),
        Definition(
            "import.errors_kept",
            "integer",
            5000,
            _("Errors kept for the download"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=100_000,
        ),
        Definition(
            "import.sample_rows",
            "integer",
            10,
            _("Rows shown of what would be added and of what would change"),
            _GROUP,
            PLATFORM,
            minimum=0,
            maximum=200,
        ),
        Definition(
            "import.keep_days",
            "days",
            30,
            _("Uploaded tables kept for"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=365,
        ),
        Definition(
            "export.max_rows",
            "integer",
            200_000,
            _("Most rows in an export"),
            _GROUP,
            PLATFORM,
            minimum=1,
            maximum=1_000_000,
        ),
    ]
)
