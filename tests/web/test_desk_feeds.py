"""What programs read: the calendar file, the feed, the exports. It is Thursday, 5 March 2026, 16:00."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from datetime import UTC, date, datetime, timedelta

import feedparser
import pytest
from icalendar import Calendar

import told
from monitor.model import Role, Verdict
from monitor.store import transaction
from monitor.store.exports import Span
from monitor.store.subjects import Subject
from monitor.triage import decide
from monitor.views import exports
from monitor.web.access.invitation import make_key
from store.conftest import NOON
from triaged import AGES, PRICES, REFUNDS, UPLOAD

HOSTILE = "=cmd|' /C calc'!A0 <b>, ; \\ \"q\" \u202eevil\u0007\nBEGIN:VEVENT\r\nX:\ufffe"


@pytest.fixture
def read(visitor):
    """The calendar file, read back: UID → event."""

    def read(query=""):
        answer = visitor.open(f"/calendar.ics{query}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        calendar = Calendar.from_ical(answer.body)
        assert calendar.errors == []
        calendar.validate()
        events = {str(each["UID"]): each for each in calendar.events}
        assert len(events) == len(calendar.events)
        return events

    return read


def only(events):
    ((uid, event),) = events.items()
    return uid, event


def test_a_deadline_is_an_all_day_event_that_says_what_and_where(desk, visitor, read):
    told.date(desk, 1, "compliance", "2026-04-01")
    uid, event = only(read())
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 4, 1), date(2026, 4, 2))
    assert str(event["SUMMARY"]) == "Comply by: Rules, Example"
    assert str(event["URL"]) == f"{visitor.address}/changes/1"
    for each in ("It happens on 2026-04-01.", "Nobody has decided yet.", "ages Age checks › Upload", event["URL"]):
        assert each in event["DESCRIPTION"]
    assert (event["STATUS"], event["SEQUENCE"], event["TRANSP"]) == ("CONFIRMED", 0, "TRANSPARENT")
    assert [str(each) for each in event["CATEGORIES"].cats] == ["Comply by", "EU"]
    assert uid.endswith("@127.0.0.1")
    assert event.subcomponents == []


def test_the_file_is_as_the_standard_has_it(desk, visitor):
    told.date(desk, 1, "compliance", "2026-04-01")
    body = visitor.open("/calendar.ics").body
    lines = body.split(b"\r\n")
    assert lines.pop() == b""
    assert all(len(each) <= 75 and b"\n" not in each for each in lines)
    text = re.sub(rb"\r\n[ ]", b"", body).decode()
    for each in (
        "VERSION:2.0", "PRODID:-//Policy Monitor", "X-WR-CALNAME:Policy Monitor", "NAME:Policy Monitor",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H", "DTSTART;VALUE=DATE:20260401",
    ):  # fmt: skip
        assert f"\r\n{each}" in text
    assert re.search(r"\r\nDTSTAMP:2026\d{4}T\d{6}Z\r\n", text)
    assert "METHOD" not in text


def test_an_empty_calendar_is_one_that_programs_accept(read):
    assert read() == {}


def test_a_moved_date_is_the_same_event_on_another_day(desk, read):
    told.date(desk, 1, "effective", "2026-04-01")
    uid, before = only(read())
    told.date(desk, desk.change(PRICES), "effective", "2026-05-01", "2026-04-01")
    again, event = only(read())
    assert (again, event.decoded("DTSTART"), event["SEQUENCE"]) == (uid, date(2026, 5, 1), 1)
    assert event.decoded("LAST-MODIFIED") > before.decoded("LAST-MODIFIED")
    assert "Moved from 1 Apr 2026." in event["DESCRIPTION"]
    told.date(desk, desk.change(AGES), "effective", "2026-06-01", "2026-05-01")
    again, event = only(read())
    assert (again, event.decoded("DTSTART"), event["SEQUENCE"]) == (uid, date(2026, 6, 1), 2)


def test_a_date_that_goes_to_and_fro_stays_one_event(desk, read):
    told.date(desk, 1, "effective", "2026-04-01")
    uid, _ = only(read())
    told.date(desk, desk.change(PRICES), "effective", "2026-05-01", "2026-04-01")
    told.date(desk, desk.change(PRICES), "effective", "2026-04-01", "2026-05-01")
    again, event = only(read())
    assert (again, event.decoded("DTSTART"), event["SEQUENCE"]) == (uid, date(2026, 4, 1), 2)


def test_of_a_date_that_became_two_the_first_is_the_same_event_and_the_other_a_new_one(desk, read):
    told.date(desk, 1, "effective", "2026-04-01")
    uid, _ = only(read())
    later = desk.change(PRICES)
    told.date(desk, later, "effective", "2026-05-01", "2026-04-01")
    told.date(desk, later, "effective", "2026-06-01", "2026-04-01")
    events = read()
    assert (len(events), events[uid].decoded("DTSTART")) == (2, date(2026, 5, 1))


def test_a_date_that_left_and_was_stated_again_is_an_event_of_its_own(desk, read):
    told.date(desk, 1, "effective", "2026-04-01")
    told.date(desk, desk.change(PRICES), "effective", "2026-05-01", "2026-04-01")
    told.date(desk, desk.change(PRICES), "effective", "2026-04-01", "2026-05-01")
    told.date(desk, desk.change(PRICES), "effective", "2026-05-01")
    assert sorted(each.decoded("DTSTART") for each in read().values()) == [date(2026, 4, 1), date(2026, 5, 1)]


def test_a_date_that_left_for_a_third_is_still_the_same_event(desk, read):
    days = ["2026-04-01", "2026-05-01", "2026-04-01", "2026-06-01"]
    told.date(desk, 1, "effective", days[0])
    uid, _ = only(read())
    for before, after in itertools.pairwise(days):
        told.date(desk, desk.change(PRICES), "effective", after, before)
    again, event = only(read())
    assert (again, event.decoded("DTSTART"), event["SEQUENCE"]) == (uid, date(2026, 6, 1), 3)


def test_two_documents_and_two_kinds_are_different_events(desk, read):
    other = desk.change(PRICES, source="other")
    for change, kind in ((1, "effective"), (1, "sunset"), (other, "effective")):
        told.date(desk, change, kind, "2026-04-01")
    assert len(read()) == 3


def test_what_is_rejected_is_called_off_and_comes_back_when_it_is_taken_back(desk, read):
    told.date(desk, 1, "effective", "2026-04-01")
    uid, _ = only(read())
    desk.reject(1)
    again, event = only(read())
    assert (again, event["STATUS"], event["SEQUENCE"]) == (uid, "CANCELLED", 1)
    assert "Called off" in event["DESCRIPTION"]
    desk.take_back(1)
    assert only(read())[1]["STATUS"] == "CONFIRMED"


def test_what_is_withdrawn_is_called_off_and_leaves_the_file_in_the_end(desk, read):
    told.date(desk, 1, "effective", "2026-04-01")
    uid, _ = only(read())
    later = desk.change(PRICES)
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET reason = 'withdrawn; reworded' WHERE id = ?", [later])
    again, event = only(read())
    assert (again, event["STATUS"], event["SEQUENCE"]) == (uid, "CANCELLED", 1)
    assert f"Called off: withdrawn since, by change {later}." in event["DESCRIPTION"]
    assert "Nobody has decided" not in event["DESCRIPTION"]
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET confirmed_at = '2025-11-20T12:00:00Z' WHERE id = ?", [later])
    assert read() == {}


def test_what_was_rejected_long_ago_is_gone(desk, read):
    told.date(desk, 1, "effective", "2026-04-01")
    decide(desk.db, 1, None, Verdict.NOT_APPLICABLE, reason="unrelated", by="mia", now=NOON - timedelta(days=100))
    assert read() == {}


def test_what_one_change_rejects_another_may_still_state(desk, read):
    told.date(desk, 1, "effective", "2026-04-01")
    later = told.date(desk, desk.change(PRICES), "effective", "2026-04-01")
    desk.reject(later)
    _, event = only(read())
    assert (event["STATUS"], str(event["URL"]).rpartition("/")[2]) == ("CONFIRMED", "1")


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-04", "2026-04-01"),
        ("2026-03", "2026-03-01"),
        ("2026-03-05", "2026-03-05"),
        ("2025-12-10", "2025-12-10"),
        ("2025-11-30", None),
        ("2026", None),
        ("2031", None),
    ],
)
def test_a_month_stands_on_its_first_day_and_says_so_and_a_year_nowhere(desk, read, written, day):
    told.date(desk, 1, "effective", written)
    assert [each.decoded("DTSTART").isoformat() for each in read().values()] == ([day] if day else [])
    assert all(("some day in" in each["SUMMARY"]) == (len(written) == 7) for each in read().values())


def test_what_is_in_hand_is_due_on_its_day(desk, read):
    desk.assign(1, UPLOAD, due="2026-03-09")
    uid, event = only(read())
    assert (str(event["SUMMARY"]), event.decoded("DTSTART")) == ("Due: Rules, Example", date(2026, 3, 9))
    assert "In hand: otto" in event["DESCRIPTION"]
    assert "Procedure: ages Age checks › Upload" in event["DESCRIPTION"]
    desk.set_due(1, UPLOAD, "2026-03-11")
    again, later = only(read())
    assert (again, later.decoded("DTSTART")) == (uid, date(2026, 3, 11))
    assert later["SEQUENCE"] > event["SEQUENCE"]


def test_the_calendar_has_the_filters_of_its_page(desk, read, visitor):
    told.date(desk, 1, "effective", "2026-04-01")
    told.date(desk, 2, "sunset", "2026-04-02")
    assert len(read("?kind=sunset")) == 1
    assert len(read("?mine=@billing")) == 1
    assert read("?jurisdiction=US") == {}
    assert "X-WR-CALNAME:Policy Monitor · EU · sunset" in visitor.open("/calendar.ics?kind=sunset&jurisdiction=EU").text


def make_hostile(desk):
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET name = ?, publisher = ?", [HOSTILE, HOSTILE])
        desk.db.execute("UPDATE document SET title = '', url = 'javascript:alert(1)'")
        desk.db.execute("UPDATE change SET summary = ?, reason = ?", [HOSTILE, HOSTILE])
        desk.db.execute("UPDATE passage SET before = ?", [HOSTILE])


def test_what_outsiders_wrote_ends_no_line_of_the_calendar(desk, read):
    make_hostile(desk)
    told.date(desk, 1, "effective", "2026-04-01")
    _, event = only(read(f"?{'&'.join(f'{name}=' for name in ('topic', 'mine'))}"))
    assert event["SUMMARY"].endswith("BEGIN:VEVENT X:\ufffe")
    assert "\u202e" not in event["SUMMARY"]
    assert "X" not in event


def test_a_filter_ends_no_line_either(visitor):
    text = visitor.open("/calendar.ics?topic=a%0D%0ABEGIN:VEVENT").body.decode()
    assert "\r\nBEGIN:VEVENT" not in text


@pytest.mark.parametrize("path", ["/calendar.ics", "/feed.atom"])
def test_who_has_it_already_is_told_so(desk, visitor, path):
    told.date(desk, 1, "effective", "2026-04-01")
    first = visitor.open(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    known = {"If-None-Match": f'"x", W/{first.headers["ETag"]}'}
    again = visitor.open(path, headers=known)
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert visitor.open(path, headers={"If-None-Match": "*"}).status == 304
    decide(desk.db, 1, None, Verdict.ASSIGNED, assignee="otto", due="2026-03-09", by="mia", now=desk.config.now())
    desk.change(PRICES)
    assert visitor.open(path, headers=known).status == 200


@pytest.mark.parametrize("path", ["/calendar.ics", "/feed.atom"])
def test_what_is_called_otherwise_is_new_although_nobody_decided_and_nothing_was_told(desk, visitor, path):
    told.date(desk, 1, "effective", "2026-04-01")
    first = visitor.open(path)
    assert first.headers["Last-Modified"] is None
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET publisher = 'Renamed'")
    for known in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": "Thu, 05 Mar 2099 00:00:00 GMT"}):
        again = visitor.open(path, headers=known)
        assert (again.status, b"Renamed" in again.body) == (200, True)


@pytest.mark.parametrize("path", ["/calendar.ics", "/feed.atom"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("If-Modified-Since", "Mon, 01 Jan 99999999999 00:00:00 GMT"),
        ("If-Modified-Since", "Thu, 05 Mar 2030 00:00:00 +9999"),
        ("If-Modified-Since", "yesterday"),
        ("If-Modified-Since", ""),
        ("If-None-Match", ""),
        ("If-None-Match", ',,W/,"'),
        ("If-None-Match", "\xff" * 5_000),
    ],
)
def test_an_odd_header_brings_it_all(visitor, path, name, value):
    assert visitor.open(path, headers={name: value}).status == 200


def read_feed(visitor, query=""):
    answer = visitor.open(f"/feed.atom{query}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")
    feed = feedparser.parse(answer.body)
    assert (feed.bozo, feed.version) == (False, "atom10")
    return feed


def test_the_feed_has_what_was_told_the_last_first(desk, visitor):
    told.date(desk, 2, "comments_close", "2026-04-01")
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET topics = '[\"minors\"]'")
        desk.db.execute("UPDATE change SET summary = 'A ban was added.' WHERE id = 2")
    feed = read_feed(visitor)
    assert [each.id for each in feed.entries] == [f"tag:127.0.0.1,2026:changes/{each}" for each in (2, 1)]
    entry = feed.entries[0]
    assert (entry.title, entry.link) == ("Example: A ban was added.", f"{visitor.address}/changes/2")
    assert entry.published == entry.updated == feed.feed.updated == feed.entries[0].updated
    assert datetime.fromisoformat(entry.updated).tzinfo == UTC
    assert ([each.term for each in entry.tags], entry.author) == (["EU", "high", "minors"], "Example")
    assert entry.content[0].type == "text/html"
    for each in ("comments close 1 Apr 2026", "Reworded", "<del>Selling followers is allowed.</del>"):
        assert each in entry.content[0].value
    assert "Procedures touched: ages Age checks › Upload; fees Fees › Refunds" in feed.entries[1].content[0].value
    assert "Procedures touched" not in entry.content[0].value


def test_the_feed_names_itself_without_the_key(desk, visitor):
    feed = read_feed(visitor, "?jurisdiction=EU&kind=x").feed
    links = {each.rel: each.href for each in feed.links}
    assert links == {
        "self": f"{visitor.address}/feed.atom?jurisdiction=EU",
        "alternate": f"{visitor.address}/",
    }
    assert feed.id == "tag:127.0.0.1,2026:feed.atom?jurisdiction=EU"
    assert read_feed(visitor).feed.id == "tag:127.0.0.1,2026:feed.atom"


def test_what_is_quiet_or_not_confirmed_yet_is_in_no_feed(desk, visitor):
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET kind = 'links' WHERE id = 1")
        desk.db.execute("UPDATE change SET status = 'provisional', confirmed_at = NULL WHERE id = 2")
    feed = read_feed(visitor)
    assert (feed.entries, feed.feed.updated) == ([], "1970-01-01T00:00:00+00:00")


def test_the_feed_has_filters(desk, visitor):
    assert len(read_feed(visitor, "?mine=@minors").entries) == 1
    assert read_feed(visitor, "?topic=ads").entries == []


def test_what_outsiders_wrote_is_only_ever_text_in_the_feed(desk, visitor):
    make_hostile(desk)
    raw = visitor.open("/feed.atom").body.decode()
    assert "\ufffe" not in raw
    assert "\u202e" not in raw
    content = read_feed(visitor).entries[0].content[0].value
    assert "<b>" not in content
    assert "&lt;b&gt;" in content


def read_csv(visitor, path):
    answer = visitor.open(path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8; header=present")
    assert answer.body.startswith(b"\xef\xbb\xbf")
    assert answer.body.count(b"\n") == answer.body.count(b"\r\n")
    rows = csv.reader(io.StringIO(answer.body.decode("utf-8-sig"), newline=""), strict=True)
    names, *values = list(rows)
    return [dict(zip(names, each, strict=True)) for each in values]


def test_changes_are_exported_with_what_was_decided(desk, visitor):
    told.date(desk, 1, "effective", "2026-04-01")
    told.date(desk, 1, "last_updated", "2026-03-01")
    desk.confirm(1, UPLOAD, reason="yes, at once")
    desk.assign(1, UPLOAD, due="2026-03-09")
    first, second = read_csv(visitor, "/exports/changes.csv")
    assert (first["change"], first["publisher"], first["document"]) == ("1", "Example", "Rules")
    assert (first["kind"], first["severity"], first["jurisdiction"]) == ("substantive", "high", "EU")
    assert first["deadlines"] == "effective 2026-04-01"
    assert first["sections"] == "ages Age checks › Upload; fees Fees › Refunds"
    assert (first["state"], first["decided_by"], first["why"]) == ("confirmed", "mia", "yes, at once")
    assert (first["in_hand"], first["due"]) == ("otto", "2026-03-09")
    assert (first["address"], first["link"]) == ("https://example.org/rules", f"{visitor.address}/changes/1")
    assert [second[each] for each in ("state", "decided_by", "decided", "in_hand", "due")] == ["open", "", "", "", ""]


def test_a_download_has_a_name_with_its_day(visitor):
    named = visitor.open("/exports/decisions.csv").headers["Content-Disposition"]
    assert named == 'attachment; filename="decisions-2026-03-05.csv"'


def test_json_says_the_same_and_more(desk, visitor):
    told.date(desk, 1, "effective", "2026-04-01")
    desk.confirm(1, UPLOAD)
    desk.reject(1, REFUNDS, reason="covered")
    answer = visitor.open("/exports/changes.json")
    assert answer.headers["Content-Type"] == "application/json"
    first, second = json.loads(answer.body)
    assert (first["id"], first["document"], first["source"], first["state"]) == (1, "Rules", "rules", "confirmed")
    assert first["dates"] == [
        {"kind": "effective", "date": "2026-04-01", "sentence": "It happens on 2026-04-01.", "moved_from": None}
    ]
    assert first["impacts"][0] == {
        "sop": "ages", "section": UPLOAD, "probability": 0.8, "evidence": [{"kind": "words", "text": "passport"}]
    }  # fmt: skip
    stands = {each["section"]: (each["verdict"], each["by"], each["reason"]) for each in first["standing"]}
    assert stands == {UPLOAD: ("confirmed", "mia", ""), REFUNDS: ("not-applicable", "mia", "covered")}
    assert (second["state"], second["standing"], second["impacts"]) == ("open", [], [])


@pytest.mark.parametrize(
    ("deciding", "state"),
    [
        (lambda desk: desk.assign(1), "open"),
        (lambda desk: desk.reject(1), "not-applicable"),
        (lambda desk: desk.reject(1, UPLOAD), "open"),
        (lambda desk: (desk.reject(1, UPLOAD), desk.reject(1, REFUNDS)), "not-applicable"),
        (lambda desk: (desk.reject(1), desk.confirm(1, UPLOAD)), "confirmed"),
        (lambda desk: (desk.confirm(1), desk.take_back(1)), "open"),
    ],
)
def test_a_change_is_in_the_state_that_its_decisions_leave_it_in(desk, visitor, deciding, state):
    deciding(desk)
    assert read_csv(visitor, "/exports/changes.csv")[0]["state"] == state


def test_someone_in_hand_without_a_decision_is_in_the_json_too(desk, visitor):
    desk.assign(2, due="2026-03-09")
    (standing,) = json.loads(visitor.open("/exports/changes.json").body)[1]["standing"]
    assert (standing["section"], standing["verdict"], standing["by"], standing["at"]) == (None, None, None, None)
    assert (standing["assignee"], standing["due"]) == ("otto", "2026-03-09")


def test_decisions_are_exported_in_their_order(desk, visitor):
    desk.confirm(1, UPLOAD)
    desk.reject(2, reason="unrelated: we sell none")
    desk.assign(1, UPLOAD, due="2026-03-09")
    rows = read_csv(visitor, "/exports/decisions.csv")
    assert [each["verdict"] for each in rows] == ["confirmed", "not-applicable", "assigned"]
    assert [each["procedure"] for each in rows] == ["ages › Upload", "", "ages › Upload"]
    assert (rows[1]["reason"], rows[1]["change"], rows[1]["section"]) == ("unrelated: we sell none", "2", "")
    assert (rows[2]["assignee"], rows[2]["due"], rows[2]["by"]) == ("otto", "2026-03-09", "mia")


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u200b=1", "\uff1d1", "\uff201"]
)
def test_no_cell_is_a_formula(cell):
    assert exports.guard(cell).startswith("'")


@pytest.mark.parametrize("sign", ";\t")
@pytest.mark.parametrize(
    "tail", ['=HYPERLINK("https://example.org")', '"=1+1"', '""+1', " -1", ' "@SUM(A1)"', "\uff1d1", ";=1", "\u200b=1"]
)
def test_no_part_of_a_cell_is_a_formula_where_a_program_cuts_it_at_another_sign(desk, visitor, sign, tail):
    with transaction(desk.db):
        desk.db.execute("UPDATE source SET publisher = ?", [f"Terms{sign}{tail}"])
    text = visitor.open("/exports/changes.csv").body.decode("utf-8-sig")
    for cut_at in ",;\t":
        cells = [each for row in csv.reader(io.StringIO(text, newline=""), delimiter=cut_at) for each in row]
        assert not [each for each in cells if each.strip(' "').startswith(("=", "+", "-", "@", "\uff1d"))]


@pytest.mark.parametrize("cell", ["", "1", "SOP-7", "a=b", "a; b-c", "2026-03-05", "§ 4", "'quoted'"])
def test_what_is_no_formula_stays_as_it_is(cell):
    assert exports.guard(cell) == cell


def test_what_outsiders_wrote_stays_in_its_cell(desk, visitor):
    make_hostile(desk)
    first = read_csv(visitor, "/exports/changes.csv")[0]
    assert first["publisher"] == "'=cmd|' /C calc'!A0 <b>, ; \\ \"q\" evil BEGIN:VEVENT X:\ufffe"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["1", "2"]),
        ("?jurisdiction=EU", ["1", "2"]),
        ("?jurisdiction=US", []),
        ("?topic=ads", []),
        ("?since=2026-03-01&until=2026-03-01", ["1", "2"]),
        ("?since=2026-03-02", []),
        ("?until=2026-02-28", []),
    ],
)
def test_an_export_has_what_is_asked_for(desk, visitor, query, found):
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET confirmed_at = '2026-03-01T23:59:59Z' WHERE id = 2")
    assert [each["change"] for each in read_csv(visitor, f"/exports/changes.csv{query}")] == found
    assert [str(each["id"]) for each in json.loads(visitor.open(f"/exports/changes.json{query}").body)] == found


def test_decisions_are_filtered_by_when_they_were_made(desk, visitor):
    desk.confirm(1)
    for query, number in (("?since=2026-03-01&until=2026-03-01", 1), ("?since=2026-03-02", 0), ("?jurisdiction=US", 0)):
        assert len(read_csv(visitor, f"/exports/decisions.csv{query}")) == number


@pytest.mark.parametrize(("name", "day"), [("since", "yesterday"), ("until", "2026-02-30")])
@pytest.mark.parametrize("path", ["changes.csv", "changes.json", "decisions.csv"])
def test_what_is_no_day_is_refused_and_not_left_out(visitor, path, name, day):
    answer = visitor.open(f"/exports/{path}?{name}={day}")
    assert answer.status == 400
    assert f'{name}: "{day}" is no day. Write it as in 2026-11-30.' in answer.text


def test_an_export_is_read_in_pieces_and_misses_nothing(desk, monkeypatch):
    monkeypatch.setattr(exports, "BATCH", 2)
    ids = [1, 2, *(desk.change(AGES) for _ in range(5))]
    with transaction(desk.db):
        desk.db.execute("UPDATE change SET confirmed_at = '2026-03-01T13:00:00Z' WHERE id IN (2, 3, 4, 5)")
    for each in ids:
        desk.confirm(each)
    span = Span(Subject())
    batches = list(exports.iter_changes(desk.config.db, span))
    assert [len(each) for each in batches] == [2, 2, 2, 1]
    assert sorted(each.told.id for batch in batches for each in batch) == ids
    decisions = [each.decision.change_id for batch in exports.iter_decisions(desk.config.db, span) for each in batch]
    assert decisions == ids
    pieces = list(exports.write_changes_json(batches, "http://desk"))
    assert len(pieces) == len(batches) + 1
    assert len(json.loads("".join(pieces))) == len(ids)


@pytest.mark.parametrize("path", ["/calendar.ics", "/feed.atom"])
def test_a_key_in_the_address_lets_a_program_in_and_is_not_told_on(desk, visitor, path):
    visitor.cookies.clear()
    key = make_key(desk.db, "calendar", Role.READER, desk.config.now())
    told.date(desk, 1, "effective", "2026-04-01")
    answer = visitor.open(f"{path}?key={key}&jurisdiction=EU")
    assert answer.status == 200
    assert f"{visitor.address}/changes/1".encode() in answer.body.replace(b"\r\n ", b"")
    assert key.encode() not in answer.body


def test_whoever_is_not_let_in_gets_nothing(desk, visitor):
    visitor.cookies.clear()
    for path in ("/calendar.ics", "/feed.atom"):
        assert visitor.open(path).status == 401
    for path in ("/exports/changes.csv", "/exports/changes.json", "/exports/decisions.csv", "/numbers", "/calendar"):
        assert "/sign-in" in visitor.open(path).url
