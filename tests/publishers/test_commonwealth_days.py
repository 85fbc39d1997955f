"""A desk that watches laws of Australia, Canada and Ireland by the real command line, from news to withdrawal."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from publishers.commonwealth import (
    REPEALED,
    ended,
    irish_bill,
    legisinfo,
    legislation_gov_au,
    listed_bill,
    oireachtas,
    stage,
    title,
    version,
)
from publishers.interfaces import Interface


def told(world):
    """By the address of its document, each change after the first text: kind, summary, dates."""
    rows = [row for row in world.changes() if row["kind"] != "first"]
    return {row["url"]: (row["kind"], row["summary"], [each["date"] for each in row["dates"]]) for row in rows}


@pytest.mark.drill
def test_laws_are_followed_from_a_stage_or_an_amendment_to_their_end(world):
    acts, texts, bills, irish = [title()], [version(start="2026-01-01")], [listed_bill()], [irish_bill()]
    au, ca, ie = legislation_gov_au(acts, texts), legisinfo(bills), oireachtas(irish)
    with ExitStack() as stack:
        register, parliament, houses = (stack.enter_context(Interface(each)) for each in (au, ca, ie))
        act, bill = register.url("/v1/Titles('C2021A00901')"), "/legisinfo/en/bills/json?parlsession=45-1"
        world.watch(id="act", kind="legislation-gov-au", url=act, jurisdiction="AU")
        world.watch(id="bills", kind="legisinfo", url=parliament.url(bill), jurisdiction="CA")
        world.watch(id="irish", kind="oireachtas", url=houses.url("/v1/legislation?last_updated={since:1000d}"))
        assert world.run(day=3)["problems"] == 0

        texts[0] |= {"isLatest": False, "isCurrent": True}
        texts.append(version("5", "2027-03-01"))
        bills[0] |= {"PassedHouseSecondReadingDateTime": "2026-11-04T15:00:00-05:00"}
        irish[0] = irish_bill(mostRecentStage=stage("Committee Stage", "2026-11-03"))
        world.run(day=4)
        moved = told(world)

        acts[0] = ended("Repealed", REPEALED)
        bills[0] |= {"CurrentStatusEn": "Bill defeated"}
        irish[0] = irish_bill(status="Withdrawn")
        world.run(day=6)
    assert {kind for kind, _, _ in moved.values()} == {"substantive"}
    assert moved["https://www.legislation.gov.au/C2021A00901/latest/text"][2] == ["2027-03-01"]
    assert moved.keys() >= {
        "https://www.parl.ca/legisinfo/en/bill/45-1/c-901",
        "https://www.oireachtas.ie/en/bills/bill/2026/75/",
    }
    assert {summary for _, summary, _ in told(world).values()} == {
        "Withdrawn: Invented Accounts Act 2021",
        "Withdrawn: C-901: Invented Accounts Act",
        "Withdrawn: Invented Accounts Bill 2026",
    }
