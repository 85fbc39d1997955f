"""One small desk in a world in which everything fails: processes, disks, clocks, publishers, Slack.

A round is what the publisher says for a while. In each one commands are killed at points of a step, or refused to
write, or run by a wrong clock; then one runs undisturbed. After the last round it is quiet until everything was seen
twice and each day was told.

Does not do: dying (`crashing.py`), judging what is left (`oracle.py`).
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import which
from types import MappingProxyType
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import oracle
import yaml
from crashing import UNCAUGHT, UNHARMED, Doom, Ending, call
from publishing import Publisher

from local_site import Answer
from slack.faults import HANGING, QUICK
from slack.server import Channel, LocalSlack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from local_site import Site

ROUNDS = 9
DONE, FAILURES, USAGE = 0, 1, 2
"""Exit statuses of the program."""
GAP_H = (7, 9)
"""Hours from round to round: more than the hold, and three times a day."""
QUIET = timedelta(days=2)
"""Until what was seen last is seen again, and each audience has had its time of day after that."""
STARTS = (
    datetime(2026, 2, 9, 4, tzinfo=UTC),
    datetime(2026, 3, 6, 4, tzinfo=UTC),  # New York's clock skips an hour on the 8th
    datetime(2026, 3, 27, 4, tzinfo=UTC),  # Berlin's on the 29th
    datetime(2026, 10, 23, 4, tzinfo=UTC),  # Berlin's repeats one on the 25th
    datetime(2026, 10, 30, 4, tzinfo=UTC),  # New York's on the 1st
)
AUDIENCES = [
    {"id": "berlin", "name": "Berlin", "timezone": "Europe/Berlin", "digest_at": "02:30", "alerts": False},
    {"id": "london", "name": "London", "timezone": "Europe/London", "digest_at": "10:00", "alerts": True},
    {"id": "york", "name": "New York", "timezone": "America/New_York", "digest_at": "01:30", "alerts": False},
]
"""Some is told in each round, at times of day that their clocks skip or repeat."""
DOOMS = {"open": 1, "crawl": 5, "process": 5, "compose": 3, "send": 5, "torn": 4}
ORDER = list(DOOMS)
USUAL = {"open": 20, "crawl": 110, "process": 80, "compose": 20, "send": 20, "backup": 20}
"""Points of a step, before one was seen."""
DOOMED_A_ROUND = 4
JUMPS_H = (-72, -30, -2, 2, 26, 40)
SMALLEST = 40_000
"""Bytes that a file may have before the disk is full: SQLite's -shm has 32,768."""
TMPFS = "24m"
CLOSED, OPEN = 0o555, 0o777
"""Modes of a folder."""
SAID = 300
"""Characters of what a command said last, in a complaint."""
SHARE = 0.5
"""Of the calls of Slack that go wrong in a round in which some do."""
SOP = """---
id: SOP-1
title: Notices
owner: "@minors"
---
# Notices

## Appeals

Moderators must answer appeals within 12 hours of notice.
"""


