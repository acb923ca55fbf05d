"""The documents are held to the code: words, paths, codes, and examples that run."""

import re
import shlex
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CheckConstraint
from sqlmodel import SQLModel

from app.api.surface import describe
from app.cli import app as cli
from app.database import Database
from app.jobs.reading import read_document
from app.main import create_app
from app.models import ApiToken
from app.permissions import SYSTEM, Actor, Role
from app.services.document_reading import list_waiting
from app.services.signing_in import hash_secret
from app.settings import Settings
from app.web.labels import LABELS
from app.work import open_work
from tests.documents.papers import as_docx
from tests.factories import add_assignment, add_period, add_plan, add_task
from tests.plans import PLAN

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
API = (ROOT / "docs/api.md").read_text("utf-8")
GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
# Codes of the shell, of the sign-in page and of links; no answer of the API carries them.
NOT_IN_JSON = {"error", "demo_incomplete", "wrong_credentials", "link_gone"}
# A label says what a column holds; several columns share one list.
COLUMN_OF_LABELS = {
    "assignment": "assignment.state",
    "submission": "submission.state",
    "document": "document.state",
    "file_format": "document_file.format",
    "plan": "plan.state",
    "amendment": "amendment_decision.outcome",
    "candidate": "candidate.state",
    "candidate_kind": "candidate.kind",
    "period": "period.state",
    "account": "account.state",
    "role": "membership.role",
    "responsibility": "responsibility.role",
    "mode": "responsibility.mode",
    "completion": "responsibility.completion",
    "task_kind": "task.kind",
    "cycle": "task.cycle",
    "period_cycle": "period.cycle",
    "extension": "extension.state",
    "question": "question.state",
    "question_kind": "question.kind",
    "question_answer": "question.answer",
    "urging": "urging.kind",
    "urging_channel": "urging.channel",
    "notice": "notice.kind",
    "mail_kind": "mail.kind",
    "mail": "mail.state",
    "unit_change": "unit_change.kind",
    "unit_kind": "unit.kind",
    "locality_kind": "locality.kind",
    "measure": "indicator.measure",
    "comparator": "target.comparator",
    "direction": "indicator.direction",
    "value_basis": "indicator.value_basis",
    "over_units": "indicator.over_units",
    "over_periods": "indicator.over_periods",
}


# --- commands


def test_every_command_of_the_shell_is_in_the_documents() -> None:
    import typer

    said = " ".join(path.read_text("utf-8") for path in DOCUMENTS)
    commands: Any = typer.main.get_command(cli).commands  # type: ignore[attr-defined]
    names = [
        f"tiendo {name} {below}".strip()
        for name, command in commands.items()
        for below in getattr(command, "commands", {"": None})
    ]

    assert [name for name in names if name not in said] == []


# --- words


def codes_by_column() -> dict[str, set[str]]:
    """What each column of closed values takes, out of the CHECKs of the tables."""
    found: dict[str, set[str]] = {}
    for table in SQLModel.metadata.tables.values():
        for check in table.constraints:
            if isinstance(check, CheckConstraint):
                for column, listed in re.findall(r"(?<!NOT )\b(\w+) IN \(([^)]*)\)", str(check.sqltext)):
                    if column in table.columns:
                        codes = set(re.findall(r"'(\w+)'", listed))
                        found.setdefault(f"{table.name}.{column}", set()).update(codes)
    return found


def glossary_words() -> dict[str, dict[str, str]]:
    """Of each section that is about columns: code → Vietnamese word, under each of its columns."""
    found: dict[str, dict[str, str]] = {}
    for section in re.split(r"^## ", GLOSSARY, flags=re.M)[1:]:
        heading, _, body = section.partition("\n")
        for column in re.findall(r"`(\w+\.\w+)`", heading):
            rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \|", body, re.M)
            found.setdefault(column, {}).update({code: word for word, code in rows})
    return found


