"""The deployment's shape, as far as it can be read without a container engine."""

import base64
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
APP = ["migrate", "web", "worker", "beat", "backup", "restore"]
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


def test_what_is_backed_up_can_be_put_back():
    backup, restore = SERVICES["backup"], SERVICES["restore"]
    assert backup["volumes"] == ["media:/var/lib/alliance/media:ro", "backups:/backups"]
    assert restore["volumes"] == ["media:/var/lib/alliance/media", "backups:/backups"]
    assert restore["entrypoint"] == ["python", "manage.py", "restore"]
    assert restore["environment"] == backup["environment"] | {"TMPDIR": "/backups"}
    assert {tuple(SERVICES[name]["profiles"]) for name in ("backup", "restore")} == {("tools",)}


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


def gunicorn(text):
    """The words with which a text starts gunicorn."""
    return re.findall(r"--?[a-z-]+(?:[= ][^\s\",]+)?", text[text.index("alliance.config.wsgi") :])


def test_one_file_tells_gunicorn_how_to_serve():
    image = gunicorn(DOCKERFILE[DOCKERFILE.index("CMD [") : DOCKERFILE.index("HEALTHCHECK")])
    demo = gunicorn((ROOT / "Procfile.demo").read_text().splitlines()[0])
    assert image == ["--config=alliance/config/gunicorn.py", "--bind=0.0.0.0:8000"]
    config = "--config alliance/config/gunicorn.py"
    assert demo == [config, "--bind 127.0.0.1:$DEMO_PORT", "--workers 2", "--preload"]
    assert (ROOT / "alliance" / "config" / "gunicorn.py").is_file()


def test_what_runs_may_come_to_its_end():
    """Docker kills after ten seconds unless told otherwise, in the middle of an export."""
    text = (ROOT / "alliance" / "config" / "gunicorn.py").read_text()
    patience = int(re.search(r"^graceful_timeout = (\d+)$", text, re.MULTILINE)[1])
    for name in ("web", "worker", "postgres"):
        minutes = int(SERVICES[name]["stop_grace_period"].removesuffix("m"))
        assert minutes * 60 > patience


def test_the_databases_own_log_repeats_no_row():
    """A failed statement would otherwise appear there with everything that stood in it."""
    command = SERVICES["postgres"]["command"]
    assert {"log_error_verbosity=terse", "log_min_error_statement=panic"} <= set(command)


def test_the_deployment_has_nothing_to_be_warned_of():
    settings = "--settings=alliance.config.settings.production"
    # Browser tests in the same process let Django's own guard be, which production must not.
    ours = {name: word for name, word in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}
    env = ours | {
        "ALLOWED_HOSTS": "alliance.example.org",
        "SITE_URL": "https://alliance.example.org",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "LOOKUP_KEY": secrets.token_urlsafe(32),
        "FIELD_ENCRYPTION_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level=INFO", settings]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    ), done.stderr


@pytest.mark.parametrize("missing", ["SECRET_KEY", "LOOKUP_KEY", "FIELD_ENCRYPTION_KEYS"])
def test_the_deployment_does_not_start_without_its_secrets(missing):
    env = {name: value for name, value in os.environ.items() if name != missing}
    command = [sys.executable, "-c", "import alliance.config.settings.production"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True)
    assert f"Environment variable {missing} is not set." in done.stderr
