"""What is still to be done about the changes that people were told of, and when it is done."""

from __future__ import annotations

from time import perf_counter

import pytest

from linked import AGE, AGE_18, AGES, FEES, day
from monitor.links import close_links, note_revisions
from monitor.model import Severity, Verdict
from monitor.sops import load_sops
from monitor.store import transaction
from monitor.store.items import get_open_items
from monitor.store.sops import declare_sops
from monitor.triage import decide
from store.conftest import NOON
from triaged import AGES as AGE_WORDS
from triaged import APPEALS, MORE_AGES, PRICES, REFUNDS, SOPS, UPLOAD, Bench

CONFIRMED = Verdict.CONFIRMED
LONGER = SOPS["ages.md"].replace("30 days", "60 days")


@pytest.fixture
def bench(tmp_path):
    """Change 1 was tagged with the sections on uploads and refunds, and told."""
    bench = Bench(tmp_path)
    tell(bench.db, bench.change(AGE_WORDS, [UPLOAD, REFUNDS]))
    yield bench
    bench.db.close()


def tell(db, *change_ids, audience="desk"):
    """What a Digest that tells these Changes leaves in the database."""
    name = f"digest-{audience}-{change_ids}"
    digest = {"id": name, "audience_id": audience, "period": "daily", "local_date": "2026-03-01", "content": "{}"}
    with transaction(db):
        db.table("audience").insert({"id": audience, "since_at": "2026-01-01T00:00:00Z"}, ignore=True)
        db.table("digest").insert(digest | {"composed_at": "2026-03-01T12:00:00Z"})
        db.table("digest_change").insert_all(
            {"audience_id": audience, "change_id": each, "period": "daily", "digest_id": name} for each in change_ids
        )


def edit(bench, text=LONGER):
    """Somebody edits the section on uploads, and the next run sees it."""
    (bench.folder / "sops" / "ages.md").write_text(text)
    with transaction(bench.db):
        declare_sops(bench.db, load_sops(bench.folder / "sops").sops, bench.now)
    note_revisions(bench.db, bench.now)


def items(bench, now=NOON):
    return get_open_items(bench.db, now)


def places(bench, now=NOON):
    return [(each.change_id, each.section_id) for each in items(bench, now)]


# The change as a whole


def test_a_told_change_that_nobody_decided_is_one_item(bench):
    (item,) = items(bench)
    assert (item.change_id, item.section_id, item.verdict, item.assignee, item.due) == (1, None, None, None, None)
    assert (item.source_id, item.source_name, item.publisher) == ("rules", "Rules", "Example")
    assert (item.url, item.procedure, item.severity) == ("https://example.org/rules", "", Severity.HIGH)
    assert item.since_at > NOON


def test_a_change_that_two_audiences_were_told_of_is_one_item(bench):
    tell(bench.db, 1, audience="second")
    assert places(bench) == [(1, None)]


def test_what_nobody_was_told_is_no_item(bench):
    bench.change(PRICES)
    assert places(bench) == [(1, None)]


def test_a_rejected_change_is_closed_and_open_again_when_that_is_taken_back(bench):
    bench.reject(1)
    assert places(bench) == []
    bench.undo(1)
    assert places(bench) == [(1, None)]


def test_an_assigned_change_stays_one_item_with_whoever_has_it_until_when(bench):
    bench.assign(1, assignee="tom", due="2026-03-09")
    (item,) = items(bench)
    assert (item.section_id, item.verdict, item.assignee, item.due) == (None, None, "tom", "2026-03-09")


def test_a_change_that_was_assigned_before_anybody_was_told_is_an_item(bench):
    bench.assign(bench.change(PRICES), assignee="tom")
    assert places(bench) == [(1, None), (2, None)]


