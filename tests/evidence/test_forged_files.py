"""Evidence files that somebody forged and hashed anew: what the file itself shows, and what only the database does."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256

import pytest

from evidence.witnessed import CHANGE, NOW
from monitor.evidence.bundle import check_against, check_bundle, pack
from monitor.evidence.dossier import gather
from monitor.model import Verdict
from monitor.store import seals
from monitor.triage import decide
from store.conftest import HOUR


def forge(files, manifest):
    """With the hash of each file as it is now."""
    manifest["files"] = {
        name: sha256(content).hexdigest() for name, content in files.items() if name != "manifest.json"
    }
    return pack({**files, "manifest.json": json.dumps(manifest).encode()})


def seal_anew(files, manifest, noun, key, text):
    """A row with another text, and its Seal as it must be for that."""
    (entry,) = (each for each in manifest["seals"] if (each["noun"], each["key"]) == (noun, key))
    entry["row_sha256"] = sha256(text).hexdigest()
    line = "{before_sha256} {seal} {noun} {key} {form} {row_sha256}".format(**entry)
    entry["chain_sha256"] = sha256(line.encode()).hexdigest()
    return forge({**files, entry["file"]: text}, manifest)


def without(files, manifest, noun):
    """All rows of this noun, their Seals and their files are taken out."""
    gone = {each["file"] for each in manifest["seals"] if each["noun"] == noun}
    manifest["seals"] = [each for each in manifest["seals"] if each["file"] not in gone]
    return forge({name: content for name, content in files.items() if name not in gone}, manifest)


def own(data):
    return [str(each) for each in check_bundle(data)]


def compared(db, data):
    return [str(each) for each in check_against(db, data)]


def test_hashing_anew_is_no_forgery_by_itself(files, manifest, db):
    data = forge(files, manifest)
    assert (own(data), compared(db, data)) == ([], [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("snapshots/2.html", b"<main><p>Proof is stored for 90 days.</p></main>"),
        ("snapshots/2.headers.json", b"{}\n"),
        ("texts/before.json", b"[]"),
        ("texts/after.json", b"no JSON"),
        ("texts/after.txt", b"Proof is stored for 90 days.\n"),
        ("fetches.tsv", b"nobody ever asked\n"),
    ],
)
def test_what_follows_from_the_rows_cannot_be_edited(files, manifest, name, content):
    finding = f"file {name}: it is not what follows from the rows that are sealed"
    assert finding in own(forge({**files, name: content}, manifest))
    taken_out = {each: content for each, content in files.items() if each != name}
    assert finding in own(forge(taken_out, manifest))


@pytest.mark.parametrize("name", ["snapshots/9.html", "texts/between.txt", "letter.txt", "rows/decision-9.json"])
def test_nothing_can_be_put_in_that_follows_from_no_row(files, manifest, name):
    (finding,) = own(forge({**files, name: b"x"}, manifest))
    assert finding == f"file {name}: it follows from no row that is sealed: something else put it in"


def test_what_the_attempts_say_follows_from_the_rows_of_fetches_and_of_what_they_brought(files):
    lines = [line.split("\t") for line in files["fetches.tsv"].decode().splitlines()]
    url, before, after = (
        "https://example.org/rules",
        *(sha256(files[f"snapshots/{each}.html"]).hexdigest() for each in (1, 2)),
    )
    assert lines[1][:6] + lines[1][7:] == ["1", "2026-03-01T13:00:00Z", url, "ok", "200", "good", before, ""]
    assert lines[2][2:6] + lines[2][7:] == [url, "timeout", "", "none", before, ""]
    assert lines[3][2:6] + lines[3][7:] == [url, "ok", "200", "good", after, ""]


@pytest.mark.parametrize(
    ("noun", "said"),
    [
        ("change", "they do not say what changed"),
        ("version", "version 1 is not among the rows"),
        ("snapshot", "snapshot 1 is not among the rows"),
        ("resource", "resource 1 is not among the rows"),
    ],
)
def test_a_file_that_lacks_a_row_from_which_others_follow_shows_it_by_itself(files, manifest, noun, said):
    (finding,) = own(without(files, manifest, noun))
    assert finding.startswith("file rows: ")
    assert said in finding


@pytest.mark.parametrize("text", [b"[]", b"no JSON", b"[" * 100_000, b'[["\\ud800"]]', b"[[2, 1, 2, 3, 4]]"])
def test_a_row_that_no_monitor_wrote_is_a_finding_and_no_failure(files, manifest, text):
    assert [each for each in own(seal_anew(files, manifest, "fetch", "2", text)) if each.startswith("file rows: ")]


@pytest.mark.parametrize(
    ("noun", "finding"),
    [
        ("decision", "decision 1: it was taken out of the file: Seal "),
        ("delivery", "delivery d1: it was taken out of the file: Seal "),
        ("impact", "impact 1: it was taken out of the file: Seal "),
        ("digest", "digest 2026-03-02-daily-desk: it was taken out of the file: Seal "),
    ],
)
def test_only_the_database_shows_that_a_row_was_left_out(files, manifest, db, noun, finding):
    data = without(files, manifest, noun)
    assert own(data) == []
    assert compared(db, data)[0].startswith(finding)


def test_only_the_database_shows_that_an_attempt_was_left_out(files, manifest, db):
    """The one that failed, with a list of attempts that says nothing of it."""
    lines = files["fetches.tsv"].splitlines(keepends=True)
    kept = {**files, "fetches.tsv": b"".join(line for line in lines if b"timeout" not in line)}
    del kept["rows/fetch-2.json"]
    manifest["seals"] = [each for each in manifest["seals"] if each["file"] in kept]
    data = forge(kept, manifest)
    assert own(data) == []
    (finding,) = compared(db, data)
    assert finding.startswith("fetch 2: it was taken out of the file")


def test_only_the_database_shows_that_a_row_was_sealed_anew(files, manifest, db):
    text = files["rows/decision-1.json"].replace(b"mia", b"ann")
    data = seal_anew(files, manifest, "decision", "1", text)
    assert own(data) == []
    (finding,) = compared(db, data)
    assert finding.startswith("decision 1: the chain of this database has no such Seal")


def test_a_row_as_it_stood_before_is_not_the_last_word(original, files, manifest, db):
    """Somebody decides; the file is made; its Seal of the state before is put in place of the last one."""
    section = db.execute("SELECT section_id FROM impact ORDER BY id DESC").fetchone()[0]
    decide(db, CHANGE, section, Verdict.NOT_APPLICABLE, by="mia", reason="not ours", now=NOW + HOUR)
    with zipfile.ZipFile(io.BytesIO(pack(gather(db, CHANGE, NOW + HOUR)))) as packed:
        newer = {name: packed.read(name) for name in packed.namelist()}
    facts = json.loads(newer["manifest.json"])
    old = {each["file"]: each for each in manifest["seals"]}
    name = "rows/change.state-2.json"
    assert old[name]["seal"] < next(each for each in facts["seals"] if each["file"] == name)["seal"]
    facts["seals"] = [old[name] if each["file"] == name else each for each in facts["seals"]]
    data = forge({**newer, name: files[name]}, facts)
    assert own(data) == []
    (finding,) = compared(db, data)
    assert finding.startswith(f"change.state 2: it shows Seal {old[name]['seal']}, which is not the last one")


def test_what_was_decided_after_a_file_was_made_is_not_missed_in_it(original, db):
    section = db.execute("SELECT section_id FROM impact ORDER BY id DESC").fetchone()[0]
    decide(db, CHANGE, section, Verdict.NOT_APPLICABLE, by="mia", reason="not ours", now=NOW + HOUR)
    assert compared(db, original.zip) == []


def test_a_head_that_is_not_in_the_chain_is_named(files, manifest, db):
    manifest["head"]["chain_sha256"] = "0" * 64
    data = forge(files, manifest)
    assert own(data) == []
    (finding,) = compared(db, data)
    assert finding.startswith(f"head: the chain of this database has no such Seal {manifest['head']['seal']}")


def test_a_head_before_what_is_shown_is_named_by_the_file_itself(files, manifest):
    place = max(each["seal"] for each in manifest["seals"])
    manifest["head"]["seal"] = place - 1
    (finding,) = own(forge(files, manifest))
    assert finding == f"seal {place}: it comes after the head of the file, which is {place - 1}"


def test_a_place_that_no_chain_can_reach_is_refused(files, manifest):
    manifest["head"]["seal"] = 2**63
    (finding,) = own(forge(files, manifest))
    assert finding.startswith("file manifest.json: it is missing or cannot be read")


def test_a_row_under_the_name_of_another_is_named(files, manifest):
    (entry,) = (each for each in manifest["seals"] if each["noun"] == "decision")
    files["rows/decision-9.json"] = files.pop(entry["file"])
    entry["file"] = "rows/decision-9.json"
    (finding,) = own(forge(files, manifest))
    assert finding.startswith("decision 1: rows/decision-9.json is not what Seal")


def test_a_change_that_was_taken_out_of_the_database_is_named(original, db):
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("DELETE FROM change WHERE id = 2")
    assert compared(db, original.zip) == ["change 2: this database does not have it any more: see monitor verify"]


@pytest.mark.parametrize("name", ["README.txt", "change.html", "change.txt"])
def test_drawings_are_not_sealed_and_the_readme_says_so(files, manifest, db, name):
    data = forge({**files, name: b"confirmed by Anna"}, manifest)
    assert (own(data), compared(db, data)) == ([], [])
    assert "for people" in files["README.txt"].decode()
    assert all("not sealed: " in files[page].decode() for page in ("change.html", "change.txt"))


def test_columns_are_read_by_the_places_at_which_they_are_hashed(db):
    """`monitor.evidence.contents` knows them for form 1."""
    assert seals.FORM == 1
    assert seals.get_columns(db, "fetch")[0] == [
        "id", "resource_id", "at", "outcome", "status", "final_url", "headers", "duration_ms", "partial", "detail",
        "snapshot_id", "state",
    ]  # fmt: skip
    assert seals.get_columns(db, "snapshot")[0][:5] == ["id", "resource_id", "sha256", "length", "headers"]
    assert seals.get_columns(db, "version")[0][2] == "text_sha256"
    assert seals.get_columns(db, "change")[0][2:4] == ["from_version_id", "to_version_id"]
