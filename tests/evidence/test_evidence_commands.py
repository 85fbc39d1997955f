"""`monitor evidence`, `verify` and `warc`: what they print, write, and end with."""

from __future__ import annotations

import gzip
import json
import sys
from hashlib import sha256

import pytest
from click.testing import CliRunner
from warcio.archiveiterator import ArchiveIterator

from evidence.witnessed import NEW_RULES, RULES, page
from monitor import envelope
from monitor.cli import cli
from monitor.errors import ConfigurationError, MonitorError, NotFoundError
from monitor.evidence.warc import export
from monitor.model import Fetch, Outcome
from monitor.store import open_store, sources, transaction
from monitor.store.fetches import FetchState, add_fetch, add_snapshot
from monitor.store.seals import get_short_head
from store.conftest import NOON, URL, a_source


@pytest.fixture
def call(path, monkeypatch):
    monkeypatch.setenv("MONITOR_NOW", "2026-03-02T18:00:00Z")

    def run(*words, db=path, status=0):
        done = CliRunner().invoke(cli, ["--db", str(db), *words])
        assert done.exit_code == status, done.output
        return done.output

    return run


def refusal(call, *words, **facts):
    done = CliRunner().invoke(cli, ["--db", str(facts.pop("db", "none.db")), *words])
    assert isinstance(done.exception, MonitorError)
    return done.exception


def test_a_database_as_it_was_written_is_in_order_and_its_head_is_said(call, db):
    said = call("verify")
    assert "Nothing was edited, put in or taken out since it was sealed." in said
    assert said.endswith(f"Evidence {get_short_head(db, 16)}\n")


def test_the_head_of_a_message_is_compared_as_people_copy_it(call, db):
    head = f"Evidence {get_short_head(db)}."
    assert f"the head {get_short_head(db)}" in call("verify", "--head", head)
    assert "the chain does not reach that far" in call("verify", "--head", "99,999 · 0123456789ab", status=1)


def test_an_edited_database_is_named_with_what_to_do(call, db):
    db.execute("UPDATE decision SET by = 'ann'")
    said = call("verify", status=1)
    assert "decision 1: something else wrote it" in said
    assert "decision 1: it is not what Seal" in said
    assert "docs/evidence.md" in said
    assert "\nEvidence" not in said


def test_the_same_as_one_json_document(call, db):
    place, chain = get_short_head(db, 16)
    facts = json.loads(call("verify", "--json"))
    assert (facts["head"], facts["findings"], facts["more"]) == ({"seal": place, "chain": chain}, [], False)
    db.execute("DELETE FROM delivery")
    facts = json.loads(call("verify", "--json", status=1))
    assert facts["head"] is None
    assert {"noun": "delivery", "key": "d1"}.items() <= facts["findings"][0].items()


def test_only_so_many_findings_are_listed(call, db, monkeypatch):
    monkeypatch.setattr("monitor.cli.evidence.LISTED", 3)
    db.execute("UPDATE fetch SET detail = 'x'")
    said = call("verify", status=1)
    assert said.count("\n  fetch") == 3
    assert "… and more than these 3" in said


def test_a_file_that_is_no_database_any_more_is_a_finding(call, tmp_path):
    (tmp_path / "broken.db").write_bytes(b"SQLite format 3\x00" + bytes(4080))
    assert "it cannot be opened" in call("verify", db=tmp_path / "broken.db", status=1)


def test_where_there_is_no_database_there_is_nothing_to_say(call, tmp_path):
    assert "no database here yet" in str(refusal(call, "verify", db=tmp_path / "none.db"))


def test_evidence_is_one_new_file_that_verify_finds_in_order(call, tmp_path, db):
    file = tmp_path / "c.zip"
    said = call("evidence", "2", "--out", str(file))
    assert "sealed rows" in said
    assert f"chain  {get_short_head(db, 16)}" in said
    checked = call("verify", str(file))
    assert f"Compared: the file {file} by itself; its " in checked
    assert "with the chain of" in checked
    alone = call("verify", str(file), db=tmp_path / "none.db")
    assert f"no database, for there is none at {tmp_path / 'none.db'}" in alone
    assert "Evidence" not in alone


def test_by_itself_a_file_is_only_said_to_be_whole_and_its_sha256_is_printed(call, tmp_path, original):
    file = tmp_path / "c.zip"
    file.write_bytes(original.zip)
    own = sha256(original.zip).hexdigest()
    said = call("verify", str(file), db=tmp_path / "none.db")
    assert "It is whole in itself. Whether it is what the monitor sealed is shown only by the database, or by" in said
    assert said.endswith(f"came with it:\nSHA-256 {own}\n")
    assert "Nothing" not in said
    assert json.loads(call("verify", str(file), "--json"))["sha256"] == own
    assert json.loads(call("verify", "--json"))["sha256"] is None


def test_with_the_database_it_is_said_which_files_are_drawn_and_not_sealed(call, tmp_path, original):
    file = tmp_path / "c.zip"
    file.write_bytes(original.zip)
    said = call("verify", str(file))
    assert "Nothing that is sealed in it was edited, put in or taken out. README.txt, change.html, change.txt" in said
    assert "are drawn for people, and not sealed" in said
    assert f"\nSHA-256 {sha256(original.zip).hexdigest()}\n" in said