def test_the_glossary_has_every_closed_value_of_the_tables_and_no_other() -> None:
    said = {column: set(words) for column, words in glossary_words().items()}
    # Two kinds of decision share one section: what the glossary says of them is the union.
    real = codes_by_column()
    together = real.pop("report_decision.kind") | real.pop("submission_decision.kind")

    assert said.pop("report_decision.kind") == said.pop("submission_decision.kind") == together
    assert said == real


def test_the_glossary_says_what_the_screens_say() -> None:
    said = glossary_words()

    assert {kind: said[column] for kind, column in COLUMN_OF_LABELS.items()} == {
        kind: LABELS[kind] for kind in COLUMN_OF_LABELS
    }


def test_every_role_of_a_person_is_in_the_glossary() -> None:
    assert set(glossary_words()["membership.role"]) == {role.value for role in Role}


def test_every_table_is_in_the_glossary() -> None:
    assert [name for name in SQLModel.metadata.tables if f"| `{name}` |" not in GLOSSARY] == []


# --- the API


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """(method, path) of every operation of the description, parameters as {}."""
    service = create_app(Settings(data_dir=tmp_path_factory.mktemp("data")))
    mounted: Any = next(route for route in service.routes if getattr(route, "path", "") == "/api/v1")
    paths = describe(mounted.app)["paths"]
    service.state.house.database.dispose()
    return {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, of_path in paths.items()
        for method in of_path
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_of_the_api_in_the_documents_is_in_the_description(
    document: Path, operations: set[tuple[str, str]]
) -> None:
    real = {path for _, path in operations}
    named = re.findall(r"/api/v1((?:/[\w{}<>…-]+)+)", document.read_text("utf-8"))

    assert [path for path in named if as_described(path) not in real] == []


def as_described(path: str) -> str:
    """An example's path with its ids taken out: /tasks/01a2… and /tasks/ID are /tasks/{}."""
    return re.sub(r"/(\{\w+\}|<\w+>|[0-9a-f-]*\d[0-9a-f-]*…?|[A-Z]+)(?=/|$)", "/{}", path)


def test_every_thing_of_the_api_is_on_its_page(operations: set[tuple[str, str]]) -> None:
    things = {path.split("/")[1] for _, path in operations}

    assert [thing for thing in sorted(things) if f"/api/v1/{thing}" not in API] == []


def test_every_step_of_the_api_is_on_its_page(operations: set[tuple[str, str]]) -> None:
    steps = {path.rsplit("/", 1)[1] for method, path in operations if method == "POST" and "{}/" in path}

    assert [step for step in sorted(steps) if f"/{step}`" not in API] == []


def test_every_code_of_a_problem_is_on_the_page_of_the_api_and_no_other() -> None:
    code = "\n".join(
        path.read_text("utf-8")
        for place in (
            "services",
            "web",
            "documents",
            "api",
            "entry.py",
            "errors.py",
            "main.py",
            "receiving.py",
        )
        for path in (
            [ROOT / "app" / place] if place.endswith(".py") else (ROOT / "app" / place).rglob("*.py")
        )
    )
    real = set(re.findall(r"\bcode\"?(?:: str)? ?[=:] ?\"([a-z_]+)\"", code)) - NOT_IN_JSON
    real -= {"too_large_document"}  # becomes too_large on its way out
    table = API.partition("| status | `code`")[2].partition("\n\n")[0]
    said = set(re.findall(r"`([a-z_]+)`", table)) - {"errors", "request_id", "code"}

    assert said - {"internal_error"} == real - {"internal_error"}


# --- examples that run


@pytest.fixture
def tokens(stage: Any, cast: Any) -> dict[str, str]:
    """Tokens of An (office) and Bình (unit officer) over the test's database."""
    made = {"an": "token-of-an", "binh": "token-of-binh"}
    for login, secret in made.items():
        actor: Actor = getattr(cast, login)
        assert actor.account_id is not None
        stage.add(
            ApiToken(
                locality_id=cast.commune.id,
                account_id=actor.account_id,
                name="test",
                secret_hash=hash_secret(secret),
                created_at=datetime.now(UTC),
            )
        )
    stage.commit()
    return made


class Httpx:
    """Stands where the examples say httpx: the same client, over the app itself."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def Client(self, *, base_url: str, headers: dict[str, str], timeout: int) -> Any:  # noqa: N802
        opened = self._client(None)
        opened.base_url = base_url
        opened.headers.update(headers)
        return opened


class Time:
    """Stands where the examples say time: while they sleep, the jobs run."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings

    def sleep(self, seconds: float) -> None:
        with open_work(self._database, self._settings, actor=SYSTEM) as work:
            waiting = list_waiting(work)
        for one in waiting:
            read_document(self._database, self._settings, one.document_id, one.attempt)


def test_the_flow_on_the_page_of_the_api_runs_from_a_file_to_its_overview(
    client: Any,
    tokens: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: Database,
    settings: Settings,
) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", API, re.M | re.S)
    flow = "\n".join(blocks).replace("-> httpx.Client", "-> object")
    flow = re.sub(r"^import (httpx|time)\n", "", flow, flags=re.M)
    plan = PLAN.replace("Các chi bộ thôn", "Chi bộ Trường Mầm non Hoa Sen")
    (tmp_path / "ke-hoach.docx").write_bytes(as_docx(plan))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OFFICE_TOKEN", tokens["an"])
    monkeypatch.setenv("UNIT_TOKEN", tokens["binh"])
    seen: dict[str, Any] = {"httpx": Httpx(client), "time": Time(database, settings)}

    exec(compile(flow, "docs/api.md", "exec"), seen)

    assert seen["overview"]["standing"]["accepted"] == 1
    assert seen["last"] > 0


def test_the_requests_of_the_readme_are_answered(
    client: Any, tokens: dict[str, str], stage: Any, cast: Any
) -> None:
    task, period = add_task(stage, add_plan(stage, cast.commune)), add_period(stage, cast.commune, "2026-Q4")
    row = add_assignment(stage, task, cast.school_cell, period=period)
    stage.commit()
    asked = [one.replace("$TOKEN", tokens["binh"]).replace("ID", str(row.id)) for one in curls(README)]
    browser = client(None)

    answers = [ask(browser, shlex.split(one)) for one in asked]

    assert [answer.status_code for answer in answers] == [200, 201]
    assert answers[0].json()["items"][0]["id"] == str(row.id)
    assert answers[1].json()["state"] == "reported"


def curls(text: str) -> list[str]:
    """Every curl command in the text, joined over its continued lines."""
    return re.findall(r"^curl .*$", text.replace("\\\n", ""), re.M)


def ask(browser: Any, words: list[str]) -> Any:
    """What curl would send: -H for headers, --json for a body."""
    options = dict(pairwise(words))
    name, _, value = options["-H"].partition(": ")
    address = next(word for word in words if word.startswith("http"))
    body = options.get("--json")
    headers = {name: value, "Content-Type": "application/json"}
    return browser.request("POST" if body else "GET", address, headers=headers, content=body)


# --- within the documents, and on screens

# Names that are not ours: of Word, of a keyboard, of the page's own typography.
NOT_ON_SCREEN = {"nghiêng", "Lưu thành", "Văn bản thuần"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_a_page_leads_to_a_heading(document: Path) -> None:
    text = document.read_text("utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.+)$", text, re.M)
    }

    assert [link for link in re.findall(r"\]\(#([^)]+)\)", text) if link not in headings] == []


def test_every_name_the_guide_gives_in_italics_is_on_a_screen() -> None:
    guide = (ROOT / "docs/huong-dan.md").read_text("utf-8")
    places = [*(ROOT / "app/templates").rglob("*.html"), *(ROOT / "app/web").glob("*.py")]
    screens = plainly_quoted("\n".join(path.read_text("utf-8") for path in places))
    named = set(re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", guide)) - NOT_ON_SCREEN
    parts = {part.strip(' "()%') for name in named for part in re.split(r"…|Quý", name)}

    assert sorted(part for part in parts if plainly_quoted(part) not in screens) == []


def plainly_quoted(text: str) -> str:
    return re.sub("[“”]", '"', text).casefold()
