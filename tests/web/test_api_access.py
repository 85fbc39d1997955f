"""Who is let in to the API, what is refused, and how programs are told so."""

from __future__ import annotations

import json

import pytest

from monitor.model import Role
from monitor.web.guard import MAX_BODY
from triaged import UPLOAD
from web.calling import Program, read_problem
from web.conftest import Desk
from web.knocking import opened
from web.test_access_guard import assert_guarded

DECISION = {"verdict": "confirmed"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """One desk for all that changes nothing."""
    with opened(Desk(tmp_path_factory.mktemp("desk"))) as door:
        yield door


@pytest.fixture(scope="module")
def programs(site):
    return {role: Program(site, role, role) for role in Role}


@pytest.fixture(scope="module")
def cookie(site):
    return site.enter("maria", Role.SPECIALIST)


def count_decisions(site):
    return site.desk.db.table("decision").count


@pytest.mark.parametrize("path", ["/api/me", "/api/openapi.json", "/api/nowhere", "/api/changes/x"])
@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer wrong"}, {"Cookie": "desk-80=x"}])
def test_nobody_is_told_anything_who_shows_nothing_that_is_good(site, path, shown):
    answer = site.ask(path, **shown)
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "monitor web key NAME" in read_problem(answer)["detail"]
    assert_guarded(answer)


@pytest.mark.parametrize("role", Role)
def test_whoever_is_let_in_may_read_and_is_told_who_they_are(programs, role):
    assert programs[role].get("/me") == {"name": role, "role": role}


def test_the_cookie_of_a_session_is_good_as_well(site, cookie):
    answer = site.ask("/api/me", Cookie=cookie)
    assert json.loads(answer.text) == {"name": "maria", "role": "specialist"}


def test_the_header_of_a_trusted_proxy_is_good_as_well(desk):
    settings = {
        "MONITOR_WEB_URL": "https://desk.example.org",
        "MONITOR_WEB_PROXY_HEADER": "X-Forwarded-Email",
        "MONITOR_WEB_PROXY_FROM": "127.0.0.1/32",
    }
    with opened(desk, **settings) as door:
        named = {"Host": "desk.example.org", "X_Forwarded_Email": "rea@example.org"}
        assert json.loads(door.ask("/api/me", **named).text) == {"name": "rea@example.org", "role": "reader"}
        (desk.folder / "sources.yaml").write_text("sources: 7")
        assert "1 mistake" in read_problem(door.ask("/api/me", **named))["detail"]


def test_no_answer_is_kept_by_anybody_on_the_way(programs):
    answer = programs[Role.READER].call("GET", "/changes/1")
    assert answer.headers["Cache-Control"] == "no-store"
    assert_guarded(answer)


@pytest.mark.parametrize("path", ["/changes/1/decisions", "/decisions", "/sections/current"])
def test_a_reader_writes_nothing(site, programs, path):
    answer = programs[Role.READER].call("POST", path, DECISION)
    assert answer.status == 403
    assert read_problem(answer)["detail"] == "This wants the role specialist, and yours is reader."
    assert count_decisions(site) == 0


SENT = {
    "by another site": {"Sec-Fetch-Site": "cross-site"},
    "by another site, older browser": {"Origin": "https://evil.example"},
    "by nobody who says so": {},
}


@pytest.mark.parametrize("headers", SENT.values(), ids=SENT)
def test_with_a_cookie_only_a_page_of_the_desk_can_send(site, cookie, headers):
    sent = {"Cookie": cookie, "Content_Type": "application/json", **headers}
    answer = site.ask("/api/changes/1/decisions", "POST", json.dumps(DECISION).encode(), **sent)
    assert answer.status == 403
    assert "was not sent by a page of this desk" in read_problem(answer)["detail"]
    assert count_decisions(site) == 0


@pytest.mark.parametrize("role", [Role.SPECIALIST, Role.LEAD])
def test_with_a_cookie_a_page_of_the_desk_can_send(desk, role):
    with opened(desk) as door:
        sent = {
            "Cookie": door.enter("maria", role),
            "Content_Type": "application/json",
            "Sec_Fetch_Site": "same-origin",
        }
        answer = door.ask("/api/changes/1/decisions", "POST", json.dumps(DECISION).encode(), **sent)
    assert answer.status == 200
    assert [each["by"] for each in desk.db.table("decision").rows] == ["maria"]


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", None]
)
def test_what_a_form_can_send_is_no_json_whatever_it_says(site, programs, media_type):
    answer = programs[Role.LEAD].call("POST", "/changes/1/decisions", DECISION, Content_Type=media_type)
    assert answer.status == 415
    assert read_problem(answer)["detail"].endswith("Content-Type: application/json")
    assert count_decisions(site) == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'{"verdict": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"verdict": "confirmed", "due": %s}' % (b"9" * 5_000), 400),
        (b'{"verdict": "confirmed", "reason": "\\ud800", "x": 1}', 422),
    ],
)
def test_a_body_that_cannot_be_read_is_told_so(site, programs, body, status):
    answer = programs[Role.LEAD].call("POST", "/changes/1/decisions", body)
    assert answer.status == status
    assert read_problem(answer)["detail"]
    assert count_decisions(site) == 0