def test_a_confirmed_change_that_touches_nothing_is_closed_unless_somebody_has_it(bench):
    tell(bench.db, bench.change(PRICES))
    bench.confirm(2)
    assert places(bench) == [(1, None)]
    bench.assign(2, assignee="tom")
    assert [(each.change_id, each.verdict, each.assignee) for each in items(bench)][1] == (2, CONFIRMED, "tom")


def test_a_change_that_is_confirmed_without_a_likely_section_is_closed_unless_somebody_has_it(bench):
    tell(bench.db, bench.change(MORE_AGES, [], [UPLOAD]))
    bench.confirm(2)
    assert places(bench) == [(1, None)]
    bench.assign(2, assignee="tom")
    assert places(bench) == [(1, None), (2, None)]


def test_the_oldest_comes_first(bench):
    tell(bench.db, bench.change(PRICES), bench.change(MORE_AGES))
    assert places(bench) == [(1, None), (2, None), (3, None)]


# Its sections


def test_a_confirmed_section_is_an_item_until_it_was_edited_and_is_said_to_be_current(bench):
    bench.reject(1, REFUNDS)
    bench.confirm(1, UPLOAD)
    (item,) = items(bench)
    assert (item.section_id, item.verdict, item.procedure) == (UPLOAD, CONFIRMED, "ages Age checks \u203a Upload")
    edit(bench)
    assert places(bench) == [(1, UPLOAD)]
    close_links(bench.db, UPLOAD, "mia", bench.now)
    assert places(bench) == []


def test_a_section_that_is_current_again_is_closed_though_somebody_had_it(bench):
    bench.reject(1, REFUNDS)
    bench.confirm(1, UPLOAD)
    bench.assign(1, UPLOAD, assignee="tom", due="2026-03-09")
    assert [(each.assignee, each.due) for each in items(bench)] == [("tom", "2026-03-09")]
    edit(bench)
    close_links(bench.db, UPLOAD, "mia", bench.now)
    assert places(bench) == []


def test_confirmed_as_a_whole_each_section_is_an_item(bench):
    bench.confirm(1)
    assert places(bench) == [(1, UPLOAD), (1, REFUNDS)]
    assert all(each.verdict is CONFIRMED for each in items(bench))


def test_confirmed_as_a_whole_a_section_that_nobody_was_shown_is_no_item_until_it_is_named(bench):
    bench.reject(1)
    tell(bench.db, bench.change(MORE_AGES, [UPLOAD], [APPEALS]))
    bench.confirm(2)
    assert places(bench) == [(2, UPLOAD)]
    bench.assign(2, APPEALS, assignee="tom")
    assert [(each.section_id, each.verdict) for each in items(bench)] == [(APPEALS, None), (UPLOAD, CONFIRMED)]


def test_a_section_given_to_somebody_stands_beside_what_is_left_of_the_whole(bench):
    bench.assign(1, REFUNDS, assignee="tom")
    assert [(each.section_id, each.assignee) for each in items(bench)] == [(None, None), (REFUNDS, "tom")]
    bench.assign(1, UPLOAD, assignee="zoe")
    assert [(each.section_id, each.assignee) for each in items(bench)] == [(UPLOAD, "zoe"), (REFUNDS, "tom")]


def test_a_section_that_nobody_tagged_can_be_an_item(bench):
    bench.assign(1, APPEALS, assignee="tom")
    assert places(bench) == [(1, None), (1, APPEALS)]


def test_a_change_is_open_until_each_section_in_view_is_decided(bench):
    bench.reject(1, UPLOAD)
    assert places(bench) == [(1, None)]
    bench.reject(1, REFUNDS)
    assert places(bench) == []


def test_what_is_left_of_a_change_stays_with_who_has_the_whole(bench):
    bench.assign(1, assignee="tom")
    bench.reject(1, UPLOAD)
    assert [(each.section_id, each.assignee) for each in items(bench)] == [(None, "tom")]


def stands(bench, change_id=1):
    return bench.db.execute("SELECT is_settled, due FROM change WHERE id = ?", [change_id]).fetchone()


