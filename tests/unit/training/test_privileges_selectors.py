"""Who may do what: the answer for one, for many and as a set are the same answer."""

from datetime import date
from uuid import uuid4

import pytest
from django.utils import timezone

from alliance.catalogue import selectors as catalogue
from alliance.core.models import PolicySetting
from alliance.people.models import PracticeSite
from tests.factories import alliance as base
from tests.factories import privileges as make
from tests.factories import standards as admissions
from training.privileges import actions, facts, selectors, single
from training.privileges.models import Suspension

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 1)


def ask(world, on=ON, *, practitioner=None, technique=None, institution=None, **more):
    """The answer; every time held against the facts read by names, and those for many at once."""
    person = practitioner or world.county_doctor.practitioner
    technique, house = technique or world.appendectomy, institution or world.county
    triple = selectors.Triple(person.pk, technique.pk, house.pk)
    mdt = more.get("mdt_recorded")
    judged = single.judge(triple, on=on, mdt_recorded=mdt)
    assert judged == facts.gather([triple], on=on).judge(triple, on=on, mdt_recorded=mdt)
    assert judged == named(person.licence_number, technique, house, on=on, mdt=mdt)
    return selectors.may_perform(**triple._asdict(), on=on, **more)


def named(person, technique, house, *, houses=None, alliances=(), on=ON, mdt=None):
    """The judgement by the names other systems use; by default they ask about their own house."""
    return single.judge_named(
        practitioner=person,
        technique=technique.code,
        institution=house.public_id,
        reach=single.Reach([house.pk] if houses is None else houses, list(alliances)),
        on=on,
        mdt_recorded=mdt,
    )


@pytest.fixture(autouse=True)
def admitted(world):
    """The county and the tertiary hospital may do laparoscopic appendectomies."""
    admissions.admitted(world, institution=world.tertiary)
    return admissions.admitted(world)


def test_yes_with_the_privilege_it_rests_on(world):
    privilege = make.privilege(world, conditions="daytime only")
    answer = ask(world)
    assert (answer.verdict, answer.reasons, answer.may) == ("yes", [], True)
    assert (answer.privilege_id, answer.level) == (privilege.pk, "independent")
    assert answer.conditions == "daytime only"
    assert (answer.valid_from, answer.valid_until) == (date(2026, 1, 1), date(2028, 1, 1))


def test_past_days_are_answered_as_they_were(world):
    privilege = make.privilege(world)
    Suspension.objects.create(
        privilege=privilege, valid_from=date(2026, 3, 1), valid_until=date(2026, 4, 1),
        reason="review", suspended_by=world.qc,
    )  # fmt: skip
    said = {
        day: (answer.verdict, answer.codes)
        for day in [
            date(2025, 12, 31), date(2026, 1, 1), date(2026, 3, 1), date(2026, 3, 31),
            date(2026, 4, 1), date(2028, 1, 1),
        ]
        for answer in [ask(world, day)]
    }  # fmt: skip
    assert said == {
        date(2025, 12, 31): ("no", {"not_yet"}),
        date(2026, 1, 1): ("yes", set()),
        date(2026, 3, 1): ("no", {"suspended"}),
        date(2026, 3, 31): ("no", {"suspended"}),
        date(2026, 4, 1): ("yes", set()),
        date(2028, 1, 1): ("no", {"expired"}),
    }


def test_elsewhere_only_where_one_is_registered(world):
    make.privilege(world, institution=world.tertiary)
    assert ask(world, institution=world.tertiary).codes == {"no_licence_here"}
    PracticeSite.objects.create(
        practitioner=world.county_doctor.practitioner,
        institution=world.tertiary,
        valid_from=date(2026, 6, 1),
    )
    assert ask(world, institution=world.tertiary).verdict == "yes"
    assert ask(world, date(2026, 5, 31), institution=world.tertiary).verdict == "no"


