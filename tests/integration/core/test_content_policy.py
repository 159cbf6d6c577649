"""What scripts may run: our own with a nonce; more only in the back office, which is built so."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

pytestmark = pytest.mark.django_db
POLICY = "Content-Security-Policy"


@pytest.fixture
def admin(world, browser_of):
    Authenticator.objects.create(user=world.system_admin, type="totp", data={})
    return browser_of(world.system_admin)


def test_the_back_office_may_evaluate_and_nothing_else_may(admin):
    answer = admin.get(reverse("admin:index"))
    assert (answer.status_code, "'unsafe-eval'" in answer[POLICY]) == (200, True)
    for path in (reverse("home"), reverse("api-docs"), reverse("institutions:list")):
        assert "unsafe" not in admin.get(path)[POLICY]


def test_the_page_of_the_api_runs_no_script_of_its_own_text(admin):
    page = admin.get(reverse("api-docs")).content.decode()
    scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, flags=re.DOTALL)
    assert scripts
    assert not any(text.strip() for text in scripts)
    script = admin.get(reverse("api-docs"), {"script": ""})
    assert b"SwaggerUIBundle" in script.content
