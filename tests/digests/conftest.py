"""Shared by the tests of telling: invented Changes, a database to put them in, a local Slack."""

import itertools
import os
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from digests.send import Patience, send_pending
from monitor.config import read_config
from monitor.model import (
    Audience,
    Change,
    ChangeKind,
    ChangeStatus,
    DateKind,
    Deadline,
    Digest,
    DigestChange,
    Evidence,
    EvidenceKind,
    Impact,
    Judgement,
    OpenItem,
    Passage,
    PassageOp,
    Period,
    Problem,
    ProblemKind,
    Section,
    Severity,
    Sop,
    Source,
)
from monitor.store import transaction, write_time
from monitor.store.changes import add_change
from monitor.store.digests import ensure_audiences
from monitor.store.impacts import add_impacts
from monitor.store.problems import open_problem
from monitor.store.sops import declare_sops
from monitor.store.sources import declare_sources, get_resources
from new_store import new_store
from slack.server import LocalSlack

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def make_impact(**facts):
    return Impact(
        **{
            "sop_id": "minors",
            "section_id": "minors#age-checks",
            "sop_title": "Handling reports about minors",
            "heading": ("Age checks",),
            "owner": "Dana Lind",
            "probability": 0.72,
            "evidence": (
                Evidence(EvidenceKind.WORDS, "age"),
                Evidence(EvidenceKind.WORDS, "verify"),
                Evidence(EvidenceKind.CITATION, "eu:reg:2022/2065#art28"),
            ),
            **facts,
        }
    )


def make_passage(before="Providers may verify the age.", after="Providers must verify the age.", **facts):
    op = PassageOp.REWORDED
    if not before or not after:
        op = PassageOp.ADDED if after else PassageOp.REMOVED
    return Passage(**{"op": op, "heading": ("Duties", "Age assurance"), "before": before, "after": after, **facts})


def make_told(number=1, *, severity=Severity.HIGH, passages=None, impacts=(), **facts):
    """A DigestChange; `facts` go to the Change or to the DigestChange, wherever they belong."""
    judgement = Judgement(
        kind=facts.pop("kind", ChangeKind.SUBSTANTIVE),
        reason=facts.pop("reason", "a duty became stricter"),
        severity=severity,
        summary="",
        passages=(make_passage(),) if passages is None else tuple(passages),
        citations=tuple(facts.pop("citations", ())),
        dates=tuple(facts.pop("dates", ())),
        fingerprint=facts.pop("fingerprint", ""),
    )
    told = {"source_name": "Safety code", "publisher": "Borealis Regulator", "jurisdiction": "EU", "topics": ()}
    told |= {key: facts.pop(key) for key in list(facts) if key in told}
    change = {
        "id": number,
        "source_id": "code",
        "document_id": "code",
        "url": "https://borealis.example/code",
        "title": "Safety code",
        "from_version_id": 1,
        "to_version_id": 2,
        "status": ChangeStatus.CONFIRMED,
        "detected_at": datetime(2026, 11, 22, 18, tzinfo=UTC),
        "confirmed_at": NOW,
        "judgement": judgement,
    }
    return DigestChange(change=Change(**change | facts), impacts=tuple(impacts), **told)


def make_problem(number=1, **facts):
    return Problem(
        **{
            "id": number,
            "source_id": "forum-rules",
            "url": "https://forum.example/rules",
            "kind": ProblemKind.BLOCKED,
            "detail": "a bot wall answered with status 200 (4 kB, usually 62 kB)",
            "advice": "Ask the publisher to let us in, or try: monitor sources try forum-rules",
            "opened_at": datetime(2026, 11, 20, tzinfo=UTC),
            "last_seen_at": NOW,
            **facts,
        }
    )


def make_item(change_id=1, **facts):
    """What is left to do about a Change as a whole, and nobody decided."""
    return OpenItem(
        **{
            "change_id": change_id,
            "section_id": None,
            "source_id": "code",
            "source_name": "Safety code",
            "publisher": "Borealis Regulator",
            "url": "https://borealis.example/code",
            "procedure": "",
            "severity": Severity.MEDIUM,
            "since_at": datetime(2026, 11, 19, 9, tzinfo=UTC),
            "verdict": None,
            "assignee": None,
            "due": None,
            "deadline": None,
            **facts,
        }
    )


def make_deadline(change_id=1, **facts):
    return Deadline(
        **{
            "change_id": change_id,
            "source_name": "Safety code",
            "publisher": "Borealis Regulator",
            "url": "https://borealis.example/code",
            "kind": DateKind.COMPLIANCE,
            "date": "2026-12-01",
            "is_decided": False,
            **facts,
        }
    )


def make_digest(changes=(), problems=(), **facts):
    return Digest(
        **{
            "id": "2026-11-23-daily-eu-desk",
            "audience_id": "eu-desk",
            "audience_name": "EU desk",
            "period": Period.DAILY,
            "local_date": date(2026, 11, 23),
            "composed_at": NOW,
            "changes": tuple(changes),
            "problems": tuple(problems),
            "quiet": {},
            "watched": 30,
            "read": 30,
            "last_read_at": NOW,
            "held": 0,
            "has_sops": True,
            **facts,
        }
    )


