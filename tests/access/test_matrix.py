"""Every route × every role × every locality gives what the written table says (tests/access/matrix.txt).

After a change, `python -m tests.access` writes the table anew: read every line of the difference.
"""

import re

import pytest

from tests.access.asking import NAMED
from tests.access.table import Ground, every_label, read_table
from tests.access.world import MARK, everybody, may_know

LABELS = every_label()
TABLE = read_table()


@pytest.fixture(scope="module")
def ground(test_run, tmp_path_factory):
    made = Ground(test_run, tmp_path_factory.mktemp("access"))
    yield made
    made.close()


def test_every_route_is_listed_and_nothing_else():
    assert sorted(TABLE) == sorted(LABELS)


@pytest.mark.parametrize("label", LABELS)
def test_each_person_gets_what_the_table_says(ground, label):
    answers = {person: ground.ask(label, person) for person in everybody()}
    assert {person: answer.status_code for person, answer in answers.items()} == TABLE.get(label)
    if "{secret}" in label:
        return  # whoever has the secret may read what it opens
    told = [p for p, answer in answers.items() if not may_know(p) and MARK in answer.text]
    assert told == [], "an answer names what its reader may not know of"


READ_ONLY = ("leader@here", "inspector@here", "province@above")
OWN = (
    "/tokens",
    "/ma-truy-cap",
    "/tai-khoan",
    "/me",
    "/dang-",
    "remarks",
    "/y-kien",
    "/notices",
    "/thong-bao",
)


@pytest.mark.parametrize("label", [label for label in LABELS if not label.startswith(("GET ", "OPTIONS "))])
def test_who_only_reads_never_changes_anything(label):
    if any(part in label for part in OWN):
        pytest.skip("their own account or notices, or a remark")
    taken = [p for p in READ_ONLY if TABLE[label][p] < 400 and TABLE[label][p] not in (303,)]
    assert taken == []


@pytest.mark.parametrize("label", LABELS)
def test_next_door_never_gets_an_answer_about_a_thing_of_ours(label):
    if not set(re.findall(r"{(\w+)}", label)) - {*NAMED, "secret"}:
        pytest.skip("no thing of ours is named in the address, or by a secret that was given away")
    answered = [
        p for p in everybody() if not may_know(p) and TABLE[label][p] < 400 and TABLE[label][p] != 303
    ]
    assert answered == []
