"""Words of institutions and alliances."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class AllianceKind(TextChoices):
    """The four kinds of alliance."""

    HOSPITAL_GROUP = "hospital_group", _("Hospital group")
    COUNTY_CONSORTIUM = "county_consortium", _("County consortium")
    SPECIALTY_ALLIANCE = "specialty_alliance", _("Specialty alliance")
    TELEMEDICINE_NETWORK = "telemedicine_network", _("Telemedicine network")


class Tier(TextChoices):
    """Tiers; village clinics hang under a township and count with it."""

    TERTIARY = "tertiary", _("Tertiary hospital")
    COUNTY = "county", _("County hospital")
    TOWNSHIP = "township", _("Township hospital")
    VILLAGE = "village", _("Village clinic")


# Higher number, higher tier: what "up" and "down" mean.
TIER_RANK: dict[str, int] = {
    Tier.VILLAGE: 0,
    Tier.TOWNSHIP: 1,
    Tier.COUNTY: 2,
    Tier.TERTIARY: 3,
}


class TypeCode(TextChoices):
    """The kinds of WS 218 that alliances are made of; other codes of the standard are valid too."""

    GENERAL = "A100", _("General hospital")
    TCM = "A210", _("Hospital of Chinese medicine")
    INTEGRATED = "A300", _("Integrated Chinese and Western medicine hospital")
    ONCOLOGY = "A514", _("Oncology hospital")
    CARDIOVASCULAR = "A515", _("Cardiovascular hospital")
    OBSTETRICS = "A518", _("Obstetrics and gynaecology hospital")
    CHILDREN = "A519", _("Children's hospital")
    ORTHOPAEDIC = "A526", _("Orthopaedic hospital")
    REHABILITATION = "A527", _("Rehabilitation hospital")
    NURSING = "A710", _("Nursing home")
    COMMUNITY_CENTRE = "B100", _("Community health centre")
    COMMUNITY_STATION = "B200", _("Community health station")
    SUBDISTRICT = "C100", _("Subdistrict health centre")
    CENTRAL_TOWNSHIP = "C210", _("Central township health centre")
    TOWNSHIP = "C220", _("Township health centre")
    OUTPATIENT = "D110", _("General outpatient department")
    CLINIC = "D211", _("Clinic")
    HEALTH_ROOM = "D300", _("Health post")
    INFIRMARY = "D400", _("Infirmary")
    VILLAGE = "D600", _("Village clinic")
    EMERGENCY = "E100", _("Emergency centre")
    MATERNAL = "G100", _("Maternal and child health hospital")
    LABORATORY = "P110", _("Clinical laboratory centre")


class Grade(IntegerChoices):
    """Hospital grades: 1 is level one C, 9 level three A (CN-CORE-R4)."""

    LEVEL_1C = 1, _("Level one, C")
    LEVEL_1B = 2, _("Level one, B")
    LEVEL_1A = 3, _("Level one, A")
    LEVEL_2C = 4, _("Level two, C")
    LEVEL_2B = 5, _("Level two, B")
    LEVEL_2A = 6, _("Level two, A")
    LEVEL_3C = 7, _("Level three, C")
    LEVEL_3B = 8, _("Level three, B")
    LEVEL_3A = 9, _("Level three, A")


class MemberRole(TextChoices):
    """What a member is in its alliance."""

    LEAD = "lead", _("Lead")
    MEMBER = "member", _("Member")


class HelpForm(TextChoices):
    """How the lead helps a member."""

    NONE = "none", _("None")
    MANAGED = "managed", _("Managed by the lead")
    PAIRED_AID = "paired_aid", _("Paired aid")
    JOINT_DEPARTMENTS = "joint_departments", _("Joint departments")
    TECHNICAL_GUIDANCE = "technical_guidance", _("Technical guidance")
    TELEMEDICINE = "telemedicine", _("Telemedicine")


class Direction(TextChoices):
    """Which way a referral goes."""

    UP = "up", _("Up")
    DOWN = "down", _("Down")
    LATERAL = "lateral", _("Lateral")
