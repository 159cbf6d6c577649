"""What the project stands on: each dependency explained, pinned by hash, from no named registry."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = (ROOT / "pyproject.toml").read_text()
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def required(entry):
    return re.match(r"[A-Za-z0-9-]+", entry)[0].lower()


def pinned(lock):
    return set(re.findall(r"^([a-z0-9.-]+)==", lock.read_text(), re.MULTILINE))


def test_every_dependency_says_what_for():
    lines = PROJECT[: PROJECT.index("[tool.uv]")].splitlines()
    before = dict(zip(lines[1:], lines, strict=False))
    for line in lines:
        if re.match(r'  "[A-Za-z]', line):
            block = line
            while block.lstrip().startswith('"'):
                block = before[block]
            assert block.lstrip().startswith("#"), line


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_name_hashes_and_no_registry(lock):
    text = lock.read_text()
    for block in re.split(r"\n(?=[a-z])", text)[1:]:
        assert re.match(r"[a-z0-9.-]+==\S+", block), block
        assert "--hash=sha256:" in block
    assert not re.search(r"https?://|file:|--index-url|--find-links", text)


def test_locks_cover_what_is_asked_for():
    project = tomllib.loads(PROJECT)
    runtime = {required(entry) for entry in project["project"]["dependencies"]}
    groups = project["dependency-groups"]
    demo = {required(entry) for entry in groups["demo"]}
    dev = {required(entry) for entry in groups["dev"] if isinstance(entry, str)}
    assert runtime <= pinned(ROOT / "requirements/runtime.txt")
    assert runtime | demo <= pinned(ROOT / "requirements/demo.txt")
    assert runtime | demo | dev <= pinned(ROOT / "requirements/dev.txt")


def test_locks_agree_with_each_other():
    versions = {}
    for lock in LOCKS:
        for name, version in re.findall(r"^([a-z0-9.-]+)==(\S+)", lock.read_text(), re.MULTILINE):
            versions.setdefault(name, {}).setdefault(lock.name, set()).add(version)
    for name, by_lock in versions.items():
        assert len(set(map(frozenset, by_lock.values()))) == 1, (name, by_lock)


def test_front_end_packages_are_exact_and_checked():
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-")
            assert "resolved" not in package