def test_a_change_waits_for_the_owner_of_the_other_section(bench):
    bench.reject(1, UPLOAD)
    assert stands(bench) == (0, None)
    bench.reject(1, REFUNDS)
    assert stands(bench) == (1, None)


def test_a_change_is_in_hand_as_long_as_an_item_of_it_is(bench):
    bench.reject(1, REFUNDS)
    bench.confirm(1, UPLOAD)
    bench.assign(1, UPLOAD, assignee="tom", due="2026-03-09")
    assert stands(bench) == (1, "2026-03-09")
    edit(bench)
    close_links(bench.db, UPLOAD, "mia", bench.now)
    assert stands(bench) == (1, None)


def test_what_was_given_stays_in_hand_though_another_section_is_linked_and_current(bench):
    bench.confirm(1, UPLOAD)
    edit(bench)
    close_links(bench.db, UPLOAD, "mia", bench.now)
    bench.assign(1, REFUNDS, assignee="tom", due="2026-03-10")
    assert stands(bench) == (1, "2026-03-10")


def test_what_closes_a_section_for_one_change_does_not_open_it_when_the_next_change_makes_it_stale(bench):
    bench.reject(1, REFUNDS)
    bench.confirm(1, UPLOAD)
    edit(bench)
    close_links(bench.db, UPLOAD, "mia", bench.now)
    tell(bench.db, bench.change(MORE_AGES, [UPLOAD]))
    bench.confirm(2, UPLOAD)
    assert places(bench) == [(2, UPLOAD)]


def test_a_section_that_is_still_stale_by_an_earlier_change_is_open_for_both(bench):
    bench.reject(1, REFUNDS)
    bench.confirm(1, UPLOAD)
    tell(bench.db, bench.change(AGE_WORDS, [UPLOAD]))
    bench.confirm(2, UPLOAD)
    assert places(bench) == [(1, UPLOAD), (2, UPLOAD)]
    edit(bench)
    close_links(bench.db, UPLOAD, "mia", bench.now)
    assert places(bench) == []


def test_a_confirmed_section_with_no_clause_to_link_is_open_while_somebody_has_it(bench):
    bench.db["passage"].delete_where()
    bench.reject(1, REFUNDS)
    bench.confirm(1, UPLOAD)
    assert places(bench) == []
    bench.assign(1, UPLOAD, assignee="tom")
    assert places(bench) == [(1, UPLOAD)]


def test_a_linked_section_that_goes_stale_is_an_item_of_a_change_that_was_decided_without_it(office):
    office.publish([AGE, FEES])
    office.publish([AGE_18, FEES], 1)
    office.confirm("hosts#ages")
    office.write(AGES.replace("16", "18"), 3)
    close_links(office.db, "hosts#ages", "mia", day(4))
    office.publish([AGE_18.replace("18", "21"), FEES], 5)
    change = office.last_change
    assert [(each.change_id, each.section_id, each.verdict) for each in get_open_items(office.db, day(6))] == [
        (change, "hosts#ages", None)
    ]
    office.confirm("hosts#fees", 6)
    found = [(each.section_id, each.verdict) for each in get_open_items(office.db, day(6))]
    assert ("hosts#ages", None) in found


@pytest.mark.parametrize("decision", ["confirm", "reject"])
def test_a_linked_section_that_nobody_was_shown_stays_open_until_it_is_decided_about_by_itself(office, decision):
    """The change that makes it stale was not matched at all."""
    office.publish([AGE, FEES])
    office.publish([AGE_18, FEES], 1)
    office.confirm("hosts#ages")
    office.write(AGES.replace("16", "18"), 3)
    close_links(office.db, "hosts#ages", "mia", day(4))
    office.publish([AGE_18.replace("18", "21"), FEES], 5)
    change = office.last_change
    verdict = {"confirm": CONFIRMED, "reject": Verdict.NOT_APPLICABLE}[decision]
    decide(office.db, change, None, verdict, reason="unrelated", by="mia", now=day(6))
    found = [(each.section_id, each.verdict) for each in get_open_items(office.db, day(6))]
    assert found == [("hosts#ages", None)]
    decide(office.db, change, "hosts#ages", Verdict.NOT_APPLICABLE, reason="unrelated", by="mia", now=day(6))
    assert get_open_items(office.db, day(6)) == ()
    assert office.currency().clauses[0].stale_since is None