def test_of_many_long_mistakes_only_the_first_are_told(programs):
    sent = {"verdict": "confirmed"} | {f"{number}{'x' * 1_000}": 1 for number in range(100)}
    mistakes = read_problem(programs[Role.LEAD].call("POST", "/changes/1/decisions", sent))["mistakes"]
    assert len(mistakes) == 20
    assert max(len(each["where"]) for each in mistakes) == 100


def test_more_than_a_megabyte_is_not_read(programs):
    assert programs[Role.LEAD].call("POST", "/decisions", b"", Content_Length=str(MAX_BODY + 1)).status == 413


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/nowhere", 404, "There is nothing at this address"),
        ("/changes/99", 404, "change 99: there is none with this id"),
        ("/changes/99/beside", 404, "change 99: there is none with this id"),
        ("/changes/99/draft?section=ages%23upload", 404, "change 99: there is none with this id"),
        ("/changes/1/draft?section=x", 404, '"x": no procedure has a section with this id'),
        ("/procedures/x", 404, '"x": there is no procedure with this id'),
        ("/sources/x", 404, '"x": there is no source with this id'),
        ("/texts/x", 404, "x"),
        ("/timelines/x", 404, "x"),
        ("/texts/rules?at=2020-01-01", 404, "nothing is known of it at 2020-01-01"),
        ("/texts/rules?at=soon", 422, "neither a day nor a time"),
        ("/versions/1/99", 404, "version 99"),
        ("/versions/1/1", 422, "version 1 was chosen twice"),
        ("/changes/" + "9" * 19, 422, "path.change_id"),
        ("/changes/" + "9" * 5_000, 422, "path.change_id"),
        ("/changes/0", 422, "path.change_id"),
        ("/versions/1/" + "9" * 5_000, 422, "path.after"),
        ("/changes?severty=high", 422, "query.severty"),
        ("/changes?due=8", 422, "query.due"),
        ("/changes?page=0", 422, "query.page"),
        ("/changes?topic=" + "x" * 301, 422, "query.topic"),
        ("/calendar?from=0001-01-01", 422, "query.from"),
        ("/told?since=yesterday", 422, "query.since"),
        ("/told?until=0", 422, "query.until"),
    ],
)
def test_what_is_not_there_or_makes_no_sense_is_told_so(programs, path, status, said):
    answer = programs[Role.READER].call("GET", path)
    problem = read_problem(answer)
    places = {each["where"]: each["what"] for each in problem.get("mistakes", [])}
    assert answer.status == status
    assert said in problem["detail"] or places[said]


@pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "/changes/1"), ("PUT", "/decisions"), ("HEAD", "/me"), ("TRACE", "/me")]
)
def test_what_an_address_does_not_take_is_told_so(programs, method, path):
    assert programs[Role.LEAD].call(method, path, {}).status == 405


def test_a_name_that_was_made_to_lead_here_is_refused(programs):
    answer = programs[Role.LEAD].call("GET", "/me", Host="evil.example")
    assert answer.status == 421
    assert "does not go by that name" in read_problem(answer)["detail"]


def test_a_key_in_the_address_is_for_feeds_alone(site, programs):
    assert site.ask(f"/api/me?key={programs[Role.LEAD].key}").status == 401


def test_where_there_is_no_database_yet_it_is_said_how_there_will_be_one(tmp_path):
    desk = Desk(tmp_path)
    with opened(desk) as door:
        key = Program(door, Role.LEAD).key
        desk.db.close()
        for path in tmp_path.glob("monitor.db*"):
            path.unlink()
        answer = door.ask("/api/me", Authorization=f"Bearer {key}")
    assert answer.status == 500
    assert "monitor run" in read_problem(answer)["detail"]


def test_where_another_program_holds_the_database_one_is_told_to_try_again(desk, monkeypatch):
    monkeypatch.setattr("monitor.store.BUSY_TIMEOUT_MS", 50)
    monkeypatch.setattr("monitor.store.open_store.__defaults__", (50,))
    with opened(desk) as door:
        program = Program(door, Role.LEAD)
        desk.db.execute("BEGIN IMMEDIATE")
        answer = program.call("POST", "/changes/1/decisions", DECISION)
        desk.db.rollback()
    assert answer.status == 503
    assert "Try again" in read_problem(answer)["detail"]


def test_what_breaks_is_told_without_the_reason(site, programs, monkeypatch):
    def break_down(*_, **__):
        raise RuntimeError("of a secret kind")

    monkeypatch.setattr("monitor.web.api.changes.get_dossier", break_down)
    answer = programs[Role.READER].call("GET", "/changes/1")
    assert answer.status == 500
    assert "was not made for" in read_problem(answer)["detail"]
    assert "secret" not in answer.text
    assert_guarded(answer)


def test_a_draft_can_be_asked_for_by_everybody(programs):
    draft = programs[Role.READER].get("/changes/1/draft", section=UPLOAD)
    assert draft["name"] == "1-ages-upload"
    assert draft["markdown"].startswith("# Age checks › Upload")
