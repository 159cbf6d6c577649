"""Who may look at which table in the back office, and who may add to it.

Everybody else is sent to sign in there: the back office is for offices and the three powers.
"""

OFFICE = frozenset({"office", "other_office"})
ADMIN, SECURITY = frozenset({"system_admin"}), frozenset({"security_admin"})
ALL = OFFICE | ADMIN | SECURITY | {"auditor"}
NOBODY = frozenset()

# Table: (who looks, who adds). Work of the alliance is never added here.
TABLES = {
    "institutions.alliance": (ALL, ADMIN),
    "institutions.specialty": (ALL, ADMIN),
    "institutions.institution": (ALL, NOBODY),
    "institutions.department": (ALL, NOBODY),
    "institutions.membership": (ALL, NOBODY),
    "institutions.relation": (ALL, NOBODY),
    "institutions.calendarday": (ALL, NOBODY),
    "people.user": (ALL, NOBODY),
    "people.rolegrant": (ALL, NOBODY),
    "people.invitation": (ALL, NOBODY),
    "people.practitioner": (ALL, NOBODY),
    "people.apiclient": (ADMIN, NOBODY),
    "catalogue.disease": (ALL, OFFICE),
    "catalogue.technique": (ALL, OFFICE),
    "catalogue.catalogueedition": (ALL, NOBODY),
    "catalogue.catalogueentry": (ALL, NOBODY),
    "referrals.referral": (OFFICE, NOBODY),
    "referrals.referralevent": (OFFICE, NOBODY),
    "referrals.clockalert": (OFFICE, NOBODY),
    "referrals.reasoncode": (OFFICE, OFFICE),
    "privileges.privilege": (OFFICE, NOBODY),
    "privileges.certificate": (OFFICE, NOBODY),
    "privileges.override": (OFFICE, NOBODY),
    "courses.course": (OFFICE, NOBODY),
    "courses.session": (OFFICE, NOBODY),
    "courses.hoursentry": (OFFICE, NOBODY),
    "courses.contest": (OFFICE, NOBODY),
    "courses.keydoctor": (OFFICE, NOBODY),
    "courses.simulationcentre": (OFFICE, NOBODY),
    "logbook.case": (OFFICE, NOBODY),
    "logbook.ratingscale": (OFFICE, NOBODY),
    "logbook.curvereview": (OFFICE, NOBODY),
    "standards.admission": (OFFICE, NOBODY),
    "mentoring.posting": (OFFICE, NOBODY),
    "mentoring.mentorship": (OFFICE, NOBODY),
    "mentoring.guidancesession": (OFFICE, NOBODY),
    "programmes.programme": (OFFICE, NOBODY),
    "programmes.programmeversion": (OFFICE, NOBODY),
    "programmes.enrolment": (OFFICE, NOBODY),
    "programmes.priorrecord": (OFFICE, NOBODY),
    "granting.application": (OFFICE, NOBODY),
    "granting.committee": (OFFICE, NOBODY),
    "granting.member": (OFFICE, NOBODY),
    "qc.finding": (OFFICE, NOBODY),
    "qc.checkrun": (OFFICE, NOBODY),
    "exams.exam": (OFFICE, NOBODY),
    "exams.station": (OFFICE, NOBODY),
    "exams.examresult": (OFFICE, NOBODY),
    "exams.stationresult": (OFFICE, NOBODY),
    "exams.retraining": (OFFICE, NOBODY),
    "devices.devicetype": (OFFICE, NOBODY),
    "devices.device": (OFFICE, NOBODY),
    "devices.stocktake": (OFFICE, NOBODY),
}
