"""A quarter of a year of the service in one process: does it need more memory, or more time for a day, as it goes on?

    python benchmarks/soak.py                             90 days of 400 sources, some minutes
    python benchmarks/soak.py --days 5 --sources 20

The process does what `monitor serve` does at each tick, on a database that grows, with a library of procedures and
three audiences: what is due is recorded, read, compared, tagged, told. It ticks four times a day instead of twice a
minute, and what publishers answer is handed over where a crawl process would hand it over. Prints every ten days the
memory of the process, the growth of the database and the CPU of a day, and ends with 1 where a target is missed: memory
within 5 % of that after ten days, CPU of a day within 30 % of that of days 11 to 20, each digest told on its day.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))

import yaml
from crashing import answer
from invented import JURISDICTIONS, PEOPLE, TOPICS, get_sentences, happens, iter_sops, write_sentence

from monitor import schedule
from monitor.cli.log import set_up_log
from monitor.config import read_config
from monitor.desk import Kept, open_desk
from monitor.model import Outcome
from monitor.reading import Reader
from monitor.schedule import run
from monitor.store import open_to_read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from monitor.model import Fetch, Request

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
TICKS = 4
"""A day."""
EVERY = {"1d": 70, "12h": 20, "3d": 5, "7d": 5}
"""How often sources are asked, of a hundred: about as in `sources.yaml`."""
FEEDS = 0.1
EDITED, TICKED, ENTRY = 0.015, 0.02, 0.3
"""A day: of the texts that change, of those whose date of the last update does, and of the feeds that have news."""
NOISY = 0.1
"""Of the pages: something in their bytes is new each time, and their text is not."""
DOWN = 0.01
"""Of the answers that do not come."""
PARAGRAPHS, SHOWN = 35, 20
"""Of a page; entries of a feed."""
SOPS, SECTIONS = 50, 6
AUDIENCES = (
    ("berlin", "Europe/Berlin", "09:00"),
    ("york", "America/New_York", "08:30"),
    ("perth", "Australia/Perth", "17:15"),
)
PERIOD = 10
"""Days from one measurement to the next."""
MOST_MEMORY, MOST_CPU = 0.05, 0.3
"""By so much may a later measurement differ from the first, or from the second one."""
MOST_S = 600


@dataclass(slots=True)
class Text:
    """What one address says now."""

    url: str
    is_feed: bool
    is_noisy: bool
    parts: list[str]
    """Paragraphs, or the newest entries."""
    day: int = 0
    """Of its last update, counted from the first."""

    def write(self, asked: int) -> bytes:
        """`asked`: which question it is the answer to."""
        if self.is_feed:
            return f"<feed xmlns='http://www.w3.org/2005/Atom'><id>{self.url}</id>{''.join(self.parts)}</feed>".encode()
        updated = BEGIN + timedelta(days=self.day)
        return (
            f"<html><head><title>Rules</title><meta name='csrf' content='{asked if self.is_noisy else 0}'>"
            f"</head><body><nav><a href='/'>Home</a></nav><main><h1>Rules</h1>{''.join(self.parts)}"
            f"<p>Last updated: {updated.day} {updated:%B %Y}</p></main><footer>Imprint</footer></body></html>"
        ).encode()


@dataclass(frozen=True, slots=True)
class Measurement:
    """After so many days."""

    day: int
    rss_mb: float
    db_mb: float
    cpu_s: float
    """Of a day, on the average since the last measurement."""


@dataclass
class Soak:
    """The world and the service in it."""

    folder: Path
    sources: int
    chance: random.Random
    measurements: list[Measurement] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        self.texts = {each.url: each for each in map(self._begin_text, range(self.sources))}
        entries = [
            {"id": f"s{place}", "name": f"Source {place}", "publisher": f"Publisher {place // 8}", "url": each.url,
             "jurisdiction": self.chance.choice(JURISDICTIONS), "topics": self.chance.sample(TOPICS, 2),
             "kind": "atom" if each.is_feed else "html", "every": self.chance.choices([*EVERY], [*EVERY.values()])[0]}
            for place, each in enumerate(self.texts.values())
        ]  # fmt: skip
        audiences = [{"id": id_, "name": id_, "timezone": zone, "digest_at": at} for id_, zone, at in AUDIENCES]
        people = [{"name": each, "email": f"{each.split()[0].lower()}@example.org"} for each in PEOPLE]
        said = {"people": people, "audiences": audiences, "sources": entries}
        (self.folder / "sources.yaml").write_text(yaml.safe_dump(said))
        self._write_sops()
        self.config = read_config(
            {"MONITOR_WEB_ROLE": "reader"},
            db=str(self.folder / "monitor.db"),
            sources=str(self.folder / "sources.yaml"),
            sops=str(self.folder / "sops"),
        )

    def _begin_text(self, place: int) -> Text:
        is_feed = happens(self.chance, FEEDS)
        url = f"https://example.org/{place}"
        parts = [f"<p>{each}</p>" for each in self.chance.choices(get_sentences(), k=PARAGRAPHS)]
        return Text(url, is_feed, happens(self.chance, NOISY), [] if is_feed else parts)

    def _write_sops(self) -> None:
        (self.folder / "sops").mkdir()
        for sop in iter_sops(SOPS, self.chance):
            sections = "".join(f"\n## {each.heading[-1]}\n\n{each.text}\n" for each in sop.sections[:SECTIONS])
            head = yaml.safe_dump({"id": sop.id, "title": sop.title, "owner": sop.owner})
            (self.folder / "sops" / sop.path).write_text(f"---\n{head}---\n# {sop.title}\n{sections}")

    def live(self, days: int) -> None:
        """So many days, measured every PERIOD."""
        schedule.crawl = self._crawl
        kept, began = Kept(), _cpu_s()
        with ExitStack() as stack:
            _share_reader(stack.enter_context(Reader()))
            for day in range(days):
                self._publish(day)
                for tick in range(TICKS):
                    now = BEGIN + timedelta(days=day, hours=24 / TICKS * tick)
                    with open_desk(replace(self.config, fixed_now=now), kept) as desk:
                        run(desk)
                if (day + 1) % PERIOD == 0:
                    self._measure(day + 1, (_cpu_s() - began) / PERIOD)
                    began = _cpu_s()

    def _publish(self, day: int) -> None:
        """What publishers do in a day."""
        for text in self.texts.values():
            if text.is_feed:
                if happens(self.chance, ENTRY):
                    text.parts = [_write_entry(f"{day}-{text.url}", write_sentence(self.chance)), *text.parts][:SHOWN]
            elif happens(self.chance, EDITED):
                text.parts[self.chance.randrange(PARAGRAPHS)] = f"<p>{write_sentence(self.chance)}</p>"
            elif happens(self.chance, TICKED):
                text.day = day

    def _crawl(self, requests: Sequence[Request], *, now: Callable[[], datetime], **_: object) -> Iterator[Fetch]:
        for request in requests:
            self.asked += 1
            is_down = happens(self.chance, DOWN)
            said = Outcome.TIMEOUT if is_down else self.texts[request.url].write(self.asked)
            yield answer(request, said, now())

    def _measure(self, day: int, cpu_s: float) -> None:
        rss = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
        size = (self.folder / "monitor.db").stat().st_size
        found = Measurement(day, rss / 1e6, size / 1e6, cpu_s)
        before = self.measurements[-1].db_mb if self.measurements else 0.0
        self.measurements.append(found)
        grown = 1000 * (found.db_mb - before) / PERIOD
        print(
            f"  day {day:>3}   memory {found.rss_mb:6.1f} MB   database {found.db_mb:6.1f} MB, {grown:5.0f} kB a day"
            f"   CPU {cpu_s:5.2f} s a day",
            flush=True,
        )


def _share_reader(reader: Reader) -> None:
    """One process that reads for all ticks, instead of one for each, which takes longer to start than the rest."""

    class Shared:
        def __enter__(self) -> Reader:
            return reader

        def __exit__(self, *_: object) -> None:
            pass

    schedule.Reader = Shared


def _write_entry(key: str, text: str) -> str:
    return (
        f"<entry><id>{key}</id><title>{text[:60]}</title><link href='https://example.org/news/{key}'/>"
        f"<content type='html'>&lt;p&gt;{text}&lt;/p&gt;</content></entry>"
    )


def _cpu_s() -> float:
    """Of this process: what reads is another one, and does the same for each page."""
    return time.process_time()


def find_misses(measurements: Sequence[Measurement]) -> Iterator[str]:
    """Where memory or time does not stay what it was. In the first days all procedures are read, which takes time."""
    first, second = measurements[:1], measurements[1:2]
    for each, then in product(measurements[1:], first):
        if abs(each.rss_mb / then.rss_mb - 1) > MOST_MEMORY:
            yield f"after {each.day} days the memory is {each.rss_mb:.1f} MB, after {then.day}: {then.rss_mb:.1f}"
    for each, then in product(measurements[2:], second):
        if each.cpu_s / then.cpu_s - 1 > MOST_CPU:
            yield f"after {each.day} days a day takes {each.cpu_s:.2f} s of CPU, after {then.day}: {then.cpu_s:.2f}"


def count_digests(soak: Soak, days: int) -> tuple[int, int, int]:
    """Daily Digests that were due by the last tick, that were composed, and that are in their folder."""
    last = BEGIN + timedelta(days=days) - timedelta(hours=24 / TICKS)
    due = {(id_, day) for id_, zone, at in AUDIENCES for day in _iter_days(zone, at, last)}
    db = open_to_read(soak.config.db)
    composed = {
        (row["audience_id"], row["local_date"])
        for row in db.query("SELECT audience_id, local_date FROM digest WHERE period = 'daily'")
    }
    db.close()
    told = {(id_, day) for id_, day in composed if (soak.folder / "digests" / f"{day}-daily-{id_}.md").exists()}
    return len(due), len(due & composed), len(due & told)


def _iter_days(zone: str, at: str, last: datetime) -> Iterator[str]:
    """The days there whose time of the Digest lies between the first tick and the last."""
    first_day = BEGIN.astimezone(ZoneInfo(zone)).date()
    for number in range((last - BEGIN).days + 2):
        day = first_day + timedelta(days=number)
        moment = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo(zone))
        if BEGIN < moment <= last:
            yield str(day)


def soak(days: int, sources: int, seed: int) -> list[str]:
    """All of it; what is not as it should be."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        world = Soak(Path(name), sources, random.Random(seed))
        world.live(days)
        due, composed, told = count_digests(world, days)
    took = time.monotonic() - began
    print(f"{world.asked:,} fetches; of {due} daily digests due {composed} were composed and {told} told; {took:.0f} s")
    missed = [f"{due - told} digests are missing"] if told < due else []
    late = [f"it took {took:.0f} s, and should take less than {MOST_S}"] if took > MOST_S else []
    return [*find_misses(world.measurements), *missed, *late]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--days", type=int, default=90)
    options.add_argument("--sources", type=int, default=400)
    options.add_argument("--seed", type=int, default=8)
    chosen = options.parse_args()
    set_up_log(verbose=False)
    print(f"{chosen.days} days, {chosen.sources} sources, {SOPS} procedures", flush=True)
    misses = soak(chosen.days, chosen.sources, chosen.seed)
    for each in misses:
        print(f"MISSED: {each}")
    return 1 if misses else 0


if __name__ == "__main__":
    sys.exit(main())
