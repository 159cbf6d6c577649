"""The only writers of privileges, certificates and emergencies."""

from .certificates import issue_certificate
from .granting import default_end, grant
from .importing import import_privileges, plan_privileges
from .overrides import record_override, report_override, review_override
from .standing import restore, suspend, withdraw

__all__ = [
    "default_end",
    "grant",
    "import_privileges",
    "issue_certificate",
    "plan_privileges",
    "record_override",
    "report_override",
    "restore",
    "review_override",
    "suspend",
    "withdraw",
]
