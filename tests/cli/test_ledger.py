"""`monitor sops ledger` as people call it: what is stale, why, and what was edited since."""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from linked import AGE, AGE_18, AGES, FEES, day
from monitor.cli.ledger import ledger
from monitor.cli.log import set_up_log
from monitor.config import read_config
from monitor.errors import NotFoundError, SopsError, StoreError

AGES_18 = AGES.replace("16", "18")
LATER = "2026-03-09T12:00:00Z"


def call(folder, *words, **env):
    """What the command prints, in this process; what it raises is raised."""
    config = read_config(
        {"MONITOR_NOW": LATER}, db=str(folder / "monitor.db"), sources="none", sops=str(folder / "sops")
    )
    set_up_log(verbose=False)
    done = CliRunner().invoke(ledger, words, obj=config, catch_exceptions=False, env={"COLUMNS": "100", **env})
    assert done.exit_code == 0, done.output
    return done.output


def read(folder, *words):
    return json.loads(call(folder, "--json", *words))


def test_without_a_database_it_says_what_to_do_and_makes_none(tmp_path):
    with pytest.raises(StoreError, match='Run "monitor run" first'):
        call(tmp_path)
    assert not (tmp_path / "monitor.db").exists()


def test_without_a_folder_of_sops_nothing_is_thought_to_have_left_it(linked, tmp_path):
    (tmp_path / "sops").rename(tmp_path / "elsewhere")
    with pytest.raises(SopsError):
        call(tmp_path)
    (tmp_path / "elsewhere").rename(tmp_path / "sops")
    assert len(read(tmp_path)[0]["sections"]) == 1


def test_a_library_that_is_linked_to_nothing_says_how_links_come_about(office, tmp_path):
    said = call(tmp_path)
    assert said.startswith("No section is stale. 1 SOP linked to no clause yet: that comes with monitor triage")
    assert read(tmp_path) == [{"sop": "hosts", "title": "Hosts", "owner": "desk", "declared": [], "sections": []}]


def test_a_stale_section_is_shown_with_the_words_that_changed(linked, tmp_path):
    said = " ".join(call(tmp_path).split())
    assert "hosts Hosts · owner desk Ages ! Rules: current as of 1 Mar 2026, stale since 2 Mar 2026" in said
    assert f'Rules: "{AGE}" → "{AGE_18}" (change 2)' in said
    assert said.endswith("1 section stale, 0 of them edited since.")


def test_the_same_for_programs(linked, tmp_path):
    (sop,) = read(tmp_path)
    (section,) = sop["sections"]
    (document,) = section["documents"]
    clauses = document.pop("clauses")
    assert (section["section"], section["heading"]) == ("hosts#ages", ["Ages"])
    assert document == {
        "source": "rules",
        "document": "rules",
        "title": "Rules",
        "watched": True,
        "current_as_of": "2026-03-01T12:00:00Z",
        "stale_since": "2026-03-02T12:00:00Z",
        "stale_by": 2,
        "why": f'Rules: "{AGE}" → "{AGE_18}"',
        "revised_at": None,
        "proposed_for_closing": False,
    }
    assert [(each["heading"], each["text"], each["gone"]) for each in clauses] == [(["Rules"], AGE_18, False)]


def test_an_edit_counts_at_once_and_is_closed_with_the_command_that_is_shown(linked, tmp_path):
    file = tmp_path / "sops" / "hosts.md"
    file.write_text(file.read_text().replace("16 years", "18 years"))
    said = " ".join(call(tmp_path).split())
    (section,) = re.findall(r"edited 9 Mar 2026; if that is right: monitor sops ledger --close (\S+)", said)
    closed = call(tmp_path, "--close", section, MONITOR_USER="mia")
    assert closed == "hosts#ages is current again, with 1 clause.\n"
    (document,) = read(tmp_path)[0]["sections"][0]["documents"]
    assert (document["current_as_of"], document["stale_since"]) == ("2026-03-02T12:00:00Z", None)
    assert (document["clauses"][0]["checked_by"], document["clauses"][0]["checked_at"]) == ("mia", LATER)
    assert "✓ Rules: current as of 2 Mar 2026" in call(tmp_path)


def test_only_what_is_stale_can_be_asked_for(linked, tmp_path):
    linked.publish([AGE_18, FEES.replace("5", "6")], 3)
    linked.confirm("hosts#fees", 4)
    linked.write(AGES_18, 5)
    call(tmp_path, "--close", "hosts#ages")
    (sop,) = read(tmp_path, "--stale")
    assert [each["section"] for each in sop["sections"]] == ["hosts#fees"]
    assert "Ages" not in call(tmp_path, "--stale")


def test_where_nothing_is_stale_the_list_of_what_is_stale_is_empty(office, tmp_path):
    assert call(tmp_path, "--stale") == "No section is stale.\n"
    assert read(tmp_path, "--stale") == []


def test_one_sop_can_be_asked_for_by_its_id(linked, tmp_path):
    assert [each["sop"] for each in read(tmp_path, "hosts")] == ["hosts"]
    with pytest.raises(NotFoundError, match=r'"hots": there is no SOP with this id. Did you mean hosts\?'):
        call(tmp_path, "hots")


def test_of_many_stale_clauses_three_are_shown(office, tmp_path):
    rules = [f"{AGE} Rule number {number} of five is about streams." for number in range(5)]
    office.publish([FEES, *rules])
    office.publish([FEES, *(rule.replace("16", "18") for rule in rules)], 1)
    assert office.confirm("hosts#ages") == 5
    assert "… and 2 more clauses" in call(tmp_path)


def test_a_source_that_is_watched_no_longer_is_named_as_such(linked, tmp_path):
    linked.desk.declare(enabled=False)
    assert "stale since 2 Mar 2026, no longer watched" in " ".join(call(tmp_path).split())


def test_what_is_only_declared_says_so(office, tmp_path):
    office.publish([AGE, FEES])
    file = tmp_path / "sops" / "hosts.md"
    file.write_text(file.read_text().replace("owner: desk", "owner: desk\nimplements: [rules]"))
    said = call(tmp_path)
    assert re.search(r"\(the whole procedure\) +· implements rules, as declared; no clause is linked yet", said)
    file.write_text(file.read_text().replace("## Fees\n", "## Fees\n\n<!-- implements: rules -->\n"))
    assert re.search(r"Fees +· implements rules", call(tmp_path))


def test_a_clause_of_a_new_text_was_never_current_for_the_section(linked, tmp_path):
    linked.db.execute("UPDATE change SET from_version_id = NULL")
    assert "! Rules: not yet current, stale since 2 Mar 2026" in call(tmp_path)


def test_times_are_those_of_the_versions_and_not_of_the_call(linked, tmp_path):
    assert read(tmp_path)[0]["sections"][0]["documents"][0]["current_as_of"] == day(0).strftime("%Y-%m-%dT%H:%M:%SZ")
