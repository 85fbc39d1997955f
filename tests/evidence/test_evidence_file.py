"""What is in an evidence file, that anybody can check it, and what is found in one that was edited."""

from __future__ import annotations

import io
import json
import re
import zipfile
from hashlib import sha256

import pytest

from evidence.witnessed import CHANGE, NEW_RULES, NOW, make_database, page
from monitor.errors import ConfigurationError, EvidenceError, NotFoundError
from monitor.evidence.bundle import check_against, check_bundle, count_seals, name_file, pack, save
from monitor.evidence.dossier import gather
from monitor.store import open_store


def said(data):
    return [str(each) for each in check_bundle(data)]


def test_a_file_holds_all_that_proves_a_change(files, manifest):
    assert list(files)[:4] == ["README.txt", "manifest.json", "change.html", "change.txt"]
    assert files["snapshots/2.html"] == page(NEW_RULES).encode()
    assert json.loads(files["snapshots/2.headers.json"]) == {"content-type": "text/html"}
    assert files["texts/after.txt"].decode() == "\n## Rules\n" + "\n".join(NEW_RULES) + "\n"
    assert files["fetches.tsv"].decode().count("\n") == 9
    sealed = {(each["noun"], each["key"]) for each in manifest["seals"]}
    assert {("change", "2"), ("change.state", "2"), ("decision", "1"), ("delivery", "d1"), ("impact", "1")} <= sealed
    assert {("fetch", "2"), ("snapshot", "1"), ("snapshot", "2"), ("version", "1"), ("document", "rules")} <= sealed
    assert (manifest["change"]["id"], manifest["versions"][1]["recipe"]) == (CHANGE, "html/3")
    assert manifest["program"].startswith("Policy Monitor ")


def test_every_hash_can_be_computed_from_the_file_alone(files, manifest):
    """As the README tells a reader to, without any code of the monitor."""
    assert manifest["files"] == {name: sha256(files[name]).hexdigest() for name in files if name != "manifest.json"}
    for each in manifest["seals"]:
        assert sha256(files[each["file"]]).hexdigest() == each["row_sha256"]
        line = "{before_sha256} {seal} {noun} {key} {form} {row_sha256}".format(**each)
        assert sha256(line.encode()).hexdigest() == each["chain_sha256"]
    columns = manifest["columns"]["snapshot"][0]
    row = dict(zip(columns, json.loads(files["rows/snapshot-2.json"])[0], strict=True))
    assert row["sha256"] == sha256(files["snapshots/2.html"]).hexdigest()
    assert manifest["versions"][1]["text_sha256"] == sha256(files["texts/after.json"]).hexdigest()


def test_the_readme_names_each_part_and_the_head(files, manifest):
    readme = files["README.txt"].decode()
    assert manifest["head"]["chain_sha256"] in readme
    assert all(name.partition("/")[0] in readme for name in files if name != "README.txt")
    assert max(map(len, readme.splitlines())) <= 120


def test_the_page_has_no_script_and_loads_nothing_and_shows_markup_as_text(files):
    html = files["change.html"].decode()
    assert not re.search(r"<script|javascript:|\bon[a-z]+=|src=|href=|@import|url\(", html)
    assert "&lt;b&gt;or less&lt;/b&gt;" in html
    assert "<del>30</del>" in html
    assert "<ins>60</ins>" in html


@pytest.mark.parametrize(
    "words",
    [
        "[-30-]",
        "{+60+}",
        "read by html/3",
        "snapshot 2",
        "ours is 30 days",
        "slack:C1  sent",
        "by 1 Jun 2026",
        "likely",
    ],
)
def test_the_text_says_what_changed_what_was_decided_and_who_was_told(files, words):
    assert words in files["change.txt"].decode() + files["change.html"].decode()


def test_the_same_files_make_the_same_bytes(original, db):
    assert pack(gather(db, CHANGE, NOW)) == original.zip


def test_a_file_as_it_was_written_is_in_order_and_its_seals_are_in_the_chain(original, db):
    assert said(original.zip) == []
    assert list(check_against(db, original.zip)) == []
    assert count_seals(original.zip) > 20


def test_the_address_of_a_web_hook_is_no_part_of_it(tmp_path):
    make_database(tmp_path / "m.db", channel="webhook:https://hooks.example.org/secret")
    db = open_store(tmp_path / "m.db")
    data = pack(gather(db, CHANGE, NOW))
    assert b"secret" not in data
    assert b"webhook:hooks.example.org" in data
    assert said(data) == []
    db.close()


