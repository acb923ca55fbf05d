"""Promises of the project's own files: commands, documents, packages, image, size and names of the code."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from packaging.requirements import Requirement

from app.cli import app as cli
from app.settings import Settings

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PYTHON_FILES = sorted(
    path for folder in ("app", "bench", "scripts", "tests") for path in (ROOT / folder).rglob("*.py")
)
# Spelled apart, so that this file does not name them itself.
REGISTRY_HOSTS = [".".join(parts) for parts in (
    ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("npmmirror", "com"),
)]  # fmt: skip
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("not a git clone")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def targets() -> set[str]:
    return set(re.findall(r"^([a-z][a-z-]*):(?!=)", MAKEFILE, re.MULTILINE))


# --- commands and documents


def test_every_command_of_the_makefile_is_in_its_help() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert set(re.findall(r"make ([a-z-]+)", shown)) >= targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_make_command_in_the_documents_exists(document: Path) -> None:
    assert set(re.findall(r"(?:^|`|-- |&& )make ([a-z][a-z-]*)", code_in(document), re.M)) <= targets()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_tiendo_command_in_the_documents_exists(document: Path) -> None:
    named = re.findall(r"\btiendo ([a-z]+)(?: ([a-z]+))?", code_in(document))

    assert [words for words in named if not is_command(*words)] == []


def code_in(document: Path) -> str:
    """Everything between backticks, one piece a line."""
    return "\n".join(re.findall(r"^```.*?^```|`[^`\n]+`", document.read_text("utf-8"), re.M | re.S))


def is_command(name: str, below: str) -> bool:
    found: Any = typer.main.get_command(cli).commands.get(name)  # type: ignore[attr-defined]
    return found is not None and (not hasattr(found, "commands") or below in {"", *found.commands})


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", document.read_text("utf-8"))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]

    assert [link for link in local if not (document.parent / link).exists()] == []


def test_every_setting_is_in_the_operations_guide() -> None:
    guide = (ROOT / "docs/van-hanh.md").read_text("utf-8")
    named = set(re.findall(r"TIENDO_[A-Z_]+", guide))
    real = {f"TIENDO_{name.upper()}" for name in Settings.model_fields}
    # These two belong to compose.yaml and .ci/run, not to the program.
    beside = {"TIENDO_DB_PASSWORD", "TIENDO_PORT"}

    assert real <= named
    assert named <= real | beside


def test_changelog_has_a_place_for_the_next_line() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


# --- packages


def test_locks_name_every_dependency_with_hashes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = project["project"]["dependencies"]
    groups = {"base": wanted, "dev": wanted + project["dependency-groups"]["dev"]}

    for lock, requirements in groups.items():
        locked = locked_versions(ROOT / f"requirements/{lock}.lock")
        for requirement in map(Requirement, requirements):
            assert requirement.specifier.contains(locked[requirement.name.lower()]), f"{lock}: {requirement}"


def locked_versions(lock: Path) -> dict[str, str]:
    text = lock.read_text("utf-8")
    pinned = re.findall(r"^([A-Za-z0-9][^=\[\s]*)\S*==(\S+)", text, re.MULTILINE)
    hashed = re.findall(r"^[A-Za-z0-9]\S*==.*\\\n    --hash=", text, re.MULTILINE)
    assert len(hashed) == len(pinned), f"{lock.name} has a line without a hash"
    return dict(pinned)


def test_browser_packages_have_exact_versions_and_permitted_licences() -> None:
    wanted = json.loads((ROOT / "package.json").read_text("utf-8"))
    locked = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    versions = wanted["dependencies"] | wanted.get("devDependencies", {})
    licences = {name: package["license"] for name, package in locked.items()}

    assert [version for version in versions.values() if not version[0].isdigit()] == []
    assert set(licences.values()) <= {
        "0BSD",
        "BSD-0-Clause",
        "Apache-2.0",
        "BSD-3-Clause",
        "ISC",
        "MIT",
        "MPL-2.0",
    }


def test_no_tracked_file_names_a_package_registry() -> None:
    found = [
        f"{name_of(path)}: {host}"
        for path in tracked_files()
        for host in REGISTRY_HOSTS
        if host.encode() in path.read_bytes()
    ]

    assert found == []


def test_nothing_made_by_set_up_is_tracked() -> None:
    made = (".venv/", ".tools/", "node_modules/", "data/", "app/static/vendor/", "dist/")

    assert [name_of(path) for path in tracked_files() if name_of(path).startswith(made)] == []


# --- the image


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", " ", (ROOT / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(words[0], words[1]) for line in lines if (words := line.split(None, 1))]


def test_image_runs_as_an_ordinary_user_and_reports_its_health() -> None:
    last_stage = instructions()[max(i for i, (word, _) in enumerate(instructions()) if word == "FROM") :]
    written = dict(last_stage)

    assert written["USER"] not in {"root", "0"}
    assert "/healthz" in written["HEALTHCHECK"]
    assert written["ENTRYPOINT"] == '["tiendo"]'


def test_images_are_pinned_to_a_version() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    images = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    images += [service["image"] for service in compose["services"].values()]

    assert [image for image in images if not re.search(r":v?\d", image)] == []


def test_image_copies_only_what_exists_and_is_sent_to_the_builder() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    copied = [
        source.rstrip("/")
        for word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for source in rest.split()[:-1]
    ]

    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert [source for source in copied if f"!{source}" not in ignored] == []


def test_image_brings_the_client_of_the_database_that_compose_runs() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
    server = re.fullmatch(r"postgres:(\d+)-\w+", compose["services"]["database"]["image"])
    client = re.search(r"postgresql-client-(\d+)", " ".join(rest for _, rest in instructions()))

    assert server is not None
    assert client is not None
    assert server[1] == client[1]


def test_compose_waits_for_a_healthy_database_and_a_finished_migration() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]

    assert "pg_isready" in services["database"]["healthcheck"]["test"][1]
    assert services["migrate"]["depends_on"]["database"]["condition"] == "service_healthy"
    assert services["web"]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert services["web"]["ports"] == ["127.0.0.1:${TIENDO_PORT:-8000}:8000"]


# --- the code


def test_no_file_of_the_application_is_longer_than_400_lines() -> None:
    paths = (ROOT / "app").rglob("*.py")
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in paths}

    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_function_of_the_application_is_longer_than_40_lines() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in sorted((ROOT / "app").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, FUNCTIONS) and own_lines(node) > 40
    ]

    assert long == []


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body. A function of named functions is a list: each of those is measured by itself."""
    inner = sum(lines(node) for node in function.body if isinstance(node, FUNCTIONS))
    return sum(lines(node) for node in function.body) - inner


def lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name_of(path) for path in PYTHON_FILES if path.stem in VAGUE_NAMES] == []


def test_no_file_of_ours_is_left_unfinished() -> None:
    found = [
        name_of(path)
        for path in [*PYTHON_FILES, *DOCUMENTS, ROOT / "Makefile"]
        if UNFINISHED.search(path.read_text("utf-8"))
    ]

    assert found == []