class World:
    """A folder with everything in it, a publisher and a Slack."""

    settings: Mapping[str, str] = MappingProxyType({})
    """More of the environment."""

    def __init__(self, folder: Path, seed: object, rounds: int = ROUNDS) -> None:
        self.folder = folder
        self.chance = random.Random(f"{seed}")
        self.publisher = self._found(rounds)
        self.slack = LocalSlack(retry_after=1)
        self.slack.channels = {_channel(each["id"]): Channel() for each in AUDIENCES}
        self.now = self.latest = self.chance.choice(STARTS)
        self.audiences = [each["id"] for each in AUDIENCES]
        self.counts: Counter[tuple[str, str]] = Counter()
        """How often (fault or step, moment)."""
        self.points = dict(USUAL)
        self.round = 0
        self.first_day = self.now.date()
        self.complaints: list[str] = []
        self._write()

    def _found(self, rounds: int) -> Publisher:
        return Publisher(self.chance, rounds)

    @property
    def db(self) -> Path:
        return self.folder / "var" / "monitor.db"

    def _write(self) -> None:
        sources = [
            {"id": f"s{place}", "name": f"Source {place}", "publisher": "Example", "jurisdiction": "EU", "url": url,
             "kind": "atom" if url.endswith("feed") else "html", "every": "1h"}
            for place, url in enumerate(self.publisher.urls)
        ]  # fmt: skip
        audiences = [each | {"slack_channel": _channel(each["id"])} for each in AUDIENCES]
        self.db.parent.mkdir(mode=0o700)
        (self.folder / "sops").mkdir()
        (self.folder / "sops" / "notices.md").write_text(SOP)
        (self.folder / "sources.yaml").write_text(yaml.safe_dump({"sources": sources, "audiences": audiences}))

    def environment(self, now: datetime) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("MONITOR_", "SLACK_"))}
        return kept | {
            "MONITOR_DB": str(self.db),
            "MONITOR_SOURCES": str(self.folder / "sources.yaml"),
            "MONITOR_SOPS": str(self.folder / "sops"),
            "MONITOR_NOW": now.isoformat(),
            "SLACK_API_URL": self.slack.url,
            "SLACK_BOT_TOKEN": self.slack.token,
            **self.settings,
        }

    def call(self, *words: str, doom: Doom = UNHARMED, now: datetime | None = None) -> Ending:
        """A command at this time, by default the right one. One that ends with a traceback is complained of."""
        self.latest = max(self.latest, now or self.now)
        answers = self.publisher.answers(self.round)
        ending = call(self.folder, words, self.environment(now or self.now), answers, doom)
        if ending.status == UNCAUGHT:
            self.complaints.append(f"{' '.join(words)} {doom}: {ending.err[-SAID:]}")
        return ending

    def play(self) -> None:
        """All rounds, then quiet ones until long after whatever time it ever was."""
        for number in range(self.publisher.rounds):
            self.round = number
            self._trouble_slack()
            self._disturb()
            self._run()
            self._disturb_after()
            self.now += timedelta(hours=self.chance.randint(*GAP_H), minutes=self.chance.randrange(60))
        self.slack.faults.strike(0, seed=0)
        self.round = self.publisher.rounds
        end = self.latest + QUIET
        self._run()
        while self.now < end:
            self.now += timedelta(hours=GAP_H[0])
            self._run()

    def check(self) -> Iterator[str]:
        """Whatever is wrong at the end."""
        yield from self.complaints
        yield from oracle.check(self)

    def _trouble_slack(self) -> None:
        """In every third round; rarely it also hangs, which costs time."""
        share = self.chance.choice((SHARE, 0, 0))
        among = (*QUICK, *HANGING) if self.chance.random() < SHARE else QUICK
        methods = ("chat.postMessage", "conversations.history")
        self.slack.faults.strike(share, self.chance.random(), among, methods)
        self.slack.history_lag = self.chance.choice((0, 0, 1))
        self.counts["Slack outage", "round"] += bool(share)
        outages = sum(number == self.round for _, number in self.publisher.outages)
        self.counts["publisher outage", "address and round"] += outages

    def _disturb(self) -> None:
        steps = self.chance.choices(ORDER, [*DOOMS.values()], k=DOOMED_A_ROUND)
        for step in sorted(steps, key=ORDER.index):
            self._doom(step, "run", "--json")
        match self.chance.randrange(5):
            case 0:
                self._fill_disk()
            case 1:
                self._refuse_to_write()
            case 2:
                self._jump([hours for hours in JUMPS_H if hours < 0])

    def _disturb_after(self) -> None:
        """What is found by a clock that is ahead is held for long: a round that has seen everything can bear that."""
        match self.chance.randrange(4):
            case 0:
                self._jump([hours for hours in JUMPS_H if hours > 0])
            case 1:
                self._back_up()

    def _run(self) -> None:
        ending = self.call("run", "--json")
        if ending.status not in {DONE, FAILURES}:
            self.complaints.append(f"a run that nothing disturbs ended with {ending.status}: {ending.err[-SAID:]}")
        for step, number in (ending.points or {}).items():
            if step in self.points:
                self.points[step] = max(number, self.points[step] if step in {"compose", "send"} else 1)

    def _doom(self, step: str, *words: str, now: datetime | None = None) -> None:
        """One crash; a command that gets by, because less was left to do than was thought, is counted as well."""
        doom = self._tear() if step == "torn" else Doom(step, self.chance.randint(1, self.points[step]))
        ending = self.call(*words, doom=doom, now=now)
        if ending.status < 0:
            self.counts[step, ending.what or "in the midst of a write"] += 1
        else:
            self.counts["got by", step] += 1

    def _tear(self) -> Doom:
        return Doom(most_bytes=self._choose_size(), is_killed=True)

    def _choose_size(self) -> int:
        size = self.db.stat().st_size if self.db.exists() else 0
        return self.chance.randint(SMALLEST, max(SMALLEST, size) + SMALLEST)

    def _fill_disk(self) -> None:
        """By a limit on the size of files; where the folder is a disk of its own, that one is filled up."""
        if not self.folder.is_mount():
            self.call("run", "--json", doom=Doom(most_bytes=self._choose_size()))
            self.counts["disk full", "limit on the size of files"] += 1
            return
        ballast = self.folder / "ballast"
        disk = os.statvfs(self.folder)
        with ballast.open("wb") as file:
            file.write(bytes(max(0, disk.f_bavail * disk.f_frsize - self.chance.randrange(300_000))))
        self.call("run", "--json")
        ballast.unlink()
        self.counts["disk full", "tmpfs"] += 1

    def _refuse_to_write(self) -> None:
        """By the mode of the file, or also by that of its folder. For root there are no modes: nobody runs it then."""
        if not self.db.exists():
            return
        before = self.db.read_bytes()
        folder_mode = self.chance.choice((CLOSED, OPEN))
        self.db.chmod(0o444)
        self.db.parent.chmod(folder_mode)
        ending = self.call("run", "--json", doom=Doom(is_nobody=os.geteuid() == 0))
        self.db.parent.chmod(0o700)
        self.db.chmod(0o600)
        self.counts["read-only", "file" if folder_mode == OPEN else "file and folder"] += 1
        if ending.status != USAGE or self.db.read_bytes() != before:
            self.complaints.append(f"read-only, and yet it ended with {ending.status}: {ending.err[-SAID:]}")

    def _jump(self, hours: Sequence[int]) -> None:
        """One run by a wrong clock, killed or not."""
        jump = self.chance.choice(hours)
        now = self.now + timedelta(hours=jump)
        self._doom(self.chance.choice(ORDER), "run", "--json", now=now)
        self.call("run", "--json", now=now)
        self.counts["clock", "set back" if jump < 0 else "ahead"] += 1

    def _back_up(self) -> None:
        target = self.folder / "backup.db"
        for step in ("backup", "backup", "torn"):
            self._doom(step, "backup", "--force", str(target))
            self._check_backup(target)
        ending = self.call("backup", "--force", str(target))
        self.points["backup"] = (ending.points or {}).get("backup", 1)
        self._check_backup(target, is_there=True)
        if left := [each.name for each in self.folder.glob(".backup.db*")]:
            self.complaints.append(f"a backup left {left}")

    def _check_backup(self, target: Path, *, is_there: bool = False) -> None:
        """Whole, or not there at all."""
        if is_there or target.exists():
            ending = self.call("--db", str(target), "verify")
            self.counts["checked", "backup"] += 1
            if ending.status:
                self.complaints.append(f"a backup is not whole: {ending.out[-SAID:]}{ending.err[-SAID:]}")


