"""Answers that interfaces really gave, from a folder that is not part of the project: each is read without a doubt."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("POLICY_MONITOR_PAYLOADS", "/nonexistent"))
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="POLICY_MONITOR_PAYLOADS names no folder of real answers")


def content_of(name, **facts):
    return json.loads((FOLDER / name).read_text(encoding="utf-8")) | facts


def test_the_federal_register_gives_a_proposal_its_extension_and_its_correction(read):
    pages = [
        content_of(f"federal_register/oblag_circia_page{name}.json")
        for name in ("1_nprm", "2_extension", "3_correction")
    ]
    together = {"count": 3, "results": [row for page in pages for row in page["results"]]}
    entries = read("federal-register", together)
    moved = [(each.date, each.moved_from) for entry in entries.values() for each in entry.dates]
    assert moved == [("2024-07-03", None), ("2024-07-03", "2024-06-03")]
    assert [entry.published_at.date().isoformat() for entry in entries.values()] == [
        "2024-04-04",
        "2024-05-06",
        "2024-06-03",
    ]


@pytest.mark.parametrize(
    ("kind", "name", "count"),
    [
        ("federal-register", "federal_register/oblag_mixed_page.json", 4),
        ("regulations-gov", "regulations_gov/nara_vcr_basic_document_0.json", 1),
        ("regulations-gov", "regulations_gov/nara_vcr_basic_document_no_result_search_0.json", 0),
        ("regulations-gov", "regulations_gov/nara_vcr_detailed_document_0.json", 1),
        ("regulations-gov", "regulations_gov/oblag_docket_detail.json", 1),
        ("regulations-gov", "regulations_gov/oblag_documents_page.json", 5),
        ("legiscan", "legiscan/oblag_bill_introduced.json", 1),
        ("legiscan", "legiscan/oblag_bill_passed.json", 1),
        ("congress", "congress_gov/bill_117_hr_21.txt", 1),
        ("govinfo", "govinfo/FR-2018-04-12-granules-formatted.json", 113),
        ("govinfo", "govinfo/FR-2018-04-12-summary-formatted.json", 1),
        ("govinfo", "govinfo/FR-2018-04-12_2018-07777-granule-summary-formatted.json", 1),
    ],
)
def test_an_answer_is_read_whole(read, kind, name, count):
    entries = read(kind, content_of(name))
    assert len(entries) == count
    assert all(entry.title and entry.url.startswith("https://") for entry in entries.values())


def test_a_bill_is_read_with_what_is_listed_below_it(read):
    names = ("", "_text", "_actions")
    (entry,) = read("congress", *(content_of(f"congress_gov/bill_117_hr_21{name}.txt") for name in names)).values()
    assert len(entry.blocks) == 3 + 3 + 10


@pytest.mark.parametrize(
    ("kind", "name", "changed"),
    [
        ("regulations-gov", "regulations_gov/nara_vcr_documents_updated_within_0.json", {"meta": {}}),
        ("congress", "congress_gov/bill_117.txt", {"pagination": {}}),
        ("govinfo", "govinfo/BILLS-sample-formatted.json", {"count": 100}),
    ],
)
def test_one_page_of_many_is_read_to_its_last_row(read, kind, name, changed):
    answer = content_of(name)
    rows = next(value for value in answer.values() if isinstance(value, list))
    assert len(read(kind, answer | changed)) == len(rows)


def test_comments_close_on_a_day_in_washington(read):
    entry = read("regulations-gov", content_of("regulations_gov/nara_vcr_basic_document_0.json"))[
        "FRTIB_FRDOC_0001-0319"
    ]
    assert [each.date for each in entry.dates] == ["2020-11-23"]
