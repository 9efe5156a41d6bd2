"""docker-compose.yml is not run here, so what it names is looked up: commands, modules, settings, secrets, files."""

import os
import re
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.utils.module_loading import import_string

from contactcenter.celery import app as celery_app
from contactcenter.urls import websocket_urlpatterns

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict] = COMPOSE["services"]
OURS = {
    name: service for name, service in SERVICES.items() if str(service.get("image", "")).startswith("contactcenter:")
}
SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "PUBLIC_HOST")


def test_the_production_shape_is_complete():
    assert SERVICES.keys() >= {
        "caddy", "migrate", "web", "sockets", "worker-live", "worker-mail", "worker-bulk", "beat", "relay", "mail",
        "postgres", "redis",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_command_exists(name):
    command = OURS[name]["command"]
    if command[:2] == ["python", "manage.py"]:
        assert command[2] in get_commands()
        return
    assert command[:2] == ["python", "-m"]
    assert find_spec(command[2]) is not None
    if command[2] == "celery":
        assert command[4] == celery_app.main
    else:
        module, attribute = command[-1].split(":")
        assert callable(import_string(f"{module}.{attribute}"))


def read_names() -> set[str]:
    """The environment variables the program reads."""
    sources = [*(ROOT / "contactcenter").glob("*.py"), *ROOT.glob("*/management/commands/*.py")]
    found = r"""(?:read\(|environ\.get\(|environ\[)\s*["']([A-Z_]+)["']"""
    return {name for source in sources for name in re.findall(found, source.read_text())}


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_setting_given_is_one_that_the_program_reads(name):
    assert set(OURS[name].get("environment", {})) - read_names() == set()


def test_workers_serve_every_queue_that_the_program_uses():
    served = {OURS[name]["command"][OURS[name]["command"].index("--queues") + 1] for name in OURS if "worker" in name}
    assert served == {"live", "mail", "bulk"}


def test_secrets_are_required_and_none_stands_in_the_file():
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in SECRETS:
        assert f"${{{secret}:?" in text
    assert re.findall(r"^ +\w*(?:PASSWORD|SECRET_KEY|TOKEN|AUTH): (?!\$).*", text, re.MULTILINE) == []


def test_everything_long_lived_restarts_and_is_watched():
    long_lived = SERVICES.keys() - {"migrate"}
    assert {name for name in long_lived if SERVICES[name].get("restart") != "unless-stopped"} == set()
    # beat and relay have no port to ask; their ends restart them, and the sweeper's figures show a silent relay
    assert {name for name in long_lived if "healthcheck" not in SERVICES[name]} == {"beat", "relay"}


@pytest.mark.parametrize("name", sorted(OURS))
def test_nothing_of_ours_runs_as_root_or_with_powers(name):
    assert OURS[name]["cap_drop"] == ["ALL"]
    assert OURS[name]["read_only"] is True
    assert re.search(r"^USER (?!root)\w+", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_every_image_has_a_pinned_version():
    images = [service["image"] for name, service in SERVICES.items() if name not in OURS]
    assert [image for image in images if ":" not in image or image.endswith(":latest")] == []


def test_the_files_that_are_named_exist():
    mounted = [volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])]
    assert [path for path in mounted if path.startswith("./") and not (ROOT / path).exists()] == []
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert [path for line in copied for path in line.split() if not (ROOT / path).exists()] == []


def test_caddy_sends_sockets_and_pages_where_compose_serves_them():
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text()
    for service, port in re.findall(r"reverse_proxy (\w+):(\d+)", caddyfile):
        command = SERVICES[service]["command"]
        assert command[command.index("--port") + 1] == port


def test_caddy_sends_every_socket_of_the_program_to_the_socket_process():
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text()
    prefix = re.search(r"handle /(\w+/)\* {\s+reverse_proxy sockets:", caddyfile)
    assert prefix is not None
    assert websocket_urlpatterns
    assert [route for route in websocket_urlpatterns if not str(route.pattern).startswith(prefix.group(1))] == []


def test_docker_itself_accepts_the_file():
    if shutil.which("docker") is None:
        pytest.skip("there is no docker client on this machine")
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("the docker client on this machine has no compose plugin")
    environment = {**os.environ, **dict.fromkeys(SECRETS, "given")}
    done = subprocess.run(
        ["docker", "compose", "config", "--quiet"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
