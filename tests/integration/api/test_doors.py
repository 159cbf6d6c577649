"""Who gets in, what is refused at the door, and that every refusal is a problem of one shape."""

import json
from datetime import timedelta

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from alliance.core.choices import Role
from alliance.core.models import PolicySetting
from alliance.people.models import User
from tests.factories import alliance as make

from .conftest import System

LISTS = [
    "api:institution-list",
    "api:department-list",
    "api:practitioner-list",
    "api:disease-list",
    "api:technique-list",
    "api:notice-list",
]


def _assert_problem(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]
    assert body["title"]
    return body


@pytest.mark.parametrize("route", [*LISTS, "api:patient-list"])
def test_without_a_token_nothing_opens(stranger, route):
    response = stranger.get(reverse(route))
    _assert_problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer nonsense", "bearer ", "Bearer a b", "Bearer é"])
def test_a_token_nobody_issued_is_refused(stranger, header):
    response = stranger.get(reverse("api:disease-list"), HTTP_AUTHORIZATION=header)
    _assert_problem(response, 401, "authentication_failed")


def test_the_document_refuses_strangers_with_a_problem_and_its_page_sends_them_to_sign_in(stranger):
    body = _assert_problem(stranger.get(reverse("schema")), 401, "not_authenticated")
    assert isinstance(body["detail"], str)
    page = stranger.get(reverse("api-docs"))
    assert (page.status_code, page["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_a_fault_of_ours_is_a_problem_too(township, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("alliance.catalogue.api.DiseaseViewSet.list", fail)
    township.raise_request_exception = False
    answer = township.get(reverse("api:disease-list"))
    _assert_problem(answer, 500, "server_error")


def test_an_expired_token_is_refused(township):
    township.token.expires = timezone.now() - timedelta(seconds=1)
    township.token.save()
    _assert_problem(township.get(reverse("api:disease-list")), 401, "authentication_failed")


def test_a_token_issued_for_a_person_is_no_clients_token(township, world):
    township.token.user = world.doctor
    township.token.save()
    _assert_problem(township.get(reverse("api:disease-list")), 401, "authentication_failed")


def test_a_disabled_service_account_is_refused(township):
    User.objects.filter(pk=township.account.pk).update(is_active=False, disabled_at=timezone.now())
    _assert_problem(township.get(reverse("api:disease-list")), 401, "authentication_failed")


@pytest.mark.parametrize(
    ("route", "scope"),
    [(route, "reference") for route in LISTS[:5]]
    + [("api:notice-list", "notices"), ("api:patient-list", "patients")],
)
def test_each_endpoint_asks_for_its_scope(world, route, scope):
    others = {"reference", "patients", "referrals", "notices"} - {scope}
    without = System(world.township, scopes=" ".join(sorted(others)))
    body = _assert_problem(without.get(reverse(route)), 403, "forbidden")
    assert scope in body["detail"]
    assert System(world.county, scopes=scope).get(reverse(route)).status_code in (200, 400)


def test_a_signed_in_browser_may_ask_too(browser_of, world):
    assert browser_of(world.doctor).get(reverse("api:disease-list")).status_code == 200


def test_a_browser_must_send_the_csrf_token(world):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(world.doctor, backend="django.contrib.auth.backends.ModelBackend")
    response = client.post(reverse("api:patient-list"), {}, format="json")
    _assert_problem(response, 403, "forbidden")


def test_a_manager_without_second_factor_does_not_get_round_it_here(browser_of, world):
    response = browser_of(world.manager).get(reverse("api:disease-list"))
    assert (response.status_code, response["Location"]) == (302, reverse("mfa_activate_totp"))
    with override_settings(DEMO_MODE=True):
        assert browser_of(world.manager).get(reverse("api:disease-list")).status_code == 200


def test_people_without_the_look_up_permission_see_no_rows(world, browser_of):
    nobody = make.UserFactory()
    response = browser_of(nobody).get(reverse("api:institution-list"))
    assert response.json()["results"] == []


@pytest.mark.parametrize("route", LISTS)
def test_a_parameter_that_nobody_knows_is_named(township, route):
    body = _assert_problem(township.get(reverse(route), {"serch": "x"}), 400, "invalid")
    assert list(body["errors"]) == ["serch"]


def test_a_row_refuses_unknown_parameters_too(township, world):
    path = reverse("api:institution-detail", args=[world.county.public_id])
    body = _assert_problem(township.get(path, {"search": "x"}), 400, "invalid")
    assert list(body["errors"]) == ["search"]


@pytest.mark.parametrize("route", LISTS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ordering", "sql"),
        ("page_size", "0"),
        ("page_size", "201"),
        ("page_size", "ten"),
        ("page_size", "٣"),
    ],
)
def test_bad_paging_is_named(township, route, name, value):
    body = _assert_problem(township.get(reverse(route), {name: value}), 400, "invalid")
    assert list(body["errors"]) == [name]


@pytest.mark.parametrize("route", LISTS)
def test_a_broken_cursor_is_a_clear_error(township, route):
    _assert_problem(township.get(reverse(route), {"cursor": "nonsense"}), 400, "bad_cursor")


@pytest.mark.parametrize(
    ("route", "name", "value"),
    [
        ("api:institution-list", "tier", "palace"),
        ("api:institution-list", "is_active", "maybe"),
        ("api:institution-list", "parent", "1"),
        ("api:institution-list", "may_receive_from", "x"),
        ("api:institution-list", "search", "a\0b"),
        ("api:institution-list", "search", "x" * 101),
        ("api:department-list", "institution", "me"),
        ("api:practitioner-list", "title_code", "999"),
        ("api:disease-list", "best_tier", "here"),
        ("api:disease-list", "is_common", "2"),
        ("api:technique-list", "national_level", "5"),
        ("api:technique-list", "national_level", "9" * 30),
        ("api:technique-list", "grade", "hard"),
        ("api:technique-list", "on", "21.11.2026"),
        ("api:technique-list", "on", "2026-02-30"),
        ("api:technique-list", "alliance", "ours"),
        ("api:notice-list", "kind", "gossip"),
        ("api:notice-list", "unread", "si"),
        ("api:patient-list", "id_type", "77"),
    ],
)
def test_a_filter_with_a_bad_value_is_named(township, route, name, value):
    query = {name: value} | ({"id_number": "1"} if route == "api:patient-list" else {})
    body = _assert_problem(township.get(reverse(route), query), 400, "invalid")
    assert list(body["errors"]) == [name]


@pytest.mark.parametrize(
    ("route", "lookup"),
    [
        ("api:institution-detail", "00000000-0000-4000-8000-000000000000"),
        ("api:institution-detail", "nonsense"),
        ("api:department-detail", "1"),
        ("api:practitioner-detail", "x"),
        ("api:disease-detail", "Z99.999x999"),
        ("api:technique-detail", "a%00b"),
        ("api:notice-detail", "x"),
        ("api:patient-detail", "x"),
        ("api:patient-detail", "00000000-0000-4000-8000-000000000000"),
    ],
)
def test_what_is_not_there_is_404(township, route, lookup):
    path = reverse(route, args=["LOOKUP"]).replace("LOOKUP", lookup)
    _assert_problem(township.get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["nope/", "institutions/a/b/", "institutions/0.5/"])
def test_an_address_nobody_serves_is_404_in_the_same_shape(township, path):
    _assert_problem(township.get(f"/api/v1/{path}"), 404, "not_found")


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_no_other_method_is_served(township, method):
    response = getattr(township, method)(reverse("api:institution-list"))
    _assert_problem(response, 405, "method_not_allowed")


def test_only_json_is_spoken(township):
    path = reverse("api:disease-list")
    _assert_problem(township.get(path, HTTP_ACCEPT="application/xml"), 406, "not_acceptable")
    assert township.get(path, HTTP_ACCEPT="*/*").status_code == 200
    _assert_problem(township.get(path, {"format": "xml"}), 400, "invalid")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"\xff",
        b'{"name": NaN}',
        b'{"name": ' + b"[" * 100_000,
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"sex": "\\ud800"}',
        b"null",
        b"[]",
        b'"text"',
        b"7",
    ],
)
def test_a_body_that_is_no_object_is_a_clear_error(township, body):
    response = township.generic(
        "POST", reverse("api:patient-list"), body, content_type="application/json"
    )
    assert response.status_code == 400, response.content
    assert response.json()["code"] in {"parse_error", "invalid"}


