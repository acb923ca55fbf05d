"""The edit form of a candidate: from what was typed to a decision, and from what was decided to fields."""

from datetime import date
from typing import Any

from app.errors import Invalid
from app.services.candidate import DecisionInput
from app.text import AmbiguousNumber, NotANumber, parse_number
from app.web.days import read_day
from app.web.forms import Form, checked
from app.web.labels import LABELS

_WORK = ("title", "text", "kind", "cycle", "expected_product")
CHOICES = {
    "unit_kinds": tuple(kind for kind in LABELS["unit_kind"].items() if kind[0] != "group"),
    "task_kinds": tuple(LABELS["task_kind"].items()),
    "cycles": tuple(LABELS["cycle"].items()),
    "roles": tuple(LABELS["responsibility"].items()),
    "modes": tuple(LABELS["mode"].items()),
    "completions": tuple(LABELS["completion"].items()),
    "measures": tuple(LABELS["measure"].items()),
    "comparators": tuple(LABELS["comparator"].items()),
    "directions": tuple(LABELS["direction"].items()),
}


def read_decision(form: Form, kind: str) -> DecisionInput:
    """Accept, reject and undo carry no fields; `edit` carries every field of the form. Invalid per field."""
    action = form.value("action")
    if action != "edit":
        return checked(DecisionInput, {"action": action})
    return checked(DecisionInput, {"action": "edit", kind: _READERS[kind](form)})


def read_filling(form: Form) -> dict[str, Any]:
    """What the form for several candidates fills in: the boxes that are not empty."""
    names = ("cycle", "expected_product", "role", "mode")
    typed: dict[str, Any] = {name: form.value(name) for name in names if form.value(name).strip()}
    if (due_on := read_day(form, "due_on")) is not None:
        typed["due_on"] = due_on
    if form.value("lead"):
        typed["lead"] = _party(form.value("lead"))
    if form.all("cooperate"):
        typed["cooperate"] = [_party(value) for value in form.all("cooperate")]
    return typed


def due_parts(due_on: str | None) -> tuple[str, str, str]:
    """An ISO date as the three boxes show it."""
    if not due_on:
        return "", "", ""
    day = date.fromisoformat(due_on)
    return str(day.day), str(day.month), str(day.year)


def party_values(parties: list[dict[str, Any]]) -> list[str]:
    return [party_value(party) for party in parties]


def party_value(party: dict[str, Any] | None) -> str:
    """ "c:…" for an organisation of the document, "u:…" for a unit that is there."""
    if not party:
        return ""
    return f"c:{party['candidate_id']}" if party.get("candidate_id") else f"u:{party['unit_id']}"


def _unit(form: Form) -> dict[str, Any]:
    names = [line.strip() for line in form.value("member_names").splitlines()]
    return {
        "unit_id": form.value("unit_id") or None,
        "name": form.value("name"),
        "kind": form.value("kind") or "division",
        "is_group": form.value("is_group") == "1",
        "member_unit_ids": form.all("member_unit_ids"),
        "member_names": [name for name in names if name],
    }


def _work(form: Form) -> dict[str, Any]:
    typed: dict[str, Any] = {name: form.value(name) for name in _WORK}
    typed["cycle"], typed["expected_product"] = typed["cycle"] or None, typed["expected_product"] or None
    return typed | {"due_on": read_day(form, "due_on"), "completion": form.value("completion") or "each"}


def _duty(form: Form) -> dict[str, Any]:
    return _work(form) | {"role": form.value("role"), "mode": form.value("mode")}


def _task(form: Form) -> dict[str, Any]:
    lead = form.value("lead")
    return _work(form) | {
        "lead": _party(lead) if lead else None,
        "cooperate": [_party(value) for value in form.all("cooperate")],
    }


def _indicator(form: Form) -> dict[str, Any]:
    return {
        "name": form.value("name"),
        "statement": form.value("statement"),
        "measure": form.value("measure"),
        "comparator": form.value("comparator"),
        "value": _number(form, "value"),
        "value_to": _number(form, "value_to"),
        "unit": form.value("unit") or None,
        "horizon": form.value("horizon").strip() or None,
        "direction": form.value("direction"),
        "owners": [_party(value) for value in form.all("owners")],
    }


_READERS = {
    "unit": _unit,
    "duty": _duty,
    "task": _task,
    "milestone": _task,
    "indicator": _indicator,
}


def _party(value: str) -> dict[str, str]:
    side, _, key = value.partition(":")
    return {"candidate_id": key} if side == "c" else {"unit_id": key}


def _number(form: Form, name: str) -> str | None:
    """As people write it: 99,9 and 26.120; "99.9" is asked back."""
    typed = form.value(name).strip()
    if not typed:
        return None
    try:
        return str(parse_number(typed))
    except (AmbiguousNumber, NotANumber) as error:
        raise Invalid.field(name, str(error)) from None
