"""Fixtures every test may use: a clean cache, the cast of one alliance, signed-in browsers."""

import gc
import uuid

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as examples

from alliance.core.cache import ForgivingCache
from tests import migrated, worlds
from tests.emptying import empty_tables

# A busy machine is slow, not wrong.
examples.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("patient")


def pytest_collection_finish():
    """Do not look through what stays to the end, thousands of tests, at each search for garbage."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items):
    """What a browser or a random example reaches is to be reached by a quicker, certain test too."""
    for item in items:
        if any(item.get_closest_marker(name) for name in ("functional", "hypothesis")):
            item.add_marker(pytest.mark.no_cover)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Copy the tables from where they were made once."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.made()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Empty tables the quick way; end the sessions that would keep the database from going."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: empty_tables())
        yield
    # Killed workers and ended threads may have left some.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture(autouse=True)
def own_cache():
    """Every test has keys of its own, so that parallel tests share one server."""
    caches["default"].key_prefix = uuid.uuid4().hex
    ForgivingCache.resting.clear()


@pytest.fixture(scope="session")
def all_media(tmp_path_factory):
    """Where the folders of uploads are: `tmp_path` would make one for each test, and most need none."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def own_media(settings, all_media):
    """Uploads of a test go to a folder of its own, which the first upload makes."""
    settings.MEDIA_ROOT = all_media / uuid.uuid4().hex


@pytest.fixture(autouse=True)
def english(settings):
    """Tests compare English source strings unless they choose a language."""
    settings.LANGUAGE_CODE = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def world(db):
    """The cast of one alliance: see tests/worlds.py."""
    return worlds.alliance()


@pytest.fixture
def browser_of(client, settings):
    """Sign somebody in: `browser_of(world.doctor).get(…)` in English."""

    def sign_in(user):
        client.logout()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client

    return sign_in