@pytest.fixture(scope="session")
def make():
    """Builders of the nouns, without a database."""
    return SimpleNamespace(
        told=make_told,
        passage=make_passage,
        impact=make_impact,
        problem=make_problem,
        item=make_item,
        deadline=make_deadline,
        digest=make_digest,
    )


@pytest.fixture(scope="session")
def now():
    return NOW


@pytest.fixture
def eu_desk():
    return Audience("eu-desk", "EU desk", "Europe/Brussels", "09:00")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """slack-sdk would send even loopback addresses to a proxy of the environment."""
    for name in [each for each in os.environ if each.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)


@pytest.fixture
def slack():
    with LocalSlack() as server:
        yield server


@pytest.fixture
def config(tmp_path):
    """Without Slack."""
    return read_config({}, db=str(tmp_path / "monitor.db"))


@pytest.fixture
def slack_config(tmp_path, slack):
    env = {"SLACK_BOT_TOKEN": slack.token, "SLACK_CHANNEL": slack.channel, "SLACK_API_URL": slack.url}
    return read_config(env, db=str(tmp_path / "monitor.db"))


@pytest.fixture
def patience():
    return Patience(timeout=1, settle=0, pace=0)


@pytest.fixture
def db(config):
    store = new_store(config.db)
    yield store
    store.close()


@pytest.fixture
def world(db):
    return World(db)


class World:
    """Puts into the database what the earlier steps of the monitor would have put there."""

    def __init__(self, db):
        self.db = db
        self.sources = {}
        self._numbers = itertools.count(1)

    def see(self, *audiences, at):
        with transaction(self.db):
            ensure_audiences(self.db, audiences, at)

    def watch(self, source_id, **facts):
        source = Source(
            **{
                "id": source_id,
                "name": f"The {source_id}",
                "publisher": "Borealis Regulator",
                "jurisdiction": "EU",
                "kind": "html",
                "urls": (f"https://borealis.example/{source_id}",),
                **facts,
            }
        )
        self.sources[source_id] = source
        self._declare()

    def switch_off(self, source_id):
        self.sources[source_id] = replace(self.sources[source_id], enabled=False)
        self._declare()

    def _declare(self):
        with transaction(self.db):
            declare_sources(self.db, list(self.sources.values()), NOW)

    def change(self, at=NOW, *, source="code", kind=ChangeKind.SUBSTANTIVE, severity=Severity.MEDIUM, held=False):
        """A Change confirmed at `at` (or still held), by its id."""
        if source not in self.sources:
            self.watch(source)
        number, moment = next(self._numbers), write_time(at)
        with transaction(self.db):
            self._document(source, moment)
            fetch_id = self._fetch(source, moment)
            self.db.table("version").insert(
                {
                    "id": number,
                    "document_id": source,
                    "text_sha256": f"{number}",
                    "blocks": b"",
                    "title": "",
                    "recipe": "",
                    "observed_at": moment,
                }
            )
            return add_change(
                self.db,
                document_id=source,
                from_version_id=None,
                to_version_id=number,
                judgement=Judgement(kind, "a duty became stricter", severity, "", (make_passage(),)),
                fetch_id=fetch_id,
                detected_at=at,
                hold_until=at if held else None,
                rules="1",
                now=at,
            )

    def fetch(self, source, at=NOW, *, state="good", url=0):
        """One answer of one of the Source's URLs."""
        with transaction(self.db):
            self._fetch(source, write_time(at), state, url)

    def _document(self, source, moment):
        url = self.sources[source].urls[0]
        facts = {"id": source, "source_id": source, "identity": url, "url": url, "title": "", "added_at": moment}
        self.db.table("document").insert(facts, pk="id", ignore=True)

    def _fetch(self, source, moment, state="good", url=0):
        facts = {
            "resource_id": get_resources(self.db, source)[url].id,
            "at": moment,
            "outcome": "ok",
            "headers": "{}",
            "duration_ms": 1,
            "partial": 0,
            "detail": "",
            "state": state,
        }
        return self.db.table("fetch").insert(facts).last_pk

    def touch(self, change_id, probability=0.72):
        """One SOP section that the Change touches."""
        section = Section("minors#age-checks", "minors", ("Age checks",), "Check the age.")
        sop = Sop("minors", "Handling reports about minors", "Dana Lind", "minors.md", sections=(section,))
        with transaction(self.db):
            declare_sops(self.db, [sop], NOW)
            add_impacts(self.db, change_id, [make_impact(probability=probability)], "test-1")

    def break_source(self, source, at=NOW):
        with transaction(self.db):
            resource = get_resources(self.db, source)[0]
            open_problem(self.db, resource.id, ProblemKind.BLOCKED, detail="a bot wall", advice="Wait.", at=at)


@pytest.fixture
def pauses(monkeypatch):
    """How long the test's own thread would have slept, in seconds. It does not; what else is running does."""
    found, own, sleep = [], threading.get_ident(), time.sleep

    def note(seconds):
        if threading.get_ident() == own:
            found.append(seconds)
        else:
            sleep(seconds)

    monkeypatch.setattr("time.sleep", note)
    return found


@pytest.fixture
def send(db, slack_config, patience):
    """One pass of the sender at that time, with whatever options the sender takes."""

    def call(at, **options):
        return send_pending(db, options.pop("config", slack_config), at, **{"patience": patience, **options})

    return call