class RealWorld(World):
    """The same with nothing replaced: processes of Scrapy and of the reader, killed at any moment."""

    settings = MappingProxyType({"MONITOR_ALLOW_PRIVATE": "1"})

    def __init__(self, folder: Path, seed: object, site: Site, rounds: int) -> None:
        self.site = site
        self.usual = 3.0
        super().__init__(folder, seed, rounds)

    def _found(self, rounds: int) -> Publisher:
        return Publisher(self.chance, rounds, self.site.url(""))

    def call(self, *words: str, doom: Doom | None = None, now: datetime | None = None) -> Ending:
        """A command to its end, or killed with `doom` at whatever point it has come to after some time."""
        del now
        self.latest = self.now
        for url, said in self.publisher.answers(self.round).items():
            path = url.removeprefix(self.publisher.address)
            media_type = "application/atom+xml" if path == "/feed" else "text/html; charset=utf-8"
            if isinstance(said, bytes):
                self.site.put(path, said, media_type)
            else:
                self.site.pages[path] = Answer(404)
        began = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", *words],
            env=self.environment(self.now),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if doom:
            time.sleep(self.chance.uniform(0.2, self.usual))
            process.kill()
        out, err = process.communicate()
        self.usual = self.usual if doom or words[0] != "run" else time.monotonic() - began
        return Ending(process.returncode, out, err)

    def _disturb(self) -> None:
        for _ in range(DOOMED_A_ROUND):
            ending = self.call("run", "--json", doom=Doom())
            self.counts["whole run" if ending.status < 0 else "got by", "any moment"] += 1

    def _disturb_after(self) -> None:
        pass

    def _trouble_slack(self) -> None:
        pass


def _channel(audience_id: str) -> str:
    return f"C0{audience_id.upper():0<7}"


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """The folder as a small disk of its own, where this process may mount one."""
    command = [which("mount") or "mount", "-t", "tmpfs", "-o", f"size={TMPFS},mode=755", "tmpfs", str(folder)]
    is_mounted = not subprocess.run(command, capture_output=True, check=False).returncode
    try:
        yield is_mounted
    finally:
        if is_mounted:
            subprocess.run([which("umount") or "umount", "--lazy", str(folder)], check=True)
