"""Only the listed files of npm packages are published."""

import pytest

from alliance.core.finders import PACKAGES, PackageFinder


@pytest.fixture
def project(settings, tmp_path):
    """A project whose node_modules holds the listed files and one that nobody listed."""
    settings.BASE_DIR = tmp_path
    for package in PACKAGES:
        folder = tmp_path / "node_modules" / package.folder
        folder.mkdir(parents=True)
        for name in (*package.files, "unlisted.js"):
            (folder / name).write_text("/* */")
    return tmp_path


def test_lists_what_pages_load_and_nothing_else(project):
    listed = {f"{storage.prefix}/{name}" for name, storage in PackageFinder().list([])}
    assert listed == {f"{p.prefix}/{name}" for p in PACKAGES for name in p.files}


def test_ignored_patterns_are_left_out(project):
    names = [name for name, _storage in PackageFinder().list(["*.map"])]
    assert "tabler.min.css" in names
    assert "tabler.min.css.map" not in names


def test_finds_a_listed_file_by_its_address(project):
    found = PackageFinder().find("vendor/tabler/css/tabler.min.css")
    assert found == str(project / "node_modules/@tabler/core/dist/css/tabler.min.css")


@pytest.mark.parametrize("path", ["vendor/echarts/unlisted.js", "js/app.js", ""])
def test_finds_nothing_else(project, path):
    assert PackageFinder().find(path) == []
    assert PackageFinder().find(path, find_all=True) == []


def test_missing_files_are_named_with_the_command_that_brings_them(project):
    (project / "node_modules/echarts/dist/echarts.min.js").unlink()
    [warning] = PackageFinder().check()
    assert warning.id == "core.W101"
    assert "vendor/echarts/echarts.min.js" in warning.msg
    assert "npm ci" in warning.hint


def test_complete_packages_pass_the_check(project):
    assert PackageFinder().check() == []