def test_other_content_types_are_refused(township):
    response = township.generic(
        "POST", reverse("api:patient-list"), b"name=x", content_type="text/plain"
    )
    _assert_problem(response, 415, "unsupported_media_type")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=100)
def test_a_body_too_large_is_not_even_read(township):
    response = township.post(reverse("api:patient-list"), {"name": "x" * 100})
    _assert_problem(response, 413, "too_large")


def test_too_fast_is_told_when_to_come_back(township, county):
    PolicySetting.objects.create(
        key="api.requests_per_minute", value=2, effective_from=make.LONG_AGO, source="test"
    )
    answers = [township.get(reverse("api:disease-list")) for _ in range(3)]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    _assert_problem(answers[2], 429, "throttled")
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    assert county.get(reverse("api:disease-list")).status_code == 200


def test_the_callers_language_is_answered(township):
    path = reverse("api:disease-detail", args=["nope"])
    assert "没有" not in township.get(path).json()["detail"]
    answer = township.get(path, HTTP_ACCEPT_LANGUAGE="zh-hans").json()
    assert answer["title"] == "Not Found"


def test_answers_carry_the_request_id(township):
    response = township.get(reverse("api:disease-list"), HTTP_X_REQUEST_ID="his-00000001")
    assert response["X-Request-ID"] == "his-00000001"


def test_role_decides_not_the_token(world):
    keeper = System(world.township, role=Role.EQUIPMENT_KEEPER)
    answer = keeper.post(
        reverse("api:patient-list"),
        {
            "name": "张三",
            "sex": "male",
            "birth_date": "1980-01-01",
            "id_number": "110105194912310025",
        },
    )
    _assert_problem(answer, 403, "forbidden")
    assert json.loads(answer.content)["detail"]
