"""Answers that legislation.gov.uk and GOV.UK really gave, from a folder that is not part of the project."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from publishers.conftest import dates

FOLDER = Path(os.environ.get("POLICY_MONITOR_PAYLOADS", "/nonexistent"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="POLICY_MONITOR_PAYLOADS names no folder of real answers")

SITE = "https://www.legislation.gov.uk"
DOCUMENTS = {
    "call_for_evidence_frontend_open_call_for_evidence": ("2023-05-15", ["2023-04-16"], ""),
    "consultation_frontend_consultation_outcome": ("2016-10-18", ["2016-07-13"], ""),
    "consultation_frontend_consultation_withdrawn": (
        "2016-11-07",
        [],
        "Withdrawn on 12 November 2016 (GOV.UK): It",
    ),
    "consultation_frontend_open_consultation": ("2016-11-07", ["2216-12-16"], ""),
    "detailed_guide_frontend_withdrawn_detailed_guide": (
        "2016-02-18",
        [],
        "Withdrawn on 28 January 2015 (GOV.UK): ",
    ),
    "gone_frontend_gone": ("2016-09-26", [], "Withdrawn on 26 September 2016 (GOV.UK): Incorrect title"),
    "gone_frontend_gone_with_alternative_path": (
        None,
        [],
        "Withdrawn (GOV.UK): Incorrect title; see",
    ),
    "html_publication_frontend_updated": ("2016-02-02", [], ""),
    "news_article_frontend_news_article_press_release": ("2016-12-28", [], ""),
    "news_article_frontend_news_article_withdrawn": ("2016-12-25", [], "Withdrawn on 22 August 2019 (GOV.UK): We"),
    "publication_frontend_best-practice-policy-paper": ("2017-12-06", [], ""),
    "publication_frontend_best-practice-statutory-guidance": ("2015-12-17", [], ""),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_of_gov_uk_is_read_with_its_days(read, name):
    day, closing, withdrawal = DOCUMENTS[name]
    content = json.loads((FOLDER / f"govuk/content_api_{name}.json").read_text(encoding="utf-8"))
    (entry,) = read("govuk", content, url=f"https://www.gov.uk/api/content{content['base_path']}").values()
    assert (entry.identity, entry.url) == (content["base_path"], f"https://www.gov.uk{content['base_path']}")
    assert (entry.published_at and entry.published_at.date().isoformat()) == day
    assert dates(entry) == [("comments_close", each, None) for each in closing]
    assert entry.withdrawal.startswith(withdrawal)
    assert bool(entry.withdrawal) == bool(withdrawal)


def test_the_changes_to_a_law_are_read_by_the_laws_that_make_them(read):
    page = (FOLDER / "legislation_gov_uk/oblag_uk_gdpr_changes.xml").read_bytes()
    whole = page.replace(b">526<", b">5<").replace(b"<leg:morePages>10<", b"<leg:morePages>0<")
    entries = read("legislation-gov-uk", whole, url=f"{SITE}/changes/affected/eur/2016/679/data.feed")
    act, regulations = entries["ukpga/2026/21 on eur/2016/679"], entries["uksi/2026/386 on eur/2016/679"]
    assert dates(act) == [("effective", "2026-04-29", None)]
    assert [each.text for each in act.blocks[1:3]] == [
        "Art. 8(2A)(2B): inserted by s. 72(2); wholly in force on 29 April 2026; Contains power",
        "Art. 8ZA: inserted by s. 72(3); wholly in force on 29 April 2026; Contains power",
    ]
    assert (regulations.dates, len(regulations.blocks)) == ((), 4)
    assert [str(each.published_at.date()) for each in entries.values()] == ["2026-07-16", "2026-06-23"]


def test_a_new_law_is_read(read):
    page = (FOLDER / "legislation_gov_uk/excerpt_new_feed_entry.xml").read_bytes()
    (entry,) = read("legislation-gov-uk", page, url=f"{SITE}/new/data.feed").values()
    assert (entry.identity, entry.url) == ("uksi/2026/412", f"{SITE}/uksi/2026/412")
    assert str(entry.published_at.date()) == "2026-04-21"


EXAMPLES = {"docs_formats_atom.md": 3, "docs_api_publication-log.md": 6}


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_of_the_documentation_is_read(read, name):
    """Their prefixes are declared nowhere, as they are in a whole feed."""
    text = (FOLDER / "legislation_gov_uk" / name).read_text(encoding="utf-8")
    rows = [f"<entry>{part.partition('</entry>')[0]}</entry>" for part in text.split("<entry>")[1:]]
    prefixes = " ".join(f'xmlns:{each}="urn:{each}"' for each in ("ukm", "pbl", "dc", "leg"))
    page = f'<feed xmlns="http://www.w3.org/2005/Atom" {prefixes}>{"".join(rows)}</feed>'.encode()
    entries = read("legislation-gov-uk", page, url=f"{SITE}/update/data.feed")
    assert len(entries) == len(rows) == EXAMPLES[name]
    assert all(entry.title and entry.published_at for entry in entries.values())
