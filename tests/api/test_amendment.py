"""Lineage and amendment of plans by JSON."""

import pytest

from app.api.amendment import ClauseDiffOut, MappingOut, MappingPage
from app.api.lineage import BasisOut, LineageOut, SuperiorPage
from app.api.plan import IssuedOut, PlanPage
from tests.factories import add_indicator, add_plan
from tests.services.test_amendment import AMENDED, amending, in_force

PLANS = "/api/v1/plans"


@pytest.fixture
def plan(working, cast):
    with working(cast.an) as work:
        return in_force(work)


@pytest.fixture
def draft(working, cast, plan):
    with working(cast.an) as work:
        return amending(work, plan)


def decide(client, draft, row, body):
    headers = {"If-Match": f'"{row["version"]}"'}
    return client.patch(f"{PLANS}/{draft.id}/task-mappings/{row['id']}", json=body, headers=headers)


def test_a_changed_plan_is_taken_in_mapped_and_issued(client, plan):
    office = client("an")
    sent = office.post("/api/v1/documents", params={"amends": str(plan.id)}, content=AMENDED.encode())
    document = sent.json()
    new = document["plan"]["id"]
    assert office.get(f"{PLANS}/{new}").json()["amends"] == str(plan.id)
    office.post(f"/api/v1/documents/{document['id']}/acceptances", json={})

    for kind in ("task", "indicator"):
        here = f"{PLANS}/{new}/{kind}-mappings"
        accepted = office.post(f"{here}/acceptances")
        assert accepted.status_code == 201
        page = MappingPage.model_validate(office.get(here).json())
        assert page.unsettled == accepted.json()["unsettled"] == sum(not row.is_settled for row in page.items)
        for row in page.items:
            if row.is_settled:
                continue
            clause = row.proposal.clause
            body = {"outcome": row.proposal.outcome}
            body |= {"candidate": str(clause.candidate)} if clause else {"reason": "Không còn"}
            answer = office.patch(f"{here}/{row.id}", json=body, headers={"If-Match": '"0"'})
            assert answer.status_code == 200
            assert answer.headers["ETag"] == '"1"'
            assert MappingOut.model_validate(answer.json()).is_settled

    etag = office.get(f"{PLANS}/{new}").headers["ETag"]
    issued = office.post(f"{PLANS}/{new}/issues", json={"with_unused": True}, headers={"If-Match": etag})
    assert IssuedOut.model_validate(issued.json()).moved > 0
    assert issued.json()["cancelled"] == 1
    assert office.get(f"{PLANS}/{plan.id}").json()["state"] == "superseded"
    lineage = LineageOut.model_validate(office.get(f"{PLANS}/{plan.id}/lineage").json())
    assert str(lineage.superseded_by.id) == new


def test_issuing_names_what_is_undecided(client, draft):
    office = client("an")
    etag = office.get(f"{PLANS}/{draft.id}").headers["ETag"]
    answer = office.post(f"{PLANS}/{draft.id}/issues", json={"with_unused": True}, headers={"If-Match": etag})
    assert (answer.status_code, answer.json()["code"]) == (409, "undecided_work")
    assert answer.json()["tasks"][0] == "NV-001"
    assert answer.json()["indicators"] == ["CT-01"]


def test_a_mapping_needs_its_version(client, draft):
    office, here = client("an"), f"{PLANS}/{draft.id}/task-mappings"
    row = office.get(here).json()["items"][0]
    body = {"outcome": "ended", "reason": "Thôi"}
    assert office.patch(f"{here}/{row['id']}", json=body).status_code == 428
    assert decide(office, draft, row, body).status_code == 200
    stale = decide(office, draft, row, body)
    assert (stale.status_code, stale.json()["version"]) == (412, 1)