def test_what_stands_against_it_is_told_all_at_once(world):
    person = world.practitioner
    person.is_active, person.licence_valid_until = False, date(2026, 10, 31)
    person.save()
    answer = ask(world, practitioner=person, institution=world.township)
    assert answer.codes == {"not_active", "licence_expired", "grade_above_tier", "not_privileged"}
    assert all(reason.text and reason.next_step for reason in answer.reasons)
    facts = {reason.code: reason.facts for reason in answer.reasons}
    assert facts["licence_expired"] == {"until": "2026-10-31"}
    assert facts["grade_above_tier"] == {"grade": "advanced"}


def test_an_advanced_technique_needs_an_admitted_institution(world, admitted):
    make.privilege(world)
    admissions.suspended(
        admitted, world, valid_from=date(2026, 10, 1), valid_until=date(2026, 11, 2)
    )
    assert ask(world).codes == {"admission_suspended"}
    assert not who(world).exists()
    assert ask(world, date(2026, 9, 30)).verdict == "yes"
    admitted.valid_until = date(2026, 11, 1)
    admitted.save()
    assert ask(world).codes == {"institution_not_admitted"}
    assert ask(world, date(2026, 11, 2)).codes == {"institution_not_admitted"}
    assert not who(world, on=date(2026, 11, 2)).exists()


def test_years_of_practice_are_asked_of_who_operates_alone(world):
    asks_for_years(world, 15)
    privilege = make.privilege(world)
    answer = ask(world)
    assert (answer.verdict, answer.codes) == ("no", {"years_short"})
    assert answer.reasons[0].facts == {"years": 14, "min": 15}
    assert not who(world).exists()
    assert ask(world, date(2027, 7, 1)).verdict == "yes"
    assert list(who(world, on=date(2027, 7, 1))) == [privilege]
    actions.withdraw(privilege=privilege, reason="anew", by=world.qc)
    make.privilege(world, level="supervised", valid_from=date(2026, 12, 1))
    assert ask(world, date(2026, 12, 1)).verdict == "supervised"
    assert who(world, on=date(2026, 12, 1)).count() == 1


def test_the_highest_level_needs_a_discussion_before_each_operation(world):
    world.appendectomy.national_level = 4
    world.appendectomy.save()
    make.privilege(world)
    answer = ask(world, date(2026, 6, 1))
    assert (answer.verdict, [note.code for note in answer.notes]) == ("yes", ["mdt_needed"])
    assert ask(world, date(2026, 6, 1), mdt_recorded=False).codes == {"mdt_missing"}
    recorded = ask(world, date(2026, 6, 1), mdt_recorded=True)
    assert (recorded.verdict, recorded.notes) == ("yes", [])


def test_policy_says_which_grades_need_admission(world):
    make.privilege(world, institution=world.county2, practitioner=world.practitioner)
    asked = {"institution": world.county2, "practitioner": world.practitioner}
    assert "institution_not_admitted" in ask(world, **asked).codes
    for key, value in (("admission.grades", "none"), ("grading.mdt_level", 3)):
        PolicySetting.objects.create(
            alliance=world.alliance, key=key, value=value, effective_from=date(2026, 10, 1),
            source="test",
        )  # fmt: skip
    world.appendectomy.national_level = 3
    world.appendectomy.save()
    answer = ask(world, **asked)
    assert answer.codes == {"no_licence_here"}
    assert [note.code for note in answer.notes] == ["mdt_needed"]
    assert "institution_not_admitted" in ask(world, date(2026, 9, 30), **asked).codes


def asks_for_years(world, years):
    """A newer edition in which appendectomies need so many years."""
    edition = base.EditionFactory(alliance=world.alliance)
    base.EntryFactory(
        edition=edition, technique=world.appendectomy, grade="advanced", tiers=["county"]
    )
    base.RequirementFactory(
        edition=edition, grade="", technique=world.appendectomy, side="operator", kind="years",
        minimum=years,
    )  # fmt: skip
    edition.status, edition.effective_from = "published", date(2025, 1, 1)
    edition.published_at = timezone.now()
    edition.save()


def test_nothing_that_does_not_exist_may(world):
    answer = selectors.may_perform(practitioner_id=0, technique_id=0, institution_id=0, on=ON)
    assert (answer.verdict, answer.codes) == ("no", {"not_privileged"})


