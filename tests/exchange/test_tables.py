"""Sources as JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pytest

from monitor.exchange.tables import COLUMNS, source_json, write_csv
from monitor.model import Range, Source

RULES = Source("rules", "Rules", "Example", "GB", "html", ("https://example.org/1", "https://example.org/2"))


def read(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_source_is_one_row_below_the_names_of_the_columns():
    source = Source(
        "rules", 'Rules, "new"', "Example", "GB", "html", ("https://example.org/1", "https://example.org/2"),
        topics=("privacy", "ads"), pack="gb", render=True, note="one\ntwo", checked=date(2026, 7, 2),
    )  # fmt: skip
    (row,) = read(write_csv([source]))
    assert tuple(row) == COLUMNS
    assert row == {
        "id": "rules",
        "name": 'Rules, "new"',
        "publisher": "Example",
        "jurisdiction": "GB",
        "kind": "html",
        "urls": "https://example.org/1 https://example.org/2",
        "topics": "privacy ads",
        "pack": "gb",
        "enabled": "true",
        "render": "true",
        "every": "12h",
        "note": "one\ntwo",
        "checked": "2026-07-02",
    }


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("https://a.org")'])
def test_nothing_is_a_formula_in_a_spreadsheet(name):
    (row,) = read(write_csv([Source("rules", name, "Example", "GB", "html", ("https://example.org/",))]))
    assert row["name"] == f"'{name}"


def test_json_has_ranges_as_the_file_has_them():
    source = Source(
        "rules", "Rules", "Example", "GB", "html", ("https://example.org/",),
        select=("main", Range(start_before="h1", end_after="#end")), hold=timedelta(hours=1), checked=date(2026, 7, 2),
    )  # fmt: skip
    written = json.loads(json.dumps(source_json(source)))
    assert written["select"] == ["main", {"start_before": "h1", "end_after": "#end"}]
    assert (written["remove"], written["hold"], written["checked"]) == ([], 3600, "2026-07-02")
    assert (source_json(RULES)["hold"], source_json(RULES)["checked"]) == (None, None)
