"""What the scheduler sends, and when; times of day are local."""

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "sweep-outbox": {"task": "core.relay_outbox", "schedule": 30.0},
    "seal-ledger": {"task": "core.seal_ledger", "schedule": 60.0},
    "seal-ledger-late": {
        "task": "core.seal_ledger",
        "schedule": 86400.0,
        "kwargs": {"hours": 24 * 7},
    },
    "forget-idempotency-keys": {"task": "core.forget_idempotency_keys", "schedule": 3600.0},
    "forget-outbox": {"task": "core.forget_outbox", "schedule": 3600.0},
    "forget-import-files": {"task": "core.forget_import_files", "schedule": 86400.0},
    # Asks about the day that has just ended, while nobody is working.
    "advance-programmes": {
        "task": "programmes.advance_all",
        "schedule": crontab(hour=1, minute=30),
    },
    "plan-checks": {"task": "qc.plan_checks", "schedule": crontab(hour=2, minute=0)},
    "review-curves": {"task": "logbook.review_curves", "schedule": crontab(hour=3, minute=0)},
    "sweep-checks": {"task": "qc.sweep_runs", "schedule": 600.0},
    "forget-sign-ins": {"task": "people.forget_sign_ins", "schedule": 86400.0},
    "forget-notices": {"task": "notices.forget_read", "schedule": 86400.0},
    "remind-of-sessions": {"task": "courses.remind_of_sessions", "schedule": 600.0},
    "remind-of-exams": {"task": "exams.remind_of_exams", "schedule": crontab(hour=8, minute=0)},
    # Before the day's work begins, so that it stands on the keeper's page.
    "remind-of-checks": {
        "task": "service.remind_of_checks",
        "schedule": crontab(hour=7, minute=0),
    },
    "match-recalls": {"task": "service.match_recalls", "schedule": crontab(hour=1, minute=0)},
    "watch-device-events": {"task": "service.watch_events", "schedule": 900.0},
    "close-exams": {"task": "exams.close_overdue", "schedule": 120.0},
    "watch-clocks": {"task": "referrals.watch_clocks", "schedule": 60.0},
    "lapse-overdue": {"task": "referrals.lapse_overdue", "schedule": 3600.0},
    "sweep-missed-bookings": {"task": "bookings.sweep_missed", "schedule": 300.0},
    "watch-overruns": {"task": "bookings.watch_overruns", "schedule": 60.0},
    "run-waiting-list": {"task": "bookings.run_waiting_list", "schedule": 60.0},
    "remind-of-bookings": {"task": "bookings.remind_people", "schedule": 600.0},
    "lapse-booking-requests": {"task": "bookings.lapse_requests", "schedule": 300.0},
}
