"""What pages weigh on the wire, compressed and cached as in production; sizes, never times."""

import pytest
from django.conf import settings as loaded
from django.core.management import call_command
from django.db import connections
from django.test.testcases import LiveServerThread

from tests import worlds

pytestmark = pytest.mark.functional
FIRST_VISIT, LATER_PAGE = 250_000, 50_000
# What packages bring for their own pages, and charts that no page has yet.
NOT_FOR_PAGES = ["admin", "unfold", "drf_spectacular_sidecar", "rest_framework", "echarts*"]
PASSWORD = "Qingshan-2026-lwy"


@pytest.fixture
def site(transactional_db, settings, tmp_path):
    """A server with static files collected, named by content, compressed, and kept by browsers."""
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STORAGES = {
        **loaded.STORAGES,
        "staticfiles": {"BACKEND": "alliance.core.storage.StaticStorage"},
    }
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=NOT_FOR_PAGES)
    # WhiteNoise answers for static files, as it does under gunicorn.
    server = LiveServerThread("localhost", lambda application: application)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    assert server.error is None
    yield f"http://localhost:{server.port}"
    server.terminate()
    connections.close_all()


class Scale:
    """Weighs what a page brings, headers included; what the browser kept weighs nothing."""

    def __init__(self, page):
        self.page, self.arrived = page, []
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._note)

    def _note(self, event):
        self.arrived.append(event["encodedDataLength"])

    def weigh(self, path):
        """Everything that opening a page brought."""
        self.arrived.clear()
        answer = self.page.goto(path, wait_until="networkidle")
        assert answer.status == 200, path
        return sum(self.arrived)

    def sign_in(self, person):
        """Everything that the home behind the sign-in page brought."""
        self.arrived.clear()
        self.page.fill("#id_login", person.username)
        self.page.fill("#id_password", PASSWORD)
        self.page.press("#id_password", "Enter")
        self.page.locator(".nav").wait_for()
        self.page.wait_for_load_state("networkidle")
        return sum(self.arrived)


def test_pages_fit_a_narrow_line(world, site, open_page, enter):
    world.doctor.set_password(PASSWORD)
    world.doctor.save()
    legs = [worlds.pending_referral(world, patient=worlds.patient(world, n)) for n in range(1, 25)]
    scale = Scale(open_page(base_url=site, locale="zh-CN"))
    assert scale.weigh("/accounts/login/") + scale.sign_in(world.doctor) <= FIRST_VISIT

    one = legs[0].get_absolute_url()
    office = "/institutions/office/"
    rounds = {
        "doctor": ["/referrals/", "/referrals/new/", one, f"{one}print/", "/patients/"],
        "liaison": ["/", "/referrals/inbox/", "/notices/", one],
        "manager": ["/", "/people/users/", "/people/practitioners/", "/imports/"],
        "office": ["/", office, f"{office}members/", f"{office}matrix/", f"{office}policy/"],
        "auditor": ["/", "/ledger/", "/people/profile/", "/institutions/"],
    }
    weights = {}
    for name, paths in rounds.items():
        # The same browser goes on: what the first visit brought is kept.
        enter(scale.page, getattr(world, name), "zh-hans")
        weights |= {(name, path): scale.weigh(path) for path in paths}
    assert {page: weight for page, weight in weights.items() if weight > LATER_PAGE} == {}