def test_a_mapping_that_cannot_be_used_says_why(client, draft):
    office = client("an")
    row = office.get(f"{PLANS}/{draft.id}/task-mappings").json()["items"][0]
    answer = decide(office, draft, row, {"outcome": "ended"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/reason")
    answer = decide(office, draft, row, {"outcome": "kept", "candidate": str(draft.id)})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/candidate")


def test_the_clause_diff_has_every_clause(client, draft, plan):
    seen = ClauseDiffOut.model_validate(client("an").get(f"{PLANS}/{draft.id}/clause-diff").json())
    assert seen.amends == plan.id
    assert seen.counts["changed"] >= 3
    assert sum(seen.counts.values()) == len(seen.items)
    changed = next(one for one in seen.items if "85%" in (one.new.text if one.new else ""))
    assert [words.text for words in changed.words if words.mark == "removed"] == ["80%"]
    alone = client("an").get(f"{PLANS}/{plan.id}/clause-diff")
    assert (alone.status_code, alone.json()["code"]) == (409, "not_an_amendment")


def test_the_amended_plan_is_set_with_the_drafts_version(client, working, cast, plan, draft):
    office, here = client("an"), f"{PLANS}/{draft.id}/amended-plan"
    etag = office.get(f"{PLANS}/{draft.id}").headers["ETag"]
    assert office.put(here, json={"plan": None}).status_code == 428
    cleared = office.put(here, json={"plan": None}, headers={"If-Match": etag})
    assert cleared.json()["amends"] is None
    again = office.put(here, json={"plan": str(plan.id)}, headers={"If-Match": cleared.headers["ETag"]})
    assert again.json()["amends"] == str(plan.id)


def test_units_see_the_comparison_only_once_it_is_issued(client, draft):
    assert client("binh").get(f"{PLANS}/{draft.id}/clause-diff").status_code == 404
    assert client("binh").get(f"{PLANS}/{draft.id}/task-mappings").status_code == 404
    assert client("chi").get(f"{PLANS}/{draft.id}/task-mappings").status_code == 200


# --- lineage


def test_bases_are_read_added_corrected_and_taken_away(client, plan):
    office, here = client("an"), f"{PLANS}/{plan.id}/bases"
    assert [one["symbol"] for one in office.get(here).json()["items"]] == ["71-NQ/TW"]
    made = office.post(here, json={"symbol": "281/NQ-CP", "kind": "nghi_quyet"})
    row = BasisOut.model_validate(made.json())
    assert made.status_code == 201
    again = office.post(here, json={"symbol": "281 / nq - cp"})
    assert (again.status_code, again.json()["code"]) == (409, "basis_taken")
    changed = office.patch(f"{here}/{row.id}", json={"issuer": "Chính phủ"}, headers={"If-Match": '"1"'})
    assert changed.json()["issuer"] == "Chính phủ"
    left = office.post(f"{here}/{row.id}/ends")
    assert [one["symbol"] for one in left.json()["items"]] == ["71-NQ/TW"]


def test_plans_are_found_by_what_they_carry_out(client, plan):
    def found(symbol):
        answer = client("an").get(PLANS, params={"implements": symbol})
        return [str(one.id) for one in PlanPage.model_validate(answer.json()).items]

    assert found("71-NQ/TW") == found("71 - nq/tw") == found("71-nq") == [str(plan.id)]
    assert found("1-NQ/TW") == found("171-NQ/TW") == []


def test_a_superior_plan_is_proposed_linked_and_compared(client, stage, cast, plan):
    superior = add_plan(stage, cast.commune, code="KH-09")
    superior.number = "71 - NQ/TW"
    goal = {"comparator": "gt", "value": 90, "horizon": 2030}
    alike = add_indicator(
        stage, superior, "CT-01", statement="Có trên 90% số trường đạt chuẩn quốc gia", target=goal
    )
    alone = add_indicator(
        stage, superior, "CT-02", statement="120 thôn có nhà văn hóa", measure="count", unit_label="thôn"
    )
    stage.commit()
    office, here = client("an"), f"{PLANS}/{plan.id}"
    basis = office.get(f"{here}/bases").json()["items"][0]
    assert [one["id"] for one in basis["proposed"]] == [str(superior.id)]
    body = {"superior_plan": str(superior.id)}
    linked = office.patch(f"{here}/bases/{basis['id']}", json=body, headers={"If-Match": '"1"'})
    assert linked.json()["superior_plan"]["id"] == str(superior.id)

    page = SuperiorPage.model_validate(office.get(f"{here}/superior-indicators").json())
    assert [row.state for row in page.items] == ["proposed", "open"]
    assert page.items[0].goals[0].verdict == "lower"
    assert page.lower == [alike.id]
    assert page.missing == [alone.id]
    own = str(page.items[0].indicator.id)
    match = f"{here}/superior-indicators/{alike.id}"
    assert office.put(match, json={"indicator": own}, headers={"If-Match": '"0"'}).status_code == 200
    assert office.put(match, json={"indicator": own}, headers={"If-Match": '"0"'}).status_code == 412
    up = LineageOut.model_validate(office.get(f"{PLANS}/{superior.id}/lineage").json())
    assert [one.id for one in up.implemented_by] == [plan.id]


def test_a_commune_knows_of_what_was_issued_above_and_may_not_open_it(client, stage, cast, plan):
    above = add_plan(stage, cast.province, code="KH-01")
    above.number = "71-NQ/TW"
    draft = add_plan(stage, cast.province, code="KH-02", state="draft")
    asked = add_indicator(stage, above)
    from app.models import PlanBasis

    row = stage.query(PlanBasis).filter_by(plan_id=plan.id).one()
    row.superior_plan_id = above.id
    stage.commit()
    mine = client("an").get(f"{PLANS}/{plan.id}/lineage").json()
    assert mine["implements"][0]["superior_plan"]["id"] == str(above.id)
    assert "KH-02" not in str(mine)
    assert client("an").get(f"{PLANS}/{above.id}/lineage").status_code == 404
    assert client("an").get(f"/api/v1/indicators/{asked.id}").status_code == 404
    beside = client("an").get(f"{PLANS}/{plan.id}/superior-indicators").json()
    assert [one["superior"]["id"] for one in beside["items"]] == [str(asked.id)]
    own = client("an").get("/api/v1/indicators", params={"plan": str(plan.id)}).json()["items"][0]
    said = client("an").put(
        f"{PLANS}/{plan.id}/superior-indicators/{asked.id}",
        json={"indicator": own["id"]},
        headers={"If-Match": '"0"'},
    )
    assert said.status_code == 200
    change = {"superior_plan": str(draft.id)}
    basis = mine["implements"][0]
    refused = client("an").patch(
        f"{PLANS}/{plan.id}/bases/{basis['id']}",
        json=change,
        headers={"If-Match": f'"{basis["version"]}"'},
    )
    assert refused.status_code == 422
    below = client("giang").get(f"{PLANS}/{above.id}/lineage").json()["implemented_by"]
    assert [one["id"] for one in below] == [str(plan.id)]


def test_a_symbol_of_letters_that_fold_into_several_is_kept(client, plan):
    answer = client("an").post(f"{PLANS}/{plan.id}/bases", json={"symbol": "7" + "ﬃ" * 59})
    assert answer.status_code == 201
