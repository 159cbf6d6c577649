"""The deployment's shape, as far as it can be read without a container engine."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
APP = ["migrate", "web", "worker", "beat", "backup"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def test_everything_that_runs_is_there():
    assert {"postgres", "redis", "migrate", "web", "worker", "beat"} <= SERVICES.keys()


@pytest.mark.parametrize("name", ["postgres", "redis", "worker", "beat"])
def test_long_lived_services_are_watched(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_web_is_watched_by_its_image():
    assert "healthcheck" not in SERVICES["web"]
    assert "HEALTHCHECK" in DOCKERFILE
    assert "/health/live/" in DOCKERFILE


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_nothing_starts_before_the_tables_are_up_to_date(name):
    assert SERVICES[name]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }


def test_migrations_run_once():
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["migrate"]["command"][-2:] == ["migrate", "--no-input"]


@pytest.mark.parametrize("name", APP)
def test_our_containers_may_little(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "privileged" not in service


def test_secrets_come_from_the_environment_only():
    secret = re.compile(r"PASSWORD|SECRET|KEY|EMAIL_URL")
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if secret.search(name) or "://" in str(value):
                assert re.search(r"\$\{\w+:\?[^}]+\}", value), name


def test_every_variable_is_explained():
    used = set(re.findall(r"\$\{(\w+)", TEXT)) - {"TAG"}
    explained = set(re.findall(r"^(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert used == explained


def test_the_example_holds_no_secret():
    for line in (ROOT / ".env.example").read_text().splitlines():
        if re.match(r"\w*(PASSWORD|SECRET|KEY|EMAIL_URL)\w*=", line):
            assert line.endswith("="), line


def test_files_outlast_containers():
    assert {"postgres", "redis", "media", "backups"} == COMPOSE["volumes"].keys()
    for name in ("web", "worker"):
        assert "media:/var/lib/alliance/media" in SERVICES[name]["volumes"]
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_only_the_web_is_reachable_and_only_from_the_proxy():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"web"}
    assert SERVICES["web"]["ports"] == ["${HTTP_BIND:-127.0.0.1:8000}:8000"]


def test_workers_take_every_queue(settings):
    queues = {settings.CELERY_TASK_DEFAULT_QUEUE}
    queues |= {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    listed = next(word for word in SERVICES["worker"]["command"] if word.startswith("--queues="))
    assert set(listed.removeprefix("--queues=").split(",")) == queues
    demo = (ROOT / "Procfile.demo").read_text()
    assert set(re.search(r"--queues (\S+)", demo)[1].split(",")) == queues


def test_image_runs_as_a_user_of_its_own_and_installs_by_hash():
    assert re.search(r"^USER app$", DOCKERFILE, re.MULTILINE)
    assert "pip install --require-hashes" in DOCKERFILE
    assert "npm ci" in DOCKERFILE
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert "SECRET" not in last_stage
    assert "LOOKUP_KEY" not in last_stage


def test_image_takes_nothing_local_along():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {".git", ".run", ".venv", ".env*", "node_modules", "tests"} <= set(ignored)
