"""Practitioners, accounts and invitations as tables that come in from Excel and go out to it."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alliance.core.choices import Permission, Role
from alliance.core.exchange.kinds import Choice, Code, Day, Email, Many, Text, YesNo
from alliance.core.exchange.plan import Plan, Row
from alliance.core.exchange.spec import Column, Place, Progress, Table, filtered, register

from . import actions
from .choices import Sex, TitleCode
from .filters import PractitionerFilter, UserFilter
from .models import Invitation, Practitioner, User

_HOME = (
    Column(
        "institution",
        _("Institution's credit code"),
        Text(70),
        aliases=("机构", "机构代码", "所属机构"),
        note=_("Code or name; left empty it is your own institution."),
        source="institution.uscc",
        written="institution_id",
    ),
    Column(
        "institution_name",
        _("Institution's name"),
        Text(70),
        source="institution.name",
        shown_only=True,
    ),
)


class Practitioners(Table):
    """Practitioners by their licence number."""

    name = "practitioners"
    label = _("Practitioners")
    note = _("Licence, title, start of practice, home institution and specialties.")
    key = ("licence_number",)
    titled = ("licence_number", "name")
    keepers = {"institution": Permission.STAFF_MANAGE}
    columns = (
        Column(
            "licence_number",
            _("Licence number"),
            Code(30),
            required=True,
            aliases=("执业证书编号", "医师执业证书编码", "执业证号"),
            example="110330100000123",
        ),
        Column("name", _("Name"), Text(50), required=True, aliases=("医师姓名",), example="李文"),
        Column("sex", _("Sex"), Choice(Sex, empty=Sex.UNKNOWN.value), example="male"),
        Column(
            "title_code",
            _("Title"),
            Choice(TitleCode),
            required=True,
            aliases=("专业技术职务", "职称代码"),
            example="233",
        ),
        Column(
            "practice_started_on",
            _("In practice since"),
            Day(),
            required=True,
            aliases=("开始执业日期", "从业时间"),
            example="2012-07-01",
        ),
        Column("licence_valid_until", _("Licence valid until"), Day(), aliases=("证书有效期",)),
        *_HOME,
        Column(
            "department",
            _("Department"),
            Text(50),
            aliases=("科室编码", "科室代码"),
            note=_("Code or name of a department of that institution."),
            source="department.code",
            written="department_id",
        ),
        Column(
            "specialties",
            _("Specialties"),
            Many(Text(50)),
            aliases=("诊疗科目", "专业"),
            note=_("Codes or names of the national list of specialties."),
            example="04.01",
            source=lambda row: [specialty.code for specialty in row.specialties.all()],
            written="specialty_ids",
        ),
        Column("phone", _("Telephone"), Text(30), aliases=("联系电话", "手机")),
        Column("is_active", _("Active"), YesNo(empty=True)),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_practitioners(
            rows=rows, by=by, institution_id=place.institution_id, on=place.on
        )

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_practitioners(
            rows=rows,
            by=by,
            institution_id=place.institution_id,
            on=place.on,
            progress=progress,
        )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Practitioners as filtered on their list."""
        rows = Practitioner.objects.visible_to(by).for_list()
        return filtered(PractitionerFilter, rows, request).order_by("institution_id", "pk")

    def exported(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Those of the houses that `by` exports for.

        Everybody may look a colleague up; telephones and licences by the hundred are another thing.
        """
        mine = Practitioner.objects.exported_by(by, timezone.localdate())
        return self.found(by=by, request=request).filter(pk__in=mine.values("pk"))


class Users(Table):
    """Accounts by user name."""

    name = "users"
    label = _("Accounts")
    note = _("Accounts without a role; their owners set the password by e-mail.")
    key = ("username",)
    titled = ("username", "name")
    keepers = {"system": Permission.USER_CREATE}
    readers = frozenset({Permission.USER_CREATE, Permission.COLLEAGUE_INVITE})
    columns = (
        Column(
            "username",
            _("User name"),
            Text(60),
            required=True,
            aliases=("登录名", "账号"),
            example="liwen",
        ),
        Column("name", _("Name"), Text(50), required=True, aliases=("姓名",), example="李文"),
        Column(
            "email",
            _("E-mail"),
            Email(254),
            required=True,
            aliases=("邮箱", "电子邮箱"),
            note=_("The password is set by “Forgot password” with this address."),
            example="liwen@hospital.example",
        ),
        Column("phone", _("Telephone"), Text(30), aliases=("联系电话", "手机")),
        Column("is_active", _("Active"), YesNo(), shown_only=True),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_users(rows=rows, by=by)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_users(rows=rows, by=by, progress=progress)

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """People's accounts that `by` looks after."""
        rows = User.objects.visible_to(by).people()
        return filtered(UserFilter, rows, request).order_by("pk")


class Invitations(Table):
    """Invitations of colleagues by e-mail address."""

    name = "invitations"
    label = _("Invitations")
    note = _("Colleagues asked by e-mail to take up a role at your institution.")
    key = ("institution", "email")
    titled = ("email", "name")
    keepers = {"institution": Permission.COLLEAGUE_INVITE}
    readers = frozenset({Permission.COLLEAGUE_INVITE})
    columns = (
        Column(
            "email",
            _("E-mail"),
            Email(254),
            required=True,
            aliases=("邮箱", "电子邮箱"),
            example="liwen@hospital.example",
        ),
        Column("name", _("Name"), Text(50), required=True, aliases=("姓名",), example="李文"),
        Column("role", _("Role"), Choice(Role), required=True, example="doctor"),
        *_HOME,
        Column(
            "practitioner",
            _("Practitioner's licence number"),
            Code(30),
            aliases=("执业证书编号",),
            note=_("Ties the account to a practitioner of the institution."),
            source="practitioner.licence_number",
            written="practitioner_id",
        ),
    )

    def plan(self, rows: Sequence[Row], *, by: Any, place: Place) -> Plan:
        """What bringing these rows in would do."""
        return actions.plan_invitations(rows=rows, by=by, institution_id=place.institution_id)

    def save(self, rows: Sequence[Row], *, by: Any, place: Place, progress: Progress) -> Plan:
        """Bring all rows in."""
        return actions.import_invitations(
            rows=rows, by=by, institution_id=place.institution_id, progress=progress
        )

    def found(self, *, by: Any, request: HttpRequest | None = None) -> QuerySet[Any]:
        """Open invitations of the institutions that `by` invites to."""
        rows = Invitation.objects.visible_to(by).open()
        return rows.select_related("institution", "practitioner").order_by("pk")


register(Practitioners())
register(Users())
register(Invitations())
