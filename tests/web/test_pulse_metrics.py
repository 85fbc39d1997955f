"""/metrics: numbers that agree with the database, grow only, have the names Prometheus wants, and are shown to few."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from monitor import __version__
from monitor.model import ChangeKind, DeliveryState, Outcome, ProblemKind
from monitor.pulse import PartState, Pulse
from monitor.service import listen
from monitor.store import connect_to_read, read_time, transaction, write_time
from monitor.store.fetches import FetchState
from monitor.store.history import declare_resource
from monitor.store.pulse import FETCHED, LAST_DAY, Spread, Tally, get_standing, has_delivered_day
from monitor.store.retention import prune
from monitor.web.app import create_app
from monitor.web.metrics import build_registry
from triaged import AGES, UPLOAD
from web.conftest import Desk
from web.knocking import NOW, Door, opened, settle
from web.measured import NAMES, TOLD

ROOT = Path(__file__).parents[2]
AT = datetime.fromisoformat(NOW)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOKEN = "scrape-geheim-0123456789"


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


class Reading:
    """What one look saw: `reading["fetches_total", "answered"]`."""

    def __init__(self, registry):
        self.text = generate_latest(registry).decode()
        self.families = list(text_string_to_metric_families(self.text))
        self.values = {
            (each.name.removeprefix("policy_monitor_"), *each.labels.values()): each.value
            for family in self.families
            for each in family.samples
        }

    def __getitem__(self, key):
        return self.values[key if isinstance(key, tuple) else (key,)]


def look(desk, pulse=None):
    return Reading(build_registry(settle(desk), pulse or Pulse()))


def add_fetches(db, resource_id, *rows):
    """(outcome, state, at) each; the ids."""
    facts = {"resource_id": resource_id, "headers": "{}", "duration_ms": 1, "partial": 0, "detail": ""}
    with transaction(db):
        for outcome, state, at in rows:
            db.table("fetch").insert({"outcome": outcome, "state": state, "at": write_time(at), **facts})


# What is counted


def test_attempts_are_counted_by_how_they_ended(desk):
    before = look(desk)
    assert before["fetches_total", "answered"] == 2
    add_fetches(desk.db, 1, *[("timeout", "none", AT)] * 3, ("unchanged", "unchanged", AT), ("ok", "rejected", AT))
    after = look(desk)
    assert after["fetches_total", "answered"] == 4
    assert after["fetches_total", "timeout"] == 3
    assert after["fetches_total", "lost"] == 0


def test_no_counter_goes_down_when_old_attempts_are_dropped_not_even_over_a_restart(desk):
    old = AT - 300 * DAY
    rows = [("unchanged", "unchanged", old + n * HOUR) for n in range(200)]
    add_fetches(desk.db, 1, *rows, ("timeout", "none", old + 100 * DAY))
    registry = build_registry(settle(desk), Pulse())
    before = Reading(registry)
    assert prune(desk.db, AT - 30 * DAY).fetches > 100
    for after in (Reading(registry), look(desk)):
        assert after["fetches_total", "answered"] == before["fetches_total", "answered"] == 202
        assert after["fetches_total", "timeout"] == 1


def test_changes_are_counted_by_kind_and_what_a_backfill_brought_is_not(desk):
    registry = build_registry(settle(desk), Pulse())
    before = Reading(registry)
    assert before["changes_total", "substantive"] == 2
    desk.change(AGES, [UPLOAD], source="other")
    with transaction(desk.db):
        desk.db.execute(
            "UPDATE change SET status = 'history', confirmed_at = NULL WHERE id = (SELECT max(id) FROM change)"
        )
    assert Reading(registry)["changes_total", "substantive"] == 2
    desk.change(AGES, [UPLOAD], source="other")
    assert Reading(registry)["changes_total", "substantive"] == 3


def set_change(desk, change_id, **facts):
    with transaction(desk.db):
        desk.db.table("change").update(change_id, facts)


def test_how_long_a_change_was_held_is_counted_once_when_it_is_confirmed(desk):
    desk.change(AGES)
    set_change(desk, 1, detected_at="2026-03-01T13:00:00Z", confirmed_at="2026-03-01T13:00:00Z")
    set_change(desk, 2, detected_at="2026-03-01T13:00:00Z", confirmed_at=None, status="provisional")
    set_change(desk, 3, detected_at="2026-03-01T13:00:00Z", confirmed_at=None, status="provisional")
    registry = build_registry(settle(desk), Pulse())
    assert Reading(registry)["hold_seconds_count"] == 1
    set_change(desk, 2, confirmed_at="2026-03-01T14:30:00Z", status="confirmed")
    set_change(desk, 3, status="superseded")
    for after in (Reading(registry), Reading(registry), look(desk)):
        assert after["hold_seconds_bucket", "0.0"] == 1
        assert after["hold_seconds_bucket", "3600.0"] == 1
        assert after["hold_seconds_bucket", "7200.0"] == 2
        assert after["hold_seconds_bucket", "+Inf"] == after["hold_seconds_count"] == 2
        assert after["hold_seconds_sum"] == 5400


def test_changes_that_nobody_is_told_of_are_not_held_up(desk):
    set_change(desk, 1, kind="date_tick")
    assert look(desk)["hold_seconds_count"] == 1


def test_only_the_first_decision_about_a_change_counts(desk):
    seen = read_time(desk.db.execute("SELECT detected_at FROM change WHERE id = 1").fetchone()[0])
    desk.hour = 6
    desk.assign(1)
    registry = build_registry(settle(desk), Pulse())
    assert Reading(registry)["decision_seconds_count"] == 0
    desk.confirm(1, UPLOAD)
    made = read_time(desk.db.execute("SELECT max(at) FROM decision").fetchone()[0])
    desk.hour = 60
    desk.reject(1)
    for after in (Reading(registry), look(desk)):
        assert after["decision_seconds_count"] == 1
        assert after["decision_seconds_sum"] == (made - seen).total_seconds() > 3600


def add_delivery(db, name, channel, state, *, composed_at=AT, sent_at=None, period="daily"):
    with transaction(db):
        db.table("digest").insert(
            {
                "id": name, "audience_id": "desk", "period": period, "local_date": "2026-03-05",
                "composed_at": write_time(composed_at), "content": "{}",
            }
        )  # fmt: skip
        at = write_time(sent_at) if sent_at else None
        row = {"digest_id": name, "part": 1, "parts": 1, "payload": "{}"}
        db.table("delivery").insert({"id": name, "channel": channel, "state": state, "sent_at": at, **row})


def test_messages_are_counted_by_sort_of_channel_when_they_are_sent(desk):
    add_delivery(desk.db, "a", "slack:C1", "sent")
    add_delivery(desk.db, "b", "slack:C2", "pending", composed_at=AT - HOUR)
    add_delivery(desk.db, "c", "webhook:https://hooks.example/geheim", "failed", composed_at=AT - DAY)
    add_delivery(desk.db, "d", "file", "sent")
    registry = build_registry(settle(desk), Pulse())
    before = Reading(registry)
    assert (before["deliveries_sent_total", "slack"], before["deliveries_sent_total", "file"]) == (1, 1)
    assert before["deliveries_unsent", "slack", "pending"] == 1
    assert before["deliveries_unsent", "webhook", "failed"] == 1
    assert before["oldest_unsent_timestamp_seconds"] == (AT - DAY).timestamp()
    assert "geheim" not in before.text
    with transaction(desk.db):
        desk.db.execute("UPDATE delivery SET state = 'sent'")
    after = Reading(registry)
    assert (after["deliveries_sent_total", "slack"], after["deliveries_sent_total", "webhook"]) == (2, 1)
    assert ("oldest_unsent_timestamp_seconds",) not in after.values


# How things stand


def test_what_came_in_the_last_day_is_told_by_what_became_of_it(desk):
    add_fetches(
        desk.db,
        1,
        *[("ok", "good", AT - 3 * DAY)] * 40,
        ("ok", "rejected", AT - LAST_DAY - timedelta(seconds=1)),
        ("ok", "rejected", AT - LAST_DAY),
        *[("unchanged", "unchanged", AT - HOUR)] * 5,
        ("timeout", "none", AT),
    )
    reading = look(desk)
    found = {
        state: reading["answers_last_day", state] for state in ("good", "rejected", "unchanged", "none", "pending")
    }
    assert found == {"good": 0, "rejected": 1, "unchanged": 5, "none": 1, "pending": 0}
    assert reading["last_good_fetch_timestamp_seconds"] == (AT - HOUR).timestamp()


def test_what_a_backfill_took_from_an_archive_is_not_of_the_last_day_and_no_sign_of_life(desk):
    add_fetches(desk.db, 1, ("ok", "good", AT - HOUR))
    add_fetches(desk.db, declare_resource(desk.db, "rules", "git:rules"), ("ok", "good", AT - 2000 * DAY))
    add_fetches(desk.db, 1, ("ok", "rejected", AT))
    add_fetches(desk.db, declare_resource(desk.db, "rules", "api:rules"), *[("ok", "good", AT)] * 3)
    reading = look(desk)
    assert (reading["answers_last_day", "good"], reading["answers_last_day", "rejected"]) == (1, 1)
    assert reading["last_good_fetch_timestamp_seconds"] == (AT - HOUR).timestamp()


def test_without_any_attempt_there_is_nothing_to_tell(desk):
    desk.db.execute("PRAGMA foreign_keys = OFF")
    with transaction(desk.db):
        desk.db.execute("DELETE FROM fetch")
    standing = get_standing(desk.db, AT, HOUR)
    assert (standing.answers, standing.good_at) == ({}, None)


def test_sources_are_due_when_their_time_has_come_and_overdue_two_hours_later(desk):
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET due_at = ? WHERE id = 'rules'", [write_time(AT - 2 * HOUR)])
        desk.db.execute("UPDATE source SET due_at = ? WHERE id = 'other'", [write_time(AT + HOUR)])
    reading = look(desk)
    assert [reading[f"sources_{each}"] for each in ("enabled", "due", "overdue")] == [2, 1, 0]
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET due_at = ?", [write_time(AT - 3 * HOUR)])
        desk.db.execute("UPDATE source SET enabled = 0 WHERE id = 'other'")
    reading = look(desk)
    assert [reading[f"sources_{each}"] for each in ("enabled", "due", "overdue")] == [1, 1, 1]


def test_open_problems_are_told_by_kind(desk):
    facts = {"resource_id": 1, "detail": "", "advice": "", "opened_at": NOW, "last_seen_at": NOW}
    with transaction(desk.db):
        desk.db.table("problem").insert({"kind": "blocked", **facts})
        desk.db.table("problem").insert({"kind": "tls", "closed_at": NOW, **facts})
    reading = look(desk)
    assert (reading["problems_open", "blocked"], reading["problems_open", "tls"]) == (1, 0)


def test_the_process_tells_of_its_parts_and_its_last_tick(desk):
    pulse = Pulse()
    assert "policy_monitor_last_tick_success" not in look(desk, pulse).text
    for _ in range(2):
        pulse.note_part("slack", PartState.RESTARTING)
    pulse.note_tick(AT, 12.5, "no network")
    reading = look(desk, pulse)
    assert reading["part_restarts_total", "slack"] == 2
    assert reading["last_tick_timestamp_seconds"] == AT.timestamp()
    assert (reading["last_tick_duration_seconds"], reading["last_tick_success"], reading["standing_by"]) == (12.5, 0, 0)
    pulse.note_part("ticks", PartState.STANDING_BY)
    assert look(desk, pulse)["standing_by"] == 1


def test_it_tells_what_it_is_and_how_large_the_database_is(desk):
    reading = look(desk)
    assert reading["build_info", __version__] == 1
    assert reading["database_size_bytes"] > 100_000
    assert reading["process_resident_memory_bytes"] > 1_000_000


# As Prometheus wants it


@pytest.fixture
def busy(desk):
    """With something to tell of everything."""
    add_delivery(desk.db, "b", "slack:C2", "pending")
    pulse = Pulse()
    pulse.note_part("slack", PartState.RESTARTING)
    pulse.note_tick(AT, 1)
    return look(desk, pulse)


def test_every_name_is_ours_and_has_its_type_and_a_help_of_one_sentence(busy):
    ours = [each for each in busy.families if not each.name.startswith("process_")]
    assert {each.name.removeprefix("policy_monitor_"): each.type for each in ours} == NAMES
    assert [each.name for each in ours if not re.fullmatch(r"[A-Z1][^.]+\.", each.documentation)] == []
    assert busy.text.count("# HELP policy") == busy.text.count("# TYPE policy") == len(ours)


def test_every_name_is_explained_and_no_other(busy):
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    named = {re.sub(r"_(?:bucket|sum|count)$", "", each) for each in re.findall(r"policy_monitor_\w+", page)}
    assert named == TOLD.keys()


def test_labels_have_only_values_that_the_program_has_words_for(busy):
    words = {
        "outcome": set(FETCHED),
        "kind": {*ChangeKind, *ProblemKind},
        "state": {*FetchState, *DeliveryState},
        "channel": {"slack"},
        "part": {"slack"},
        "version": {__version__},
    }
    for family in busy.families:
        for each in family.samples:
            assert each.labels.keys() - {"le"} <= words.keys()
            assert all(value in words[name] for name, value in each.labels.items() if name != "le")


def test_every_way_in_which_an_attempt_can_end_is_told_also_where_none_did(desk):
    reading = look(desk)
    told = {labels[0] for name, *labels in reading.values if name == "fetches_total"}
    assert told == {"answered", *Outcome} - {Outcome.OK, Outcome.UNCHANGED}


# Who may read it


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    with opened(Desk(tmp_path_factory.mktemp("desk")), MONITOR_METRICS_TOKEN=TOKEN) as door:
        yield door


@pytest.fixture(scope="module")
def public(tmp_path_factory):
    url = "https://desk.example.org"
    with opened(Desk(tmp_path_factory.mktemp("public")), MONITOR_WEB_URL=url, MONITOR_METRICS_TOKEN=TOKEN) as door:
        yield door


def test_a_program_on_this_machine_may_read_it(door):
    answer = door.ask("/metrics")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "policy_monitor_build_info" in answer.text


STRANGERS = {
    "by another name, as a page of another site would": {"Host": "evil.example"},
    "by the address of a pod": {"Host": "10.1.2.3:8420"},
    "from behind a proxy": {"X_Forwarded_For": "203.0.113.9"},
    "from behind a proxy of the standard": {"Forwarded": "for=203.0.113.9"},
    "from behind nginx": {"X_Real_IP": "203.0.113.9"},
    "from behind a cache": {"Via": "1.1 varnish"},
    "with another token": {"Authorization": "Bearer scrape"},
    "with a token that is no ASCII": {"Authorization": "Bearer geh\xe9im"},
    "with an empty token": {"Authorization": "Bearer "},
}


@pytest.mark.parametrize("headers", STRANGERS.values(), ids=STRANGERS)
def test_a_stranger_may_not(door, headers):
    answer = door.ask("/metrics", **headers)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "policy_monitor_" not in answer.text


def test_behind_an_address_that_people_type_nobody_is_of_this_machine(public):
    """A proxy beside it need not leave a mark, and may call it 127.0.0.1."""
    assert public.ask("/metrics").status == 401
    assert public.ask("/metrics", Host="desk.example.org").status == 401


@pytest.mark.parametrize("host", ["127.0.0.1", "desk.example.org", "10.1.2.3:8420"])
def test_whoever_shows_the_token_may_by_any_name(public, host):
    assert public.ask("/metrics", Host=host, Authorization=f"Bearer {TOKEN}").status == 200


def test_without_a_token_none_is_right(tmp_path):
    with opened(Desk(tmp_path)) as door:
        assert door.ask("/metrics", Authorization="Bearer ").status == 401
        assert door.ask("/metrics", Authorization="Bearer None").status == 401
        assert door.ask("/metrics", Authorization="Basic eDp5").status == 200, "no token was shown"


def test_a_key_of_the_desk_is_no_token(door):
    assert door.ask("/metrics", Cookie=door.enter("maria", "lead"), X_Forwarded_For="203.0.113.9").status == 401


def test_where_there_is_no_database_it_says_so_and_goes_on_when_there_is(tmp_path):
    config = settle(Desk(tmp_path))
    kept = config.db.rename(tmp_path / "away.db")
    with listen(create_app(config), "127.0.0.1", 0) as address:
        door = Door(None, config, address)
        answer = door.ask("/metrics")
        assert (answer.status, "no database here yet" in answer.text) == (503, True)
        kept.rename(config.db)
        assert door.ask("/metrics").status == 200


def test_where_a_table_is_missing_it_says_so(desk):
    desk.db.execute("ALTER TABLE delivery RENAME TO lost")
    with opened(desk) as door:
        answer = door.ask("/metrics")
    assert (answer.status, answer.text) == (503, "no such table: delivery\n")


def test_where_a_row_holds_what_is_no_time_it_says_how_to_find_it(desk):
    desk.db.execute("UPDATE fetch SET at = 'garbage'")
    desk.db.conn.commit()
    with opened(desk) as door:
        answer = door.ask("/metrics")
    assert (answer.status, answer.text) == (503, "A row of the database cannot be read. Which one: monitor verify\n")


def test_a_decision_without_a_time_is_not_counted(desk):
    desk.confirm(1, UPLOAD)
    desk.db.execute("UPDATE decision SET at = 'garbage'")
    desk.db.conn.commit()
    assert look(desk)["decision_seconds_count"] == 0


# A day that was delivered


@pytest.mark.parametrize(
    ("rows", "is_delivered"),
    [
        ([], False),
        ([("daily", "sent", HOUR, HOUR)], False),
        ([("daily", "sent", HOUR, 0 * HOUR)], True),
        ([("alert", "sent", HOUR, 0 * HOUR)], False),
        ([("daily", "sent", HOUR, 0 * HOUR), ("daily", "pending", HOUR, None)], False),
        ([("daily", "sent", HOUR, 0 * HOUR), ("alert", "failed", HOUR, None)], True),
        ([("daily", "sent", HOUR, 0 * HOUR), ("daily", "failed", 25 * HOUR, None)], True),
    ],
    ids=[
        "nothing",
        "sent before",
        "sent now",
        "an alert",
        "half",
        "beside an alert that is refused",
        "after a bad day",
    ],
)
def test_a_day_is_delivered_when_its_last_daily_digest_is_sent(desk, rows, is_delivered):
    for place, (period, state, age, sent) in enumerate(rows):
        at = None if sent is None else AT - sent
        add_delivery(desk.db, f"d{place}", "file", state, composed_at=AT - age, sent_at=at, period=period)
    assert has_delivered_day(desk.db, AT) is is_delivered


# The sums


def test_a_duration_on_a_bound_belongs_to_it():
    spread = Spread((10, 20))
    for seconds in (0, 10, 11, 20, 21):
        spread.add(seconds)
    assert (spread.counts, spread.total_s) == ([2, 2, 1], 62)


def test_a_tally_counts_the_same_bit_by_bit_as_at_once(desk):
    bit_by_bit = Tally()
    with closing(connect_to_read(desk.folder / "monitor.db")) as db:
        bit_by_bit.update(db)
        for hour in range(3):
            desk.change(AGES, [UPLOAD])
            add_fetches(desk.db, 1, ("tls", "none", AT), ("ok", "good", AT + hour * HOUR))
            bit_by_bit.update(db)
        desk.confirm(2)
        bit_by_bit.update(db)
        at_once = Tally()
        at_once.update(db)
    assert bit_by_bit == at_once
    assert at_once.fetches["tls"] == 3
