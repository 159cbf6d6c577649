"""The API's document: in the caller's language and form, and made once."""

import json

from django.conf import settings
from django.urls import reverse

from alliance.core import views_schema

COMMITTED = settings.BASE_DIR / "docs" / "openapi.yaml"


def test_the_document_is_the_committed_one(township):
    answer = township.get(reverse("schema"))
    assert answer.content.decode() == COMMITTED.read_text()
    assert answer["Content-Type"].startswith("application/vnd.oai.openapi")
    assert answer["Content-Disposition"].endswith("API.yaml")


def test_the_document_comes_in_json_and_in_chinese(township):
    english = json.loads(township.get(reverse("schema"), {"format": "json"}).content)
    chinese = json.loads(
        township.get(reverse("schema"), {"format": "json", "lang": "zh-hans"}).content
    )
    assert english["paths"].keys() == chinese["paths"].keys()
    assert english != chinese


def test_an_unknown_language_is_the_callers_own(township):
    known = township.get(reverse("schema")).content
    assert township.get(reverse("schema"), {"lang": "x"}).content == known


def test_the_document_is_made_once(township, monkeypatch):
    township.get(reverse("schema"))
    monkeypatch.setattr(views_schema.SpectacularAPIView, "generator_class", None)
    assert township.get(reverse("schema")).status_code == 200
