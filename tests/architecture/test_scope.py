"""Every read at a door starts in the reader's scope: out of scope does not exist."""

import ast
import importlib

import pytest
from django.apps import apps
from django.db import models
from django.urls import get_resolver
from drf_spectacular.views import SpectacularAPIView

from alliance.core.api_support import AllianceViewSet
from tests.architecture import source

# Doors and what they are made of. Selectors, policies and actions may ask the whole table: they
# answer questions about rows and hand none out to people.
DOORS = {
    "views", "api", "pages", "presenters", "tables", "tiles", "filters", "forms", "export",
    "worklists", "overview", "wishes", "admin", "context_processors", "middleware",
}  # fmt: skip
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SCOPED = {"visible_to", "branches_for", "none"}
REFERENCE = {
    "Alliance": "names of alliances, shown with every institution",
    "CalendarDay": "opening days, shown with every institution",
    "CatalogueEntry": "what a published edition says, public in the alliance",
    "Department": "the directory, public in the alliance",
    "Disease": "a national code table",
    "Institution": "the directory, public in the alliance",
    "Membership": "who belongs to which alliance, public in the alliance",
    "PolicySetting": "policy is public in the alliance",
    "Practitioner": "the directory, public in the alliance",
    "ReasonCode": "a code table of our own",
    "Relation": "who may refer to whom, public in the alliance",
    "Specialty": "a national code table",
    "Technique": "a national code table",
}
# Rows of a leg that was found in scope, read by that leg; the pages named here are handed it.
THROUGH = {
    ("alliance/core/filters_ledger.py", "get_user_model().objects.filter"): "whose lines to show",
    ("referrals/api/views.py", "ReferralDiagnosis.objects.select_related"): "prefetched by leg",
    ("referrals/overview.py", "ClockAlert.objects.filter"): "of legs in scope",
    ("referrals/views_list.py", "Referral.objects.for_list"): "shape of keys found in scope",
    ("referrals/worklists.py", "Referral.objects.filter"): "by keys found in scope, or in Exists",
    ("referrals/worklists.py", "Referral.objects.for_list"): "by keys found in scope",
    ("referrals/worklists.py", "ReferralDiagnosis.objects.filter"): "of the leg that is loaded",
    ("referrals/worklists.py", "ReferralEvent.objects.filter"): "of legs in scope",
    ("referrals/worklists.py", "ReferralEvent.objects.told"): "of a leg in scope",
}


def is_door(module):
    return any(part in DOORS or part.split("_")[0] in DOORS for part in module.parts)


def reads(module):
    """(node, `Model.objects.method`) of every read; `queryset = …` of a view stands apart."""
    of_views = {
        part
        for kind in ast.walk(module.tree)
        if isinstance(kind, ast.ClassDef)
        for node in kind.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "queryset"
        for part in ast.walk(node.value)
    }
    for node in ast.walk(module.tree):
        inner = getattr(node, "value", None)
        is_manager = isinstance(inner, ast.Attribute) and inner.attr in MANAGERS
        if is_manager and node not in of_views:
            yield node, ast.unparse(node)


def is_scoped(module, text):
    model, _objects, method = text.rsplit(".", 2)
    return method in SCOPED or model in REFERENCE or (module.path, text) in THROUGH


MODULES = [module for module in source.apps() if is_door(module)]


def test_reads_start_from_the_readers_scope():
    loose = [
        source.where(module, node)
        for module in MODULES
        for node, text in reads(module)
        if not is_scoped(module, text)
    ]
    assert loose == []


def test_no_exception_outlives_its_reason():
    used = {(module.path, text) for module in MODULES for _node, text in reads(module)}
    assert set(THROUGH) <= used
    assert set(REFERENCE) <= {model.__name__ for model in apps.get_models()}


def viewsets():
    found = {}

    def walk(patterns):
        for pattern in patterns:
            walk(getattr(pattern, "url_patterns", ()))
            kind = getattr(getattr(pattern, "callback", None), "cls", None)
            if kind is None or issubclass(kind, SpectacularAPIView):
                continue  # the document tells of code, not of rows
            if kind.__module__.split(".")[0] in source.APPS:
                found[kind.__name__] = kind

    walk(get_resolver().url_patterns)
    return found


@pytest.mark.parametrize("name", sorted(viewsets()))
def test_every_view_of_the_api_narrows_its_rows(name):
    """The base class asks `visible_to`; nothing in between may take that away."""
    view = viewsets()[name]
    assert issubclass(view, AllianceViewSet)
    model = view.queryset.model
    assert hasattr(model._default_manager.all(), "visible_to") or model.__name__ in REFERENCE
    for kind in view.__mro__[: view.__mro__.index(AllianceViewSet)]:
        if "get_queryset" in vars(kind):
            text = source_of(kind, "get_queryset")
            assert "super().get_queryset()" in text, kind.__name__
    assert view.required_scope


def source_of(kind, method):
    path = importlib.import_module(kind.__module__).__file__
    module = next(m for m in source.apps() if path.endswith(m.path))
    classes = [node for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    body = next(node.body for node in classes if node.name == kind.__name__)
    return ast.unparse(next(node for node in body if getattr(node, "name", "") == method))


# Tables that belong to somebody and have no `visible_to`, with the reason.
UNSCOPED = {
    "core.LedgerSeal": "read with its ledger entry, by the verifier only",
    "core.PolicySetting": "policy is public in the alliance; changes are checked by the action",
    "catalogue.CatalogueEntry": "part of an edition, found through it",
    "notices.Preference": "one's own, read by the person's key",
    "patients.PatientAccess": "says who may see whom; asked by visible_to itself",
    "patients.PatientMerge": "the trace of a merge, read by nobody but the ledger's readers",
    "people.FormerPassword": "hashes, read by the password rules only",
    "people.Registration": "part of a practitioner, found through it",
    "referrals.ClockAlert": "part of a leg, found through it",
    "referrals.ReferralDiagnosis": "part of a leg, found through it",
    "referrals.ReferralEvent": "part of a leg, found through it",
    "standards.AdmissionEvent": "part of an admission, found through it",
    "standards.AdmissionSuspension": "part of an admission, found through it",
}
OWNERS = {"Alliance", "Institution", "Patient", "User", "Referral", "Practitioner"}


def is_owned(model):
    if model.__module__.split(".")[0] not in source.APPS:
        return False
    fields = [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    names = {model.__name__, *(field.related_model.__name__ for field in fields)}
    return not names.isdisjoint(OWNERS)


OWNED = [model for model in apps.get_models() if is_owned(model)]


def test_rows_that_belong_to_somebody_know_who_may_see_them():
    scoped = {
        model._meta.label: hasattr(model._default_manager.all(), "visible_to") for model in OWNED
    }
    assert {name for name, is_so in scoped.items() if is_so is (name in UNSCOPED)} == set()
