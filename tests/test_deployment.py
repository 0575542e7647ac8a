"""The files for Docker, held to the code: every command, setting, port, version and secret they name."""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from config.loading import PREFIX, load_settings
from monitor.cli.main import COMMANDS, run

ROOT = Path(__file__).parents[1]
COMPOSE: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: Mapping[str, Mapping[str, Any]] = COMPOSE["services"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("piracy-monitor:")}
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / "deploy/environment.example").read_text().splitlines()
    if re.match(r"\w+=", line)
)
CHOICE = re.compile(r"\$\{(\w+):-([^}]*)\}")


def test_every_role_runs_and_by_a_command_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert {service["command"][0] for service in OURS.values() if "command" in service} == {
        "init", "console", "scheduler", "projector", "dispatcher",
    }  # fmt: skip
    for service in OURS.values():
        if "command" in service:
            name, *arguments = service["command"]
            assert name in COMMANDS
            assert run([name, "--help"]) == 0
            said = capsys.readouterr().out
            assert all(option in said for option in arguments if option.startswith("--"))


def chosen(value: str, choices: Mapping[str, str]) -> str:
    return CHOICE.sub(lambda found: choices.get(found[1], found[2]), value)


@pytest.mark.parametrize("choices", [{}, EXAMPLE], ids=["defaults", "example"])
def test_the_variables_are_settings_that_are_accepted(choices: Mapping[str, str]) -> None:
    for service in OURS.values():
        variables = {name: chosen(str(value), choices) for name, value in service["environment"].items()}
        assert all(name.startswith(PREFIX) for name in variables)
        settings = load_settings(None, variables)
        assert settings.search.engine == "elasticsearch"
        assert settings.database.url.startswith("postgresql+psycopg://")


def test_what_may_be_chosen_is_in_the_example() -> None:
    asked = {found[1] for found in CHOICE.finditer((ROOT / "docker-compose.yml").read_text())}
    assert asked == set(EXAMPLE)


def test_the_console_listens_where_it_is_published_and_asked_for_its_health() -> None:
    console = SERVICES["console"]
    port = str(load_settings(None, {}).console.port)
    assert console["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert console["command"][-1] == port
    assert f"127.0.0.1:{port}/healthz" in console["healthcheck"]["test"][-1]
    assert '"/healthz"' in (ROOT / "console/health.py").read_text()


def test_images_are_pinned_to_what_is_tested() -> None:
    images = {service["image"] for service in SERVICES.values()}
    assert all(re.fullmatch(r"[a-z./-]+:\d+\.\d+(\.\d+)?(-[a-z]+)?", image) for image in images)
    assert {image for image in images if image.startswith("piracy-monitor:")} == {
        f"piracy-monitor:{PROJECT['version']}"
    }
    tested = re.findall(r"<version>([\d.]+)</version>", (ROOT / "tests/support/elastic/pom.xml").read_text())[-1]
    assert {image.split(":")[1] for image in images if "/elasticsearch:" in image} == {tested}
    assert len(set(re.findall(r"^FROM (python:3\.11\.\d+-slim-\w+)", DOCKERFILE, re.M))) == 1


def secrets_of(service: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each secret of a service and where it is found there."""
    for secret in service.get("secrets", ()):
        if isinstance(secret, str):
            yield secret, f"/run/secrets/{secret}"
        else:
            yield secret["source"], secret["target"]


def test_secrets_come_from_files_that_the_script_makes(tmp_path: Path) -> None:
    shutil.copy(ROOT / "deploy/make-secrets", tmp_path)
    subprocess.run([tmp_path / "make-secrets"], check=True)
    made = {file.name: file.read_bytes() for file in (tmp_path / "secrets").iterdir()}
    assert {f"deploy/secrets/{name}" for name in made} == {secret["file"] for secret in COMPOSE["secrets"].values()}
    subprocess.run([tmp_path / "make-secrets"], check=True)
    assert {file.name: file.read_bytes() for file in (tmp_path / "secrets").iterdir()} == made
    check = ["openssl", "verify", "-CAfile", "search_authority.pem", "-verify_hostname", "elasticsearch-2"]
    subprocess.run([*check, "search_certificate.pem"], cwd=tmp_path / "secrets", check=True)


def test_every_secret_that_is_read_is_given() -> None:
    for service in SERVICES.values():
        given = dict(secrets_of(service))
        assert given.keys() <= COMPOSE["secrets"].keys()
        named = set(re.findall(r"/run/secrets/\w+", str([service.get(k) for k in ("environment", "entrypoint")])))
        assert named <= set(given.values())
    script = (ROOT / "deploy/make-search-user").read_text()
    asked = set(re.findall(r"\$\(secret (\w+)\)|/run/secrets/(\w+)", script))
    assert {one or other for one, other in asked} == set(dict(secrets_of(SERVICES["search-user"])))


def test_the_search_user_has_what_the_manual_says_and_no_more() -> None:
    script = (ROOT / "deploy/make-search-user").read_text()
    manual = (ROOT / "docs/operations.md").read_text()
    section = manual[manual.index("## Elasticsearch") : manual.index("## Health")]
    granted = [re.findall(r'"(\w+)"', found) for found in re.findall(r'"(?:cluster|privileges)": \[([^]]*)\]', script)]
    assert len(granted) == 2
    assert all(f"`{privilege}`" in section for privileges in granted for privilege in privileges)
    assert f'"{load_settings(None, {}).search.prefix}-*"' in script
    assert SERVICES["init"]["environment"]["PIRACY_MONITOR_SEARCH__USER"] in script


def test_services_wait_for_what_exists_and_volumes_are_declared() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", {})) <= SERVICES.keys()
        volumes = [volume.split(":")[0] for volume in service.get("volumes", ())]
        assert {volume for volume in volumes if not volume.startswith(".")} <= COMPOSE["volumes"].keys()
        assert all((ROOT / volume).exists() for volume in volumes if volume.startswith("./deploy"))


def test_nothing_of_ours_runs_as_root_or_can_write_outside_its_volume() -> None:
    assert re.search(r"^USER (?!root|0)", DOCKERFILE, re.M)
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "data:/data" in service["volumes"]
    assert "PIRACY_MONITOR_DATA=/data" in DOCKERFILE


def test_the_image_holds_all_packages_and_the_versions_of_the_lock() -> None:
    kept = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {
        *wheel["packages"],
        "requirements-runtime.lock",
        "pyproject.toml",
        "README.md",
        *PROJECT["license-files"],
    } <= kept
    assert all((ROOT / name).exists() for name in kept)
    runtime, whole = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.M))
        for name in ("requirements-runtime.lock", "requirements.lock")
    )
    assert runtime.items() <= whole.items()
    wanted = {re.split(r"[\[<>=; ]", name)[0].lower() for name in PROJECT["dependencies"]}
    assert {name.replace(".", "-") for name in wanted} <= {name.replace(".", "-") for name in runtime}
    assert f"hatchling=={whole['hatchling']}" in DOCKERFILE