# Put off, and until when


def test_what_is_put_off_says_until_when_and_says_nothing_once_that_day_has_come(bench):
    bench.decide(1, None, Verdict.SNOOZED, due="2026-03-04")
    assert [each.snoozed_until for each in items(bench)] == ["2026-03-04"]
    assert [each.snoozed_until for each in items(bench, day(3))] == [None]


def test_who_has_it_still_has_it_while_it_is_put_off(bench):
    bench.assign(1, assignee="tom", due="2026-03-03")
    bench.decide(1, None, Verdict.SNOOZED, due="2026-03-08")
    (item,) = items(bench)
    assert (item.assignee, item.due, item.snoozed_until) == ("tom", "2026-03-03", "2026-03-08")


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ([("effective", "2026-03-20")], "2026-03-20"),
        ([("effective", "2026-04-20"), ("compliance", "2026-03-20")], "2026-03-20"),
        ([("effective", "2020-01-01"), ("compliance", "2026-03-20")], "2026-03-20"),
        ([("effective", "2020-01-01"), ("sunset", "2025-01-01")], "2025-01-01"),
        ([("effective", "2026-03-01")], "2026-03-01"),
        ([("last_updated", "2026-03-20")], None),
        ([("effective", "2026-04"), ("compliance", "2027")], None),
    ],
)
def test_the_deadline_is_the_next_full_day_or_the_last_one_where_all_are_over(bench, dates, expected):
    bench.db["date_mention"].insert_all(
        {"change_id": 1, "position": place, "kind": kind, "date": date, "sentence": ""}
        for place, (kind, date) in enumerate(dates)
    )
    assert [each.deadline for each in items(bench)] == [expected]


def test_an_entry_of_a_feed_goes_by_its_own_title(bench):
    bench.db["document"].insert({**next(bench.db["document"].rows), "id": "rules/1", "title": "Opinion on age checks"})
    bench.db.execute("UPDATE change SET document_id = 'rules/1'")
    assert [each.source_name for each in items(bench)] == ["Opinion on age checks"]


_CHANGE_COLUMNS = """change (id, document_id, from_version_id, to_version_id, kind, reason, severity, summary, status,
    fetch_id, detected_at, confirmed_at, hold_until, matcher, aspects, fingerprint, rules, returns_to)"""
_CHANGES = """SELECT id + 1, 'rules', NULL, id + 1, 'editorial', '', 'low', '', 'confirmed', 1, '',
'2026-03-01T12:00:00Z', NULL, NULL, '[]', '', '1', NULL FROM many"""
MANY = "WITH RECURSIVE many(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM many WHERE id < 10000) INSERT INTO"


def test_ten_thousand_changes_are_looked_through_at_once(bench):
    with transaction(bench.db):
        bench.db.execute("DELETE FROM digest_change")
        for table, facts in [
            ("version", "SELECT id + 1, 'rules', id, x'', '', '', '' FROM many"),
            (_CHANGE_COLUMNS, _CHANGES),
            (
                "decision",
                "SELECT id, id + 1, NULL, 'not-applicable', 'covered', NULL, NULL, 'mia', '2026-03-01' FROM many",
            ),
            ("digest_change", "SELECT 'desk', id + 1, 'daily', (SELECT id FROM digest) FROM many"),
        ]:
            bench.db.execute(f"{MANY} {table} {facts}")
        bench.db.execute("DELETE FROM decision WHERE id > 9900")
    began = perf_counter()
    assert len(items(bench)) == 100
    assert perf_counter() - began < 3
