"""`monitor sops draft` as people call it: which sections are drafted, where the files go, what is never overwritten."""

import json
import subprocess

import pytest
from click.testing import CliRunner

from drafting.invented import reworded
from monitor.cli.draft import draft
from monitor.config import read_config
from monitor.errors import ConfigurationError, NotFoundError
from monitor.model import ChangeKind, Evidence, EvidenceKind, Impact, Judgement, Severity
from monitor.sops import load_sops
from monitor.store import changes, fetches, impacts, sources, transaction, versions
from monitor.store.fetches import FetchState
from monitor.store.sops import declare_sops
from new_store import new_store
from store.conftest import NOON, URL, a_block, a_fetch, a_source
from test_proposing import KEY, Model, completion

SOP = """\
---
id: SOP-1
title: Complaints
owner: "@complaints"
---
## Deciding

Decide within 14 days of receiving the complaint.

## Filing

Keep each complaint for two weeks.
"""
DECIDING, FILING = "SOP-1#deciding", "SOP-1#filing"


class Desk:
    """A database with change 1, which touches both sections of an SOP, and a short way to call the command."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "sops").mkdir()
        self.sop = folder / "sops" / "complaints.md"
        self.sop.write_text(SOP)
        self.db = new_store(folder / "var" / "monitor.db")
        with transaction(self.db):
            self._fill()

    def _fill(self):
        sources.declare_sources(self.db, [a_source()], NOON)
        declare_sops(self.db, load_sops(self.folder / "sops").sops, NOON)
        resource = sources.get_resource(self.db, "rules", URL)
        snapshot = fetches.add_snapshot(self.db, resource.id, "sha", a_fetch(), b"x")
        fetch = fetches.add_fetch(self.db, resource.id, a_fetch(), snapshot_id=snapshot, state=FetchState.GOOD)
        versions.declare_document(self.db, "rules", source_id="rules", identity=URL, url=URL, title="Rules", now=NOON)
        version = versions.add_version(
            self.db,
            "rules",
            title="Rules",
            blocks=[a_block("x")],
            recipe="1",
            observed_at=NOON,
            snapshot_ids=[snapshot],
        )
        self.change = changes.add_change(
            self.db,
            document_id="rules",
            from_version_id=None,
            to_version_id=version,
            judgement=Judgement(ChangeKind.SUBSTANTIVE, "reworded", Severity.HIGH, "30 days, not 14", (reworded(),)),
            fetch_id=fetch,
            detected_at=NOON,
            hold_until=None,
            rules="1",
            now=NOON,
        )
        why = (Evidence(EvidenceKind.WORDS, "complaint"),)
        found = [
            Impact("SOP-1", each, "Complaints", (), "@complaints", probability, why)
            for each, probability in ((DECIDING, 0.9), (FILING, 0.4))
        ]
        impacts.add_impacts(self.db, self.change, found, "1")

    def decide(self, verdict, section=None):
        row = {
            "change_id": self.change,
            "section_id": section,
            "verdict": verdict,
            "reason": "",
            "by": "ann",
            "at": "2026-03-02T12:00:00Z",
        }
        with transaction(self.db):
            self.db.table("decision").insert(row)

    def call(self, *words, what=None):
        config = read_config({}, db=str(self.folder / "var" / "monitor.db"), sops=str(self.folder / "sops"))
        words = [what or str(self.change), *words]
        return CliRunner().invoke(draft, words, obj=config, catch_exceptions=False)

    @property
    def files(self):
        folder = self.folder / "var" / "drafts"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.db.close()


def test_a_confirmed_section_gets_a_markdown_file_and_a_patch_beside_the_database(desk):
    desk.decide("confirmed", DECIDING)
    done = desk.call()
    assert done.exit_code == 0
    folder = desk.folder / "var" / "drafts"
    assert done.output.splitlines() == [
        "SOP-1#deciding: 1 place marked, 1 replaced in the patch",
        f"  {folder / '1-sop-1-deciding.md'}",
        f"  {folder / '1-sop-1-deciding.patch'}",
    ]
    assert "- **Publisher:** Example › Rules" in (folder / "1-sop-1-deciding.md").read_text()
    assert desk.sop.read_text() == SOP
    command = ["git", "apply", "--check", str(folder / "1-sop-1-deciding.patch")]
    assert subprocess.run(command, cwd=desk.folder / "sops", check=False).returncode == 0


@pytest.mark.parametrize(
    ("decisions", "drafted"),
    [
        ([("confirmed", DECIDING)], [DECIDING]),
        ([("confirmed", None)], [DECIDING, FILING]),
        ([("confirmed", None), ("not-applicable", FILING)], [DECIDING]),
        ([("confirmed", FILING), ("assigned", FILING)], [FILING]),
        ([("not-applicable", FILING), ("confirmed", FILING)], [FILING]),
        ([("confirmed", FILING), ("undone", FILING), ("confirmed", DECIDING)], [DECIDING]),
    ],
)
def test_the_last_decision_about_a_section_counts(desk, decisions, drafted):
    for verdict, section in decisions:
        desk.decide(verdict, section)
    assert [each["section"] for each in json.loads(desk.call("--json").output)] == drafted


def test_where_nobody_has_confirmed_anything_it_says_how(desk):
    with pytest.raises(NotFoundError, match=f"monitor triage 1:{DECIDING} --confirm, or draft all the same"):
        desk.call()
    assert desk.call("--unconfirmed").exit_code == 0
    assert len(desk.files) == 4


def test_one_section_can_be_named(desk):
    desk.decide("confirmed")
    assert desk.call(what=f"1:{FILING}").exit_code == 0
    assert desk.files == ["1-sop-1-filing.md", "1-sop-1-filing.patch"]


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("1:SOP-1#decidng", "it does not touch SOP-1#decidng. Did you mean SOP-1#deciding or "),
        ("1:x", "It touches SOP-1#deciding, SOP-1#filing"),
        ("2", "change 2: there is none with this id"),
    ],
)
def test_what_is_not_there_is_told(desk, what, said):
    with pytest.raises(NotFoundError, match=said):
        desk.call(what=what)


def test_a_change_that_touches_nothing_has_nothing_to_draft(desk):
    with transaction(desk.db):
        desk.db.execute("DELETE FROM impact")
    with pytest.raises(NotFoundError, match="it touches no SOP section"):
        desk.call()


def test_what_names_no_change_is_wrong_usage(desk):
    done = desk.call(what="rules")
    assert done.exit_code == 2
    assert '"rules" names no change' in done.output


def test_a_file_that_was_edited_is_not_overwritten_and_an_equal_one_not_written_twice(desk):
    desk.decide("confirmed", DECIDING)
    desk.call()
    desk.call()
    assert desk.files == ["1-sop-1-deciding.md", "1-sop-1-deciding.patch"]
    edited = desk.folder / "var" / "drafts" / "1-sop-1-deciding.md"
    edited.write_text("my notes")
    for _ in range(2):
        shown = json.loads(desk.call("--json").output)
        assert [each["markdown"] for each in shown] == [str(edited.with_name("1-sop-1-deciding.2.md"))]
    assert desk.files == ["1-sop-1-deciding.2.md", "1-sop-1-deciding.md", "1-sop-1-deciding.patch"]
    assert edited.read_text() == "my notes"


def test_the_files_go_where_one_says(desk):
    desk.decide("confirmed", DECIDING)
    desk.call("--out", str(desk.folder / "here" / "there"))
    assert len(list((desk.folder / "here" / "there").iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_told(desk):
    desk.decide("confirmed", DECIDING)
    (desk.folder / "file").write_text("")
    with pytest.raises(ConfigurationError, match="drafts cannot be written there"):
        desk.call("--out", str(desk.folder / "file" / "drafts"))


@pytest.mark.parametrize("spoil", ["remove", "encode", "rename"])
def test_without_a_markdown_file_that_can_be_read_there_is_no_patch(desk, spoil):
    desk.decide("confirmed", DECIDING)
    if spoil == "encode":
        desk.sop.write_bytes("---\nid: ä\n---\n".encode("latin-1"))
    elif spoil == "remove":
        desk.sop.unlink()
    else:
        with transaction(desk.db):
            desk.db.execute("UPDATE sop SET path = 'complaints.docx'")
    [shown] = json.loads(desk.call("--json").output)
    assert (shown["patch"], shown["marked"], shown["replaced"]) == (None, 1, 0)
    assert desk.call().output.splitlines()[0] == "SOP-1#deciding: 1 place marked"


def test_a_proposal_is_put_beside_the_draft_and_is_off_unless_asked_for(desk, monkeypatch):
    desk.decide("confirmed", DECIDING)
    with Model((200, {}, completion("Decide within 30 days."))) as model:
        monkeypatch.setenv("MONITOR_DRAFT_URL", model.url)
        monkeypatch.setenv("MONITOR_DRAFT_MODEL", "small-1")
        desk.call()
        assert model.asked == []
        [shown] = json.loads(desk.call("--propose", "--json").output)
        material = json.loads(model.asked[0][2]["messages"][1]["content"])["material"]
    written = (desk.folder / "var" / "drafts" / "1-sop-1-deciding.proposal.md").read_text()
    assert shown["proposal"].endswith("1-sop-1-deciding.proposal.md")
    assert written.startswith("# Proposed by small-1, not checked by a person")
    assert material == (desk.folder / "var" / "drafts" / "1-sop-1-deciding.md").read_text()


def test_where_the_endpoint_fails_the_draft_is_written_all_the_same(desk, monkeypatch):
    desk.decide("confirmed", DECIDING)
    with Model((401, {}, KEY.encode())) as model:
        monkeypatch.setenv("MONITOR_DRAFT_URL", model.url)
        monkeypatch.setenv("MONITOR_DRAFT_MODEL", "small-1")
        monkeypatch.setenv("MONITOR_DRAFT_KEY", KEY)
        done = desk.call("--propose")
    assert done.exit_code == 1
    assert "no proposal for SOP-1#deciding: 127.0.0.1" in done.output
    assert "Check MONITOR_DRAFT_KEY." in done.output
    assert KEY not in done.output
    assert desk.files == ["1-sop-1-deciding.md", "1-sop-1-deciding.patch"]


def test_to_ask_without_an_endpoint_is_a_mistake_that_says_what_to_set(desk, monkeypatch):
    monkeypatch.delenv("MONITOR_DRAFT_URL", raising=False)
    with pytest.raises(ConfigurationError, match="Set MONITOR_DRAFT_URL and MONITOR_DRAFT_MODEL"):
        desk.call("--propose")
    assert desk.files == []
