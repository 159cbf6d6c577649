"""Roles and permissions. A role is a list of permissions; nothing else grants anything."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Permission(TextChoices):
    """What software lets a person do. (What medicine lets a person do is a Privilege.)"""

    REFERENCE_VIEW = "reference_view", _("Look up institutions, staff and the catalogue")
    PATIENT_VIEW = "patient_view", _("See patients in one's care")
    PATIENT_REGISTER = "patient_register", _("Register patients")
    PATIENT_REVEAL = "patient_reveal", _("Show masked identifiers with a reason")
    PATIENT_MERGE = "patient_merge", _("Merge duplicate patients")
    REFERRAL_VIEW = "referral_view", _("See referrals")
    REFERRAL_SEND = "referral_send", _("File referrals")
    REFERRAL_ENDORSE = "referral_endorse", _("Review referrals before they leave")
    REFERRAL_RECEIVE = "referral_receive", _("Answer incoming referrals")
    REFERRAL_CARE = "referral_care", _("Record care of referred patients")
    REFERRAL_CORRECT = "referral_correct", _("Mark referrals as entered in error")
    REFERRAL_OVERSEE = "referral_oversee", _("Oversee all referrals of the alliance")
    INSTITUTION_MANAGE = "institution_manage", _("Maintain one's own institution")
    STAFF_MANAGE = "staff_manage", _("Maintain departments and practitioners")
    COLLEAGUE_INVITE = "colleague_invite", _("Invite colleagues and disable their accounts")
    ALLIANCE_MANAGE = "alliance_manage", _("Maintain members of the alliance")
    MATRIX_MANAGE = "matrix_manage", _("Maintain who may refer to whom")
    CATALOGUE_MANAGE = "catalogue_manage", _("Maintain the technique catalogue")
    POLICY_MANAGE = "policy_manage", _("Change policy settings")
    DATA_IMPORT = "data_import", _("Import from Excel")
    DATA_EXPORT = "data_export", _("Export to Excel")
    USER_CREATE = "user_create", _("Create and disable users")
    ROLE_GRANT = "role_grant", _("Grant and withdraw roles")
    FINDING_VIEW = "finding_view", _("See what scheduled checks found")
    FINDING_OWN = "finding_own", _("Give findings an owner")
    FINDING_WAIVE = "finding_waive", _("Waive findings for a time")
    CHECK_RUN = "check_run", _("Run scheduled checks")
    LEARNING_OWN = "learning_own", _("Learn, and keep one's own logbook")
    TRAINING_VIEW = "training_view", _("See how far the trainees of one's institution are")
    TRAINING_TEACH = "training_teach", _("Give courses, hold exams and mentor")
    TRAINING_MANAGE = "training_manage", _("Arrange the training of one's institution")
    PROGRAMME_MANAGE = "programme_manage", _("Maintain the alliance's programmes and exams")
    CASE_VIEW = "case_view", _("See the logbook of one's institution")
    CASE_RECORD = "case_record", _("Record cases in the logbook")
    CASE_CONFIRM = "case_confirm", _("Confirm cases one has supervised")
    ADMISSION_APPLY = "admission_apply", _("Apply for techniques of one's institution")
    ADMISSION_REVIEW = "admission_review", _("Review which institution may use a technique")
    PRIVILEGE_VIEW = "privilege_view", _("Look up who may perform what")
    PRIVILEGE_APPLY = "privilege_apply", _("Apply for one's own privilege")
    PRIVILEGE_DECIDE = "privilege_decide", _("Vote on applications for a privilege")
    PRIVILEGE_SUSPEND = "privilege_suspend", _("Suspend and restore privileges")
    PRIVILEGE_MANAGE = "privilege_manage", _("Convene the committee and withdraw privileges")
    PRIVILEGE_OVERRIDE = "privilege_override", _("Operate beyond one's privilege in an emergency")
    EQUIPMENT_VIEW = "equipment_view", _("See devices and when they are free")
    EQUIPMENT_BOOK = "equipment_book", _("Book shared devices")
    EQUIPMENT_KEEP = "equipment_keep", _("Keep the devices of one's institution")
    EQUIPMENT_OVERSEE = "equipment_oversee", _("Oversee all devices of the alliance")
    EQUIPMENT_STANDARD = "equipment_standard", _("Maintain device types, standards and prices")
    PURCHASE_APPLY = "purchase_apply", _("Apply for the purchase of devices")
    PURCHASE_REVIEW = "purchase_review", _("Review and decide purchases")
    PURCHASE_EVALUATE = "purchase_evaluate", _("Evaluate purchases as a third party")
    LEDGER_VIEW = "ledger_view", _("Read the audit ledger")
    NOTICE_VIEW = "notice_view", _("Read one's notices")


class Role(TextChoices):
    """Roles at an institution, at the alliance, and the three separated powers."""

    DOCTOR = "doctor", _("Doctor")
    LIAISON = "liaison", _("Liaison officer")
    MANAGER = "manager", _("Hospital administrator")
    EQUIPMENT_KEEPER = "equipment_keeper", _("Equipment keeper")
    TRAINER = "trainer", _("Trainer")
    INTERFACE = "interface", _("System interface")
    QC_MEMBER = "qc_member", _("QC committee member")
    ALLIANCE_OFFICE = "alliance_office", _("Alliance office")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")
    AUDITOR = "auditor", _("Auditor")


INSTITUTION_ROLES = frozenset(
    {
        Role.DOCTOR,
        Role.LIAISON,
        Role.MANAGER,
        Role.EQUIPMENT_KEEPER,
        Role.TRAINER,
        Role.INTERFACE,
    }
)
ALLIANCE_ROLES = frozenset({Role.QC_MEMBER, Role.ALLIANCE_OFFICE})
# GB/T 22239-2019 8.1.5: nobody holds two of these three.
SEPARATED_POWERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
# Roles that decide about others and therefore need a second factor (8.1.4.1 d).
SECOND_FACTOR_ROLES = SEPARATED_POWERS | {Role.MANAGER, Role.ALLIANCE_OFFICE}
# Roles that look at the platform as a whole, by the back office (/admin/).
BACK_OFFICE_ROLES = SEPARATED_POWERS | {Role.ALLIANCE_OFFICE}

_P = Permission
_EVERYBODY = frozenset({_P.REFERENCE_VIEW, _P.NOTICE_VIEW})
# Whoever treats patients also learns, keeps a logbook and is asked what may be done here.
_LEARNER = _EVERYBODY | {
    _P.LEARNING_OWN,
    _P.CASE_RECORD,
    _P.CASE_CONFIRM,
    _P.PRIVILEGE_VIEW,
    _P.PRIVILEGE_APPLY,
    _P.PRIVILEGE_OVERRIDE,
    _P.EQUIPMENT_VIEW,
    _P.EQUIPMENT_BOOK,
}
_TRAINING_OVERSIGHT = frozenset({_P.TRAINING_VIEW, _P.CASE_VIEW, _P.PRIVILEGE_VIEW})
_CLINICAL = _LEARNER | {
    _P.PATIENT_VIEW,
    _P.PATIENT_REGISTER,
    _P.PATIENT_REVEAL,
    _P.REFERRAL_VIEW,
    _P.REFERRAL_SEND,
    _P.REFERRAL_CARE,
}
_DESK = _CLINICAL | {_P.REFERRAL_ENDORSE, _P.REFERRAL_RECEIVE, _P.DATA_EXPORT}
# What only a person can do: systems hold everything else of a desk.
_PERSONAL = frozenset({_P.LEARNING_OWN, _P.CASE_CONFIRM, _P.PRIVILEGE_APPLY, _P.PRIVILEGE_OVERRIDE})

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.DOCTOR: _CLINICAL,
    Role.LIAISON: _DESK,
    Role.MANAGER: _DESK
    | _TRAINING_OVERSIGHT
    | {
        _P.TRAINING_MANAGE,
        _P.ADMISSION_APPLY,
        _P.PRIVILEGE_SUSPEND,
        _P.REFERRAL_CORRECT,
        _P.PATIENT_MERGE,
        _P.INSTITUTION_MANAGE,
        _P.STAFF_MANAGE,
        _P.COLLEAGUE_INVITE,
        _P.DATA_IMPORT,
        _P.EQUIPMENT_KEEP,
        _P.PURCHASE_APPLY,
        _P.FINDING_VIEW,
        _P.FINDING_OWN,
    },
    Role.EQUIPMENT_KEEPER: _EVERYBODY
    | {
        _P.EQUIPMENT_VIEW,
        _P.EQUIPMENT_BOOK,
        _P.EQUIPMENT_KEEP,
        _P.PURCHASE_APPLY,
        _P.DATA_IMPORT,
        _P.DATA_EXPORT,
    },
    Role.TRAINER: _LEARNER
    | _TRAINING_OVERSIGHT
    | {_P.TRAINING_TEACH, _P.DATA_IMPORT, _P.DATA_EXPORT},
    Role.INTERFACE: (_DESK - _PERSONAL)
    | {
        _P.REFERRAL_CORRECT,
        _P.FINDING_VIEW,
        _P.TRAINING_VIEW,
        _P.CASE_VIEW,
        _P.CASE_RECORD,
        _P.PRIVILEGE_VIEW,
    },
    Role.QC_MEMBER: _EVERYBODY
    | _TRAINING_OVERSIGHT
    | {
        _P.PRIVILEGE_DECIDE,
        _P.PRIVILEGE_SUSPEND,
        _P.PRIVILEGE_MANAGE,
        _P.REFERRAL_VIEW,
        _P.REFERRAL_OVERSEE,
        _P.EQUIPMENT_VIEW,
        _P.EQUIPMENT_OVERSEE,
        _P.PURCHASE_EVALUATE,
        _P.FINDING_VIEW,
        _P.FINDING_WAIVE,
        _P.CHECK_RUN,
    },
    Role.ALLIANCE_OFFICE: _EVERYBODY
    | _TRAINING_OVERSIGHT
    | {
        _P.TRAINING_MANAGE,
        _P.PROGRAMME_MANAGE,
        _P.ADMISSION_REVIEW,
        _P.PRIVILEGE_SUSPEND,
        _P.PRIVILEGE_MANAGE,
        _P.REFERRAL_VIEW,
        _P.REFERRAL_OVERSEE,
        _P.ALLIANCE_MANAGE,
        _P.MATRIX_MANAGE,
        _P.CATALOGUE_MANAGE,
        _P.POLICY_MANAGE,
        _P.EQUIPMENT_VIEW,
        _P.EQUIPMENT_OVERSEE,
        _P.EQUIPMENT_STANDARD,
        _P.PURCHASE_REVIEW,
        _P.DATA_IMPORT,
        _P.DATA_EXPORT,
        _P.FINDING_VIEW,
        _P.FINDING_WAIVE,
        _P.CHECK_RUN,
    },
    Role.SYSTEM_ADMIN: _EVERYBODY | {_P.USER_CREATE, _P.DATA_IMPORT, _P.DATA_EXPORT},
    # Security settings are the security administrator's (GB/T 22239-2019 8.1.5.3).
    Role.SECURITY_ADMIN: _EVERYBODY | {_P.ROLE_GRANT, _P.POLICY_MANAGE},
    Role.AUDITOR: _EVERYBODY | {_P.LEDGER_VIEW},
}


class ImportState(TextChoices):
    """Where an import stands."""

    UPLOADED = "uploaded", _("Uploaded")
    CHECKING = "checking", _("Checking")
    REFUSED = "refused", _("Has errors")
    CHECKED = "checked", _("Ready to import")
    IMPORTING = "importing", _("Importing")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Failed")


class Severity(TextChoices):
    """How much a finding weighs, the gravest last."""

    NOTICE = "notice", _("For attention")
    MINOR = "minor", _("Minor")
    MAJOR = "major", _("Major")
    CRITICAL = "critical", _("Critical")
