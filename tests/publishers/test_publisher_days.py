"""A desk that watches interfaces by the real command line: from `sources.yaml` to what is told and what is missing."""

from __future__ import annotations

from publishers.holdings import document
from publishers.interfaces import KEY, Interface, federal_register, regulations_gov
from publishers.register import CORRECTION, EXTENSION, PROPOSED, WITHDRAWAL

REGISTER = "/api/v1/documents.json?conditions[term]=accounts&conditions[publication_date][gte]={since:180d}"


def test_a_proposal_is_followed_through_correction_extension_and_withdrawal(world):
    documents = [PROPOSED]
    with Interface(federal_register(documents)) as publisher:
        world.watch(id="oir", kind="federal-register", url=publisher.url(REGISTER), jurisdiction="US")
        assert world.run(day=3)["problems"] == 0
        documents += [CORRECTION, EXTENSION, WITHDRAWAL]
        world.run(day=4)
    told = {row["url"]: row for row in world.changes() if row["kind"] != "first"}
    assert {row["kind"] for row in told.values()} == {"substantive"}
    assert told.keys() == {each["html_url"] for each in (PROPOSED, CORRECTION, EXTENSION, WITHDRAWAL)}
    closing = {
        url: [each["date"] for each in row["dates"] if each["kind"] == "comments_close"] for url, row in told.items()
    }
    assert closing == {
        PROPOSED["html_url"]: ["2026-06-01"],
        CORRECTION["html_url"]: [],
        EXTENSION["html_url"]: ["2026-06-01"],
        WITHDRAWAL["html_url"]: [],
    }
    assert told[WITHDRAWAL["html_url"]]["summary"] == f"Withdrawn: {WITHDRAWAL['title']}"


def test_a_key_that_is_missing_is_a_problem_and_a_key_that_is_there_is_stored_nowhere(world):
    with Interface(regulations_gov([document("OIR-1")])) as publisher:
        world.watch(id="oir", kind="regulations-gov", url=publisher.url("/v4/documents?filter[agencyId]=OIR"))
        world.environment |= {"DATA_GOV_API_KEY": ""}
        world.run(day=1)
        (problem,) = world.call("problems", "--json").json
        assert (problem["problem"], problem["detail"]) == ("no-key", "DATA_GOV_API_KEY is not set")
        assert "put it into the environment" in problem["advice"]
        world.environment |= {"DATA_GOV_API_KEY": KEY}
        assert world.run(day=2)["problems"] == 0
        assert "2026-03-02 Trial Accounts of Minors" in world.call("sources", "try", "oir").out
    stored = [path.read_bytes() for path in (world.folder / "var").rglob("*") if path.is_file()]
    assert not any(KEY.encode() in each for each in stored)
