"""The documented machine is the machine that runs."""

from django.conf import settings

from referrals.diagram import markdown


def test_state_docs_are_current():
    path = settings.BASE_DIR / "docs" / "states" / "referral.md"
    assert path.read_text(encoding="utf-8") == markdown(), "run ./dev manage state_docs"
