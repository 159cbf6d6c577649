"""What `./dev test` asks the system for before it starts."""

import pytest

from tools import packages

SHELL = "chromium-headless-shell"


@pytest.fixture
def asked(monkeypatch):
    """What would be installed, with these programs there and these packages to be had."""

    def ask(*there, lists=(SHELL,)):
        steps = []
        known = {name: f"/usr/bin/{name}" for name in (*there, "apt-get")}
        monkeypatch.setattr(packages.shutil, "which", known.get)
        monkeypatch.setattr(packages.os, "geteuid", lambda: 0)
        monkeypatch.setattr(packages, "_packaged", lambda name: name in lists)
        monkeypatch.setattr(packages.Path, "rglob", lambda *args: iter(["NotoSansCJK.ttc"]))
        monkeypatch.setattr(packages, "step", lambda *parts, **options: steps.append(parts))
        packages.test_tools()
        return [name for parts in steps if "install" in parts for name in parts[5:]]

    return ask


def test_nothing_is_asked_for_where_all_is_there(asked):
    assert asked("msgmerge", SHELL) == []


def test_the_browser_without_windows_is_preferred(asked):
    assert asked("msgmerge") == [SHELL]
    assert asked("msgmerge", "chromium") == [SHELL]


def test_a_whole_browser_will_do_where_there_is_no_other(asked):
    assert asked(lists=()) == ["gettext", "chromium"]
    assert asked("msgmerge", "chromium", lists=()) == []