def test_an_edited_file_is_not_compared_with_any_database(call, tmp_path, original):
    file = tmp_path / "c.zip"
    file.write_bytes(original.zip.replace(b"passport", b"passpert", 1))
    said = call("verify", str(file), status=1)
    assert "it cannot be read as an evidence file (Bad CRC-32" in said
    assert "with the chain" not in said


def test_a_file_of_another_database_is_named(call, tmp_path, original):
    open_store(tmp_path / "other.db").close()
    (tmp_path / "c.zip").write_bytes(original.zip)
    said = call("verify", str(tmp_path / "c.zip"), db=tmp_path / "other.db", status=1)
    assert "the chain of this database has no such Seal" in said


def test_a_head_goes_with_the_database(call, tmp_path, original):
    (tmp_path / "c.zip").write_bytes(original.zip)
    assert "--head goes with the database" in call("verify", str(tmp_path / "c.zip"), "--head", "1 12345678", status=2)


def test_evidence_replaces_nothing_and_names_a_change_that_there_is_none_of(call, tmp_path, path):
    (tmp_path / "c.zip").touch()
    taken = refusal(call, "evidence", "2", "--out", str(tmp_path / "c.zip"), db=path)
    assert isinstance(taken, ConfigurationError)
    assert isinstance(refusal(call, "evidence", "99", "--out", str(tmp_path / "d.zip"), db=path), NotFoundError)
    assert not (tmp_path / "d.zip").exists()


def records(path):
    with path.open("rb") as file:
        return [
            (
                each.rec_type,
                each.rec_headers.get_header("WARC-Target-URI"),
                each.rec_headers.get_header("WARC-Date"),
                dict(each.http_headers.headers) if each.http_headers else {},
                each.content_stream().read(),
            )
            for each in ArchiveIterator(file, check_digests="raise")
        ]


def test_answers_are_read_back_from_a_web_archive_as_they_were_received(call, tmp_path):
    said = call("warc", str(tmp_path / "rules.warc.gz"), "--source", "rules")
    assert said == f"{tmp_path / 'rules.warc.gz'}: 2 answers\n"
    info, *found = records(tmp_path / "rules.warc.gz")
    assert info[0] == "warcinfo"
    assert found == [
        ("response", URL, "2026-03-01T13:00:00Z", {"content-type": "text/html"}, page(RULES).encode()),
        ("response", URL, "2026-03-01T15:00:00Z", {"content-type": "text/html"}, page(NEW_RULES).encode()),
    ]


def test_only_answers_since_a_time_are_exported(call, tmp_path):
    call("warc", str(tmp_path / "r.warc.gz"), "--source", "rules", "--since", "2026-03-01T14:00Z")
    assert [each[2] for each in records(tmp_path / "r.warc.gz")[1:]] == ["2026-03-01T15:00:00Z"]


def test_headers_of_what_was_undone_are_kept_under_another_name(tmp_path):
    db = open_store(tmp_path / "m.db")
    add_answer(db, b"text", {"content-encoding": "gzip", "content-type": "text/plain", "x-odd": "a\r\n b"}, status=299)
    assert export(db, "rules", None, tmp_path / "r.warc.gz") == 1
    assert records(tmp_path / "r.warc.gz")[1][3:] == (
        {"X-Archive-Orig-content-encoding": "gzip", "content-type": "text/plain", "x-odd": "a b"},
        b"text",
    )
    assert b"HTTP/1.1 299\r\n" in gzip.decompress((tmp_path / "r.warc.gz").read_bytes())
    db.close()


def test_answers_that_were_put_into_one_body_are_records_of_their_own(tmp_path):
    db = open_store(tmp_path / "m.db")
    answers = [envelope.Answer(f"{URL}?page={n}", 200, "application/json", b'{"n": %d}' % n) for n in (1, 2)]
    add_answer(db, envelope.pack(answers), {"content-type": envelope.MEDIA_TYPE})
    assert export(db, "rules", None, tmp_path / "r.warc.gz") == 2
    assert [(each[1], each[4]) for each in records(tmp_path / "r.warc.gz")[1:]] == [
        (f"{URL}?page=1", b'{"n": 1}'),
        (f"{URL}?page=2", b'{"n": 2}'),
    ]
    db.close()


def test_a_source_without_answers_and_a_file_that_cannot_be_made_are_named(call, tmp_path, path):
    assert "no answer of such a source" in str(refusal(call, "warc", str(tmp_path / "x"), "--source", "x", db=path))
    where = str(tmp_path / "no" / "x.warc.gz")
    assert "cannot be written" in str(refusal(call, "warc", where, "--source", "rules", db=path))
    assert sorted(each.name for each in tmp_path.iterdir() if "warc" in each.name) == []


def test_without_the_extra_it_says_what_to_install(call, tmp_path, path, monkeypatch):
    monkeypatch.setitem(sys.modules, "warcio.warcwriter", None)
    error = refusal(call, "warc", str(tmp_path / "r.warc.gz"), "--source", "rules", db=path)
    assert 'pip install "policy-monitor[warc]"' in str(error)
    assert not list(tmp_path.glob("*warc*"))


def add_answer(db, body, headers, status=200):
    fetch = Fetch("rules", URL, NOON, Outcome.OK, status, URL, headers, body)
    with transaction(db):
        sources.declare_sources(db, [a_source()], NOON)
        snapshot = add_snapshot(db, 1, str(len(body)), fetch, body)
        add_fetch(db, 1, fetch, snapshot_id=snapshot, state=FetchState.GOOD)
