"""The index of the full-text search: what it knows after each step, whatever came between."""

from __future__ import annotations

import pytest

from monitor.model import ChangeKind
from monitor.store import changes, search, sources, transaction, versions
from monitor.store.search import catch_up, find_changes, find_texts, get_texts, take_apart
from store.conftest import HOUR, NOON, a_source
from triaged import AGES, PRICES, SPAM, Bench


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def found(bench, match, **filters):
    return [each.change_id for each in find_changes(bench.db, match, filters)]


def texts(bench, match, **filters):
    return [each.document_id for each in get_texts(bench.db, find_texts(bench.db, match, filters))]


def test_nothing_is_found_before_it_was_taken_in(bench):
    bench.change(AGES)
    assert (found(bench, "livestream"), texts(bench, "stored")) == ([], [])
    assert catch_up(bench.db) == 2
    assert (found(bench, "livestream"), texts(bench, "stored")) == ([1], ["rules"])


def test_taking_in_twice_finds_nothing_new(bench):
    bench.change(AGES)
    catch_up(bench.db)
    assert catch_up(bench.db) == 0
    assert found(bench, "livestream") == [1]


def test_a_new_text_takes_the_place_of_the_old_one_while_both_changes_are_found(bench):
    bench.change(AGES)
    catch_up(bench.db)
    bench.change(SPAM)
    catch_up(bench.db)
    assert (texts(bench, "stored"), texts(bench, "ban")) == ([], ["rules"])
    assert (found(bench, "stored"), found(bench, "ban")) == ([1], [2])


def test_a_text_that_is_not_confirmed_yet_is_not_the_current_one(bench):
    bench.change(AGES)
    change_id = bench.change(SPAM)
    with transaction(bench.db):
        bench.db.execute("UPDATE change SET status = 'provisional' WHERE id = ?", [change_id])
    catch_up(bench.db)
    assert (texts(bench, "stored"), texts(bench, "ban")) == (["rules"], [])
    with transaction(bench.db):
        changes.mark_confirmed(bench.db, change_id, NOON)
    catch_up(bench.db)
    assert (texts(bench, "stored"), texts(bench, "ban")) == ([], ["rules"])


def test_a_change_that_was_gone_before_it_was_confirmed_is_not_found(bench):
    bench.change(AGES)
    with transaction(bench.db):
        bench.db.execute("UPDATE change SET status = 'superseded'")
    catch_up(bench.db)
    assert found(bench, "livestream") == []


def test_history_is_found_as_changes_and_is_no_current_text(bench):
    bench.change(AGES)
    with transaction(bench.db):
        bench.db.execute("UPDATE change SET status = 'history', confirmed_at = NULL")
    catch_up(bench.db)
    assert [each.status for each in find_changes(bench.db, "livestream", {})] == ["history"]
    assert texts(bench, "stored") == []


def test_a_first_look_is_found_only_where_it_is_asked_for(bench):
    bench.change(AGES)
    with transaction(bench.db):
        bench.db.execute("UPDATE change SET kind = 'first'")
    catch_up(bench.db)
    assert (found(bench, "livestream"), found(bench, "livestream", kind="first")) == ([], [1])


def test_more_than_one_step_takes_in_everything(bench, monkeypatch):
    monkeypatch.setattr(search, "AT_ONCE", 2)
    for source, wording in [("rules", AGES), ("other", PRICES), ("rules", SPAM), ("other", AGES), ("rules", PRICES)]:
        bench.change(wording, source=source)
    assert catch_up(bench.db) == 7
    assert sorted(found(bench, "days")) == [1, 2, 4, 5]


@pytest.mark.parametrize("killed_at", range(1, 6))
def test_killed_between_any_two_steps_it_goes_on_where_it_was(bench, monkeypatch, killed_at):
    monkeypatch.setattr(search, "AT_ONCE", 1)
    for source, wording in [("rules", AGES), ("other", PRICES), ("rules", SPAM)]:
        bench.change(wording, source=source)
    put, calls = search._put, []

    def die(*facts):
        calls.append(facts)
        if len(calls) == killed_at:
            raise KeyboardInterrupt
        put(*facts)

    monkeypatch.setattr(search, "_put", die)
    with pytest.raises(KeyboardInterrupt):
        catch_up(bench.db)
    monkeypatch.setattr(search, "_put", put)
    catch_up(bench.db)
    assert (sorted(found(bench, "days")), found(bench, "ban")) == ([1, 2], [3])
    assert (texts(bench, "ban"), texts(bench, "prices")) == (["rules"], ["other"])


@pytest.mark.parametrize(("name", "value", "expected"), [
    ("source", "other", [2]), ("source", "nowhere", []), ("jurisdiction", "EU", [1, 2]), ("jurisdiction", "US", []),
    ("kind", "substantive", [1, 2]), ("kind", "editorial", []),
])  # fmt: skip
def test_what_is_found_can_be_narrowed(bench, name, value, expected):
    bench.change(AGES)
    bench.change(PRICES, source="other")
    catch_up(bench.db)
    assert sorted(found(bench, "days", **{name: value})) == expected


def test_texts_are_narrowed_in_the_same_way_whatever_kind_of_change_is_asked_for(bench):
    bench.change(AGES)
    bench.change(PRICES, source="other")
    catch_up(bench.db)
    assert texts(bench, "days", source="other", kind=ChangeKind.EDITORIAL) == ["other"]


def test_a_word_in_the_title_weighs_more_than_one_in_the_text(bench):
    with transaction(bench.db):
        sources.declare_sources(
            bench.db, [a_source(id="third", name="Prices", urls=("https://example.org/third",))], NOON
        )
    bench.sources["third"] = a_source(id="third")
    bench.change(PRICES, source="other")
    bench.change(SPAM, source="third")
    catch_up(bench.db)
    assert texts(bench, "prices")[0] == "third"


@pytest.mark.parametrize(("text", "expected"), [
    ("plain words", ["plain", "words"]),
    ("§5 and § 6", ["§", "5", "and", "§", "6"]),
    ("平台应当 verify", ["平", "台", "应", "当", "verify"]),
    ("ひらがな", ["ひ", "ら", "が", "な"]),
])  # fmt: skip
def test_what_is_written_without_spaces_is_taken_apart(text, expected):
    assert take_apart(text).split() == expected


def test_an_old_database_is_taken_in_as_a_whole(bench):
    """As after the migration that brings the tables: nothing is known, whatever happened before."""
    for each in (AGES, SPAM, PRICES):
        bench.change(each)
    with transaction(bench.db):
        versions.declare_document(
            bench.db,
            "empty",
            source_id="rules",
            identity="empty",
            url="https://example.org/e",
            title="",
            now=NOON + HOUR,
        )
    assert catch_up(bench.db) == 4
