"""What stands on the national form (国家基本公共卫生服务规范, 双向转诊单): stub, body, supplement.

The paper goes to another house and into the archive, so it is Chinese whoever prints it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils import translation
from django.utils.translation import gettext as _

from alliance.institutions.choices import Direction

from ..choices import InfectionFlag
from ..models import Referral
from .rows import age_words

LANGUAGE: Final = "zh-hans"
# So many characters still fit one sheet in the usual size of type.
_ROOMY: Final = 900


@dataclass(frozen=True)
class Line:
    """A field of the form; an empty one is lines to write on."""

    name: str
    label: str
    value: str
    lines: int = 1

    @property
    def rules(self) -> range:
        """The lines to write on."""
        return range(self.lines)


@dataclass(frozen=True)
class Paper:
    """One form: which of the two, whom it is about, what the receiver reads."""

    title: str
    is_back: bool
    person: list[Line]
    texts: list[Line]
    more: list[Line]
    place: str
    department: str
    receiving_doctor: str
    doctor: str
    at: datetime | None
    dense: bool


def paper_of(leg: Referral, *, on: date) -> Paper:
    """The form of a leg: 回转单 for the way down, 转出单 for any other."""
    with translation.override(LANGUAGE):
        is_back = leg.is_back_leg or leg.direction == Direction.DOWN
        texts = _back_texts(leg) if is_back else _out_texts(leg)
        more = _more(leg, is_back=is_back)
        written = sum(len(line.value) for line in (*texts, *more))
        return Paper(
            title=_("Two-way referral (back)") if is_back else _("Two-way referral (out)"),
            is_back=is_back,
            person=_person(leg, on, is_back=is_back),
            texts=texts,
            more=more,
            place=leg.receiver.name if leg.receiver else "",
            department=str(leg.receiver_department or ""),
            receiving_doctor=str(leg.receiver_doctor or ""),
            doctor=str(leg.sender_doctor or ""),
            at=leg.submitted_at,
            dense=written > _ROOMY,
        )


def _person(leg: Referral, on: date, *, is_back: bool) -> list[Line]:
    patient: Any = leg.patient
    if is_back:
        number = Line("inpatient_number", _("Record number"), leg.inpatient_number)
    else:
        number = Line("record_number", _("File number"), patient.record_number)
    return [
        Line("name", _("Patient's name"), patient.name),
        Line("sex", _("Sex"), str(patient.get_sex_display())),
        Line("age", _("Age"), age_words(patient.birth_date, on)),
        number,
        Line("address", _("Home address"), patient.address),
        Line("phone", _("Contact telephone"), patient.phone),
    ]


def _out_texts(leg: Referral) -> list[Line]:
    return [
        _text(leg, "preliminary_impression", _("Preliminary impression"), 2),
        _text(leg, "present_illness", _("Main present illness (reason for referral)"), 4),
        _text(leg, "past_history", _("Main past history"), 3),
        _text(leg, "treatment_given", _("Treatment given"), 3),
    ]


def _back_texts(leg: Referral) -> list[Line]:
    care = "\n".join(part for part in (leg.treatment_given, leg.rehabilitation_advice) if part)
    return [
        _text(leg, "diagnosis_result", _("Diagnosis result"), 2),
        _text(leg, "inpatient_number", _("Inpatient record number"), 1),
        _text(leg, "main_results", _("Main examination results"), 4),
        Line(
            "care",
            _("Treatment given, next treatment and rehabilitation advice"),
            care,
            5,
        ),
    ]


def _text(leg: Referral, name: str, label: str, lines: int) -> Line:
    return Line(name, label, getattr(leg, name), lines)


def _more(leg: Referral, *, is_back: bool) -> list[Line]:
    """What the platform adds to the national form, where it was filled in.

    How stable a patient is belongs to the way back; on the way out it would be told afterwards.
    """
    diseases = [str(row.disease) for row in leg.diagnoses.select_related("disease")]
    infection = (
        "" if leg.infection_flag == InfectionFlag.UNKNOWN else leg.get_infection_flag_display()
    )
    lines = [
        Line("urgency", _("Urgency"), str(leg.get_urgency_display())),
        Line("diagnoses", _("Diagnoses"), "; ".join(diseases)),
        Line("technique", _("Technique asked for"), str(leg.technique or "")),
        Line("indication", _("Indication"), leg.indication),
        Line("stability", _("Stability"), leg.stability if is_back else ""),
        Line("allergies", _("Allergies"), leg.allergies),
        Line("current_medicines", _("Current medicines"), leg.current_medicines),
        Line(
            "infection",
            _("Infection"),
            " ".join(filter(None, [str(infection), leg.infection_note])),
        ),
    ]
    return [line for line in lines if line.value]