def repack(files, **changed):
    return pack({**files, **{name.replace("__", "/"): content for name, content in changed.items()}})


def edit_manifest(files, edit):
    manifest = json.loads(files["manifest.json"])
    edit(manifest)
    return pack({**files, "manifest.json": json.dumps(manifest).encode()})


def forge(files, manifest):
    """A row edited with all hashes that stand in the file: only the hash of the Seal itself cannot be had."""
    text = files["rows/decision-1.json"].replace(b"mia", b"ann")
    (entry,) = (each for each in manifest["seals"] if each["noun"] == "decision")
    entry["row_sha256"] = manifest["files"]["rows/decision-1.json"] = sha256(text).hexdigest()
    return pack({**files, "rows/decision-1.json": text, "manifest.json": json.dumps(manifest).encode()})


def compress(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("edited", "finding"),
    [
        (lambda files, _: b"", "it cannot be read as an evidence file"),
        (lambda files, _: pack(files)[:-1], "it cannot be read as an evidence file"),
        (lambda files, _: pack(files) + b"\n", "it is not byte for byte as it was written"),
        (lambda files, _: compress(files), "something in it is compressed"),
        (lambda files, _: pack({}), "file manifest.json: it is missing"),
        (lambda files, _: repack(files, more=b""), "file more: something else put it in"),
        (lambda files, _: pack({n: b for n, b in files.items() if n != "change.txt"}), "file change.txt: it is gone"),
        (lambda files, _: repack(files, snapshots__2__html=b""), "something else put it in"),
        (lambda files, _: pack({**files, "snapshots/2.html": b"x"}), "file snapshots/2.html: its bytes are not those"),
        (lambda files, _: pack({**files, "rows/change-2.json": b"x"}), "change 2: rows/change-2.json is not what Seal"),
        (lambda files, _: edit_manifest(files, lambda m: m.update(format=2)), "it is of format 2"),
        (lambda files, _: edit_manifest(files, lambda m: m.pop("seals")), "manifest.json: it is missing or cannot be"),
        (lambda files, _: edit_manifest(files, lambda m: m["seals"][0].update(seal=1)), "seal 1: it does not follow"),
        (lambda files, _: edit_manifest(files, lambda m: m["seals"][0].update(before_sha256="x")), "hashes are none"),
        (forge, "it does not follow the one before"),
    ],
)
def test_a_file_that_was_edited_is_not_in_order(files, manifest, edited, finding):
    assert [each for each in said(edited(files, manifest)) if finding in each]


def test_a_file_whose_seals_are_of_another_chain_is_named(original, tmp_path):
    db = open_store(tmp_path / "other.db")
    found = [str(each) for each in check_against(db, original.zip)]
    assert len(found) == count_seals(original.zip) + 1
    assert found[0].startswith("head: ")
    assert "the chain of this database has no such Seal" in found[0]
    db.close()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE decision SET by = 'ann'",
        "DELETE FROM seal WHERE noun = 'decision'",
        "UPDATE snapshot SET headers = '{}'",
    ],
)
def test_what_is_not_as_it_was_sealed_is_not_handed_out_as_evidence(db, edit):
    db.execute(edit)
    with pytest.raises(EvidenceError, match=r"is not as it was sealed, so it is no evidence.*monitor verify"):
        gather(db, CHANGE, NOW)


def test_a_change_that_there_is_none_of_is_named(db):
    with pytest.raises(NotFoundError, match="change 99"):
        gather(db, 99, NOW)


def test_evidence_replaces_no_file_and_leaves_no_half_of_one(tmp_path):
    save(b"one", tmp_path / "c.zip")
    with pytest.raises(ConfigurationError, match="there is a file already"):
        save(b"two", tmp_path / "c.zip")
    with pytest.raises(ConfigurationError, match="cannot be written"):
        save(b"two", tmp_path / "no" / "c.zip")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("c.zip", b"one")]


def test_ids_of_documents_make_names_of_files_that_every_system_can_hold():
    assert name_file("fetch", "12") == "rows/fetch-12.json"
    assert re.fullmatch(r"rows/document-news_a_b-[0-9a-f]{8}\.json", name_file("document", "news/a\nb"))
    assert name_file("document", "a/b") != name_file("document", "a_b")
