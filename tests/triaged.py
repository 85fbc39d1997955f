"""A database with two Sources and two SOPs, Changes that were matched, and short ways to decide about them.

bench = Bench(tmp_path)
bench.change(AGES, [UPLOAD, REFUNDS])       # 1, its id: a told Change of the Source `rules`, tagged with two Sections
bench.change(AGES, [UPLOAD], [APPEALS])     # 2: tagged with two as well, of which people were not shown the second
bench.confirm(1, UPLOAD)
"""

from __future__ import annotations

from monitor.config import read_config
from monitor.impact import WORTH_SHOWING
from monitor.model import (
    BlockKind,
    ChangeKind,
    Evidence,
    EvidenceKind,
    Impact,
    Judgement,
    Passage,
    PassageOp,
    Severity,
    Verdict,
)
from monitor.sops import load_sops
from monitor.store import changes, fetches, impacts, sources, transaction, versions
from monitor.store.fetches import FetchState
from monitor.store.sops import declare_sops
from monitor.triage import decide, set_due
from monitor.undoing import find_last, take_back
from new_store import new_store
from store.conftest import HOUR, NOON, a_block, a_fetch, a_source

SOPS = {
    "ages.md": """\
---
id: ages
title: Age checks
owner: "@minors"
---
## Upload

Ask for a passport or a licence before the first livestream, and store it for 30 days.

## Appeals

A parent appeals through the family form.
""",
    "fees.md": """\
---
id: fees
title: Fees
owner: "@billing"
---
## Refunds

Pay the price back within 14 days.
""",
}
UPLOAD, APPEALS, REFUNDS = "ages#upload", "ages#appeals", "fees#refunds"
UNLIKELY = 0.29

AGES = (
    "Hosts of a livestream show a passport that is stored for 30 days.",
    "Hosts show one stored for 60 days.",
)
MORE_AGES = ("A livestream host shows the passport once.", "A livestream host shows the passport each year.")
PRICES = ("Prices are paid back in 14 days.", "Prices are paid back in 30 days.")
SPAM = ("Selling followers is allowed.", "Selling followers ends in a ban.")

SOURCES = """\
sources:
  - {id: rules, name: Rules, publisher: Example, jurisdiction: EU, kind: html, url: "https://example.org/rules"}
  - {id: other, name: Other, publisher: Example, jurisdiction: EU, kind: html, url: "https://example.org/other"}
"""


class Bench:
    def __init__(self, folder):
        self.folder = folder
        (folder / "sops").mkdir()
        for name, text in SOPS.items():
            (folder / "sops" / name).write_text(text)
        (folder / "sources.yaml").write_text(SOURCES)
        self.db = new_store(folder / "monitor.db")
        self.sources = {
            each: a_source(id=each, urls=(f"https://example.org/{each}",), name=each.title())
            for each in ("rules", "other")
        }
        with transaction(self.db):
            sources.declare_sources(self.db, list(self.sources.values()), NOON)
            self.sops = declare_sops(self.db, load_sops(folder / "sops").sops, NOON)
        self.hour = 0

    @property
    def now(self):
        """An hour later each time."""
        self.hour += 1
        return NOON + self.hour * HOUR

    @property
    def config(self):
        """As of the fifth day, 16:00."""
        names = {"db": "monitor.db", "sources": "sources.yaml", "sops": "sops"}
        paths = {name: str(self.folder / file) for name, file in names.items()}
        return read_config({"MONITOR_NOW": "2026-03-05T16:00:00Z"}, **paths)

    def change(self, wording, touched=(), unlikely=(), source="rules"):
        """The id of a told Change of (before, after) that was tagged with these Sections, the most probable first."""
        tagged = {each: max(0.8 - 0.1 * place, WORTH_SHOWING) for place, each in enumerate(touched)}
        with transaction(self.db):
            return self._change(wording, tagged | dict.fromkeys(unlikely, UNLIKELY), source)

    def _change(self, wording, tagged, source):
        now, (before, after) = self.now, wording
        url = f"https://example.org/{source}"
        resource = sources.get_resource(self.db, source, url)
        fetch = a_fetch(after.encode(), now, source_id=source, url=url)
        snapshot = fetches.add_snapshot(self.db, resource.id, f"sha{self.hour}", fetch, after.encode())
        fetch_id = fetches.add_fetch(self.db, resource.id, fetch, snapshot_id=snapshot, state=FetchState.GOOD)
        versions.declare_document(self.db, source, source_id=source, identity=url, url=url, title="Rules", now=now)
        version = versions.add_version(
            self.db,
            source,
            title="Rules",
            blocks=[a_block(after, BlockKind.PARAGRAPH)],
            recipe="1",
            observed_at=now,
            snapshot_ids=[snapshot],
        )
        passage = Passage(PassageOp.REWORDED, (), before, after)
        change_id = changes.add_change(
            self.db,
            document_id=source,
            from_version_id=None,
            to_version_id=version,
            judgement=Judgement(ChangeKind.SUBSTANTIVE, "reworded", Severity.HIGH, "", (passage,)),
            fetch_id=fetch_id,
            detected_at=now,
            hold_until=None,
            rules="1",
            now=now,
        )
        impacts.add_impacts(self.db, change_id, [_impact(*each) for each in tagged.items()], "1")
        return change_id

    def decide(self, change_id, section_id, verdict, by="mia", **facts):
        return decide(self.db, change_id, section_id, verdict, by=by, now=self.now, **facts)

    def confirm(self, change_id, section_id=None, **facts):
        return self.decide(change_id, section_id, Verdict.CONFIRMED, **facts)

    def reject(self, change_id, section_id=None, reason="unrelated", **facts):
        return self.decide(change_id, section_id, Verdict.NOT_APPLICABLE, reason=reason, **facts)

    def assign(self, change_id, section_id=None, assignee="otto", **facts):
        return self.decide(change_id, section_id, Verdict.ASSIGNED, assignee=assignee, **facts)

    def snooze(self, change_id, section_id=None, due="2026-03-09", **facts):
        return self.decide(change_id, section_id, Verdict.SNOOZED, due=due, **facts)

    def set_due(self, change_id, section_id=None, due="2026-03-09", by="mia"):
        return set_due(self.db, change_id, section_id, due, by=by, now=self.now)

    def take_back(self, change_id, by="mia"):
        ids = [each.id for each in find_last(self.db, change_id)]
        return take_back(self.db, ids, by=by, now=self.now)

    def undo(self, change_id, section_id=None, **facts):
        return self.decide(change_id, section_id, Verdict.UNDONE, **facts)


def _impact(section_id, probability):
    why = (Evidence(EvidenceKind.WORDS, "passport"),)
    return Impact(section_id.partition("#")[0], section_id, "", (), "", probability, why)