def test_one_question_costs_one_statement(world, django_assert_num_queries):
    make.privilege(world)
    ask(world)
    person, house = world.county_doctor.practitioner, world.county
    with django_assert_num_queries(1):
        selectors.may_perform(
            practitioner_id=person.pk,
            technique_id=world.appendectomy.pk,
            institution_id=house.pk,
            on=ON,
        )
    with django_assert_num_queries(1):
        named(person.licence_number, world.appendectomy, house)


def test_names_are_found_within_reach_alone(world):
    make.privilege(world)
    person, technique = world.county_doctor.practitioner, world.appendectomy
    found = named(person.public_id, technique, world.county)
    assert found.verdict == "yes"
    assert named(person.licence_number, technique, world.county) == found
    # Of a house in the same alliance, or of the whole alliance; past members stay in reach.
    for reach in (
        {"houses": [world.township.pk]},
        {"houses": [], "alliances": [world.alliance.pk]},
    ):
        assert named(person.public_id, technique, world.county, **reach) == found
    for reach in ({"houses": []}, {"houses": [world.outside.pk]}, {"houses": [], "alliances": [0]}):
        assert named(person.public_id, technique, world.county, **reach) is None
    unknown = base.TechniqueFactory.build(code="0")
    assert named(person.public_id, unknown, world.county) is None
    for nobody in (uuid4(), "0", str(person.public_id)):
        assert named(nobody, technique, world.county) is None


def test_no_alliance_and_no_catalogue_no_privilege(world):
    assert ask(world, institution=world.outside).codes == {
        "no_licence_here", "not_a_member", "not_privileged",
    }  # fmt: skip
    ungraded = base.TechniqueFactory()
    make.privilege(world, technique=ungraded)
    assert ask(world, technique=ungraded).codes == {"not_in_catalogue"}
    assert not who(world, ungraded).exists()


def who(world, technique=None, institution=None, on=ON):
    """The set; what it takes from the edition is held against the edition as a whole."""
    pk, alliance = (technique or world.appendectomy).pk, world.alliance.pk
    every = {one.technique_id: one for one in catalogue.graded(alliance_id=alliance, on=on)}
    assert catalogue.graded_one(pk, alliance_id=alliance, on=on) == every.get(pk)
    return selectors.who_may(
        technique_id=pk,
        institution_id=institution.pk if institution else None,
        alliance_id=alliance,
        on=on,
    )


def test_who_may_is_the_set_of_those_who_may(world):
    independent = make.privilege(world)
    supervised = make.privilege(
        world, practitioner=world.practitioner, level="supervised", institution=world.township,
        technique=world.debridement,
    )  # fmt: skip
    too_high = make.privilege(
        world, practitioner=world.practitioner, level="supervised", institution=world.township
    )
    assert list(who(world)) == [independent]
    assert list(who(world, institution=world.county)) == [independent]
    assert not who(world, institution=world.tertiary).exists()
    assert list(who(world, world.debridement)) == [supervised]
    actions.suspend(privilege=independent, reason="review", by=world.qc)
    today = independent.suspensions.get().valid_from
    assert not who(world, on=today).exists()
    assert too_high in selectors.privileges_in_force(today)
    assert independent not in selectors.privileges_in_force(today)


def test_many_pairs_get_the_answers_of_each(world):
    make.privilege(world)
    make.privilege(world, technique=world.gastrectomy)
    people = [world.county_doctor.practitioner.pk, world.practitioner.pk]
    techniques = [world.appendectomy.pk, world.gastrectomy.pk, world.debridement.pk]
    found = selectors.may_pairs(
        practitioner_ids=people, institution_id=world.county.pk, technique_ids=techniques, on=ON
    )
    assert found == {
        (people[0], techniques[0]): ask(world),
        (people[0], techniques[1]): ask(world, technique=world.gastrectomy),
    }
    mine = selectors.what_may(practitioner_id=people[0], on=ON)
    assert list(mine.values()) == list(found.values())
