"""Silence: how often sources that are well are doubted for their rhythm, and how soon one that is not is found out.

    python benchmarks/silence.py [--pages FILE.db ...] [--texts FILE.bundle|REPOSITORY ...] [--feeds FOLDER ...]

    --pages   snapshots of pages: tables doc (id, name, publisher, sel, rem, rounds; selectors as JSON) and snap (doc,
              round, at, truth, body; seconds since 1970, zlib); where truth is "blank" it is no page
    --texts   git histories of Markdown: sizes of texts, and the days of all commits as those of a feed
    --feeds   RSS and Atom files, each a feed with news on the days of its entries
    none      the histories are invented: pages that are edited, feeds with weekends, holidays, summers and bursts

Each history is replayed as its source would be asked: an answer that differs is measured, by the store and the
judgements that the monitor uses. Pages and texts are replayed twice: where nobody decides, and where somebody confirms
each Change within the hour. Each doubt that begins is an alarm, and false: all of it happened, and all was read.
Then each history ends in a fault: no answer, no news, a text that loses (or gains) a little with each answer, a
selector that keeps less with each. Exit status 1 at one alarm per source and year, or where a fault is found later than
two cycles after it is one: two due times, twice the longest quiet, two answers after a third or half is gone, or as
much is added.

Does not do: feeds that are edited, publishers that answer nothing (a Problem each, at once).
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count as count_from
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import structlog

sys.path.insert(0, str(Path(__file__).parent.parent))

from monitor.errors import ExtractionError
from monitor.extract.html import read_html
from monitor.extract.markdown import read_markdown
from monitor.feeds import parse_feed
from monitor.model import ProblemKind, Source, Verdict
from monitor.rhythm import (
    KEPT,
    LATE,
    LEAST_GAPS,
    LEAST_MEASURES,
    LEAST_QUIET,
    LONGER,
    UNSEEN_QUIET,
    YEAR,
    find_quiet,
    is_silent,
)
from monitor.silence import judge_size
from monitor.sources import next_due
from monitor.store import Database, rhythm, sources, write_time
from monitor.store.migrations import MIGRATIONS
from monitor.store.rhythm import Doubted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

GIT = shutil.which("git") or "git"
TICK = timedelta(minutes=15)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
URL = "https://example.org/page"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RHYTHMS = ("30m", "1h", "12h", "1d", "7d", "0 9 * * 1-5", "0 6 1 * *")
MOST_CYCLES = 2
FRIDAY = 5
MOST_ANSWERS = 200
FEW = 1
"""False alarms per source and year are fewer."""


@dataclass(frozen=True)
class Size:
    """What one new answer gave."""

    at: datetime
    letters: int
    page: int = 0


@dataclass
class Score:
    years: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    sources: Counter[str] = field(default_factory=Counter)
    alarms: Counter[tuple[str, ProblemKind]] = field(default_factory=Counter)
    found: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Cycles from when a fault is one until it is found; endless where it never is."""
    days: list[int] = field(default_factory=list)
    """Until a feed that brings nothing is found."""

    def watch(self, sort: str, first: datetime | date, last: datetime | date) -> None:
        self.sources[sort] += 1
        self.years[sort] += (last - first) / timedelta(days=365.25)


class Watched:
    """One address in a store of its own, in memory."""

    def __init__(self, *, is_confirmed: bool) -> None:
        self.db, self.is_confirmed = Database(memory=True), is_confirmed
        MIGRATIONS.apply(self.db)
        source = Source("page", "Page", "Publisher", "EU", "html", (URL,))
        sources.declare_sources(self.db, [source], NOON)
        self.db.execute("INSERT INTO document VALUES ('page', 'page', ?, ?, '', '')", [URL, URL])

    def see(self, size: Size) -> frozenset[ProblemKind]:
        """What is in doubt after one more answer."""
        share = min(1.0, size.letters / size.page) if size.page else None
        rhythm.add_measure(self.db, 1, size.at, recipe="html", letters=size.letters, share=share)
        for kind in (ProblemKind.DRIFTING, ProblemKind.KEEPS_LESS):
            judge_size(self.db, Doubted("page", 1, URL, kind), size.at)
        if self.is_confirmed:
            self._confirm(size.at)
        return frozenset(each.kind for each in rhythm.get_doubted(self.db))

    def _confirm(self, at: datetime) -> None:
        change = self.db.execute(
            "INSERT INTO change (document_id, to_version_id, kind, reason, severity, summary, status, fetch_id, "
            "detected_at) SELECT 'page', count(*), 'substantive', '', '', '', 'confirmed', 1, ? FROM change",
            [write_time(at)],
        )
        self.db.execute(
            "INSERT INTO decision (change_id, verdict, reason, by, at) VALUES (?, ?, '', 'mia', ?)",
            [change.lastrowid, Verdict.CONFIRMED, write_time(at + HOUR)],
        )


def iter_pages(path: Path) -> Iterator[list[Size]]:
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    for doc, select, remove in db.execute("SELECT id, sel, rem FROM doc ORDER BY id").fetchall():
        sizes = []
        query = "SELECT at, body FROM snap WHERE doc = ? AND truth <> 'blank' ORDER BY round"
        for at, body in db.execute(query, [doc]):
            markup = zlib.decompress(body).decode("utf-8", "replace")
            page = read_html(markup, select=json.loads(select), remove=json.loads(remove))
            sizes.append(Size(datetime.fromtimestamp(int(at), UTC), count(page.blocks), page.page_letters))
        yield sizes


def count(blocks: Iterable[object]) -> int:
    return sum(len(block.text) for block in blocks)


def iter_texts(repository: Path) -> Iterator[list[Size]]:
    for name in git(repository, "ls-files", "*.md").splitlines():
        lines = git(repository, "log", "--reverse", "--format=%H %cI", "--", name).splitlines()
        sizes = []
        for commit, at in (line.split() for line in lines):
            text = git(repository, "show", f"{commit}:{name}")
            sizes.append(Size(datetime.fromisoformat(at).astimezone(UTC), count(read_markdown(text).blocks)))
        yield [each for each in sizes if each.letters]


def iter_days(repository: Path) -> Iterator[list[date]]:
    """The days of each publisher, which has a folder."""
    for folder in sorted({name.split("/")[0] for name in git(repository, "ls-files").splitlines() if "/" in name}):
        yield sorted({date.fromisoformat(day) for day in git(repository, "log", "--format=%cs", "--", folder).split()})


def git(repository: Path, *words: str) -> str:
    command = [GIT, "-c", "core.quotePath=off", "-C", str(repository), *words]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8", "replace")


def iter_feeds(folder: Path) -> Iterator[list[date]]:
    for path in sorted(each for each in folder.rglob("*") if each.suffix in {".rss", ".atom", ".xml"}):
        try:
            entries = parse_feed(path.read_bytes(), "application/xml", "https://example.org/").entries
        except ExtractionError:
            continue
        yield sorted({each.published_at.date() for each in entries if each.published_at})


def invent_page(chance: random.Random) -> list[Size]:
    """Three years: small edits that add a little more than they take, now and then a rewrite or another frame."""
    sizes, at, letters, frame = [], NOON, chance.randint(3_000, 150_000), chance.randint(500, 100_000)
    while at < NOON + 3 * YEAR:
        happens = chance.choices(["nothing", "an edit", "a rewrite"], [80, 18, 2])[0]
        if happens == "an edit":
            letters = int(letters * chance.gauss(1.005, 0.03))
        elif happens == "a rewrite":
            letters = int(letters * chance.choice([0.6, 0.8, 1.3, 1.8]))
        frame = max(200, int(frame * chance.gauss(1, 0.02)))
        sizes.append(Size(at, letters, letters + frame))
        at += timedelta(days=chance.expovariate(1 / 6))
    return sizes


def invent_feed(chance: random.Random) -> list[date]:
    """Five years of one sort of feed, each as lively as chance has it."""
    sort = chance.choice(["any day", "office", "holidays", "summer", "bursts"])
    lively, days, burst = 1 / chance.choice([1, 2, 4, 7, 14, 30]), [], 0
    for day in (date(2020, 1, 6) + number * DAY for number in range(5 * 365)):
        if sort == "bursts":
            burst = burst - 1 if burst else 5 * (chance.random() < lively / 8)
            is_news = chance.random() < lively * (4 if burst else 0.25)
        else:
            is_news = not is_off(sort, day) and chance.random() < lively * 1.4
        days += [day] if is_news else []
    return days


def is_off(sort: str, day: date) -> bool:
    is_weekend = day.isoweekday() > FRIDAY
    is_christmas = sort != "office" and not date(day.year, 1, 6) <= day <= date(day.year, 12, 20)
    is_summer = sort == "summer" and date(day.year, 7, 20) < day < date(day.year, 9, 1)
    return sort != "any day" and (is_weekend or is_christmas or is_summer)


def replay_sizes(sizes: Sequence[Size], sort: str, score: Score) -> None:
    if len(sizes) >= LEAST_MEASURES:
        replay_answers(sizes, sort, score, is_confirmed=False)
        replay_answers(sizes, f"{sort}, confirmed", score, is_confirmed=True)


def replay_answers(sizes: Sequence[Size], sort: str, score: Score, *, is_confirmed: bool) -> None:
    """Its alarms; then each fault, from where the history ended."""
    score.watch(sort, sizes[0].at, sizes[-1].at)
    before: frozenset[ProblemKind] = frozenset()
    watched = Watched(is_confirmed=is_confirmed)
    for size in sizes:
        doubts = watched.see(size)
        score.alarms.update((sort, kind) for kind in doubts - before)
        before = doubts
    if not before:
        faults = FAULTS if sizes[-1].page else FAULTS[:2]
        for name, limit, kinds, change in faults:
            late = end_in_fault(sizes, limit, kinds, change, is_confirmed=is_confirmed)
            score.found[f"{name}, each confirmed" if is_confirmed else name].append(late)


def lose(size: Size) -> Size:
    """With the page, as where sections are taken off it one by one."""
    return Size(size.at + DAY, int(size.letters * 0.96), max(0, size.page - int(size.letters * 0.04)))


def gain(size: Size) -> Size:
    return Size(size.at + DAY, int(size.letters * 1.05) + 1, size.page + int(size.letters * 0.05) if size.page else 0)


def keep_less(size: Size) -> Size:
    """The page stays, and a fifth of what was kept is somewhere else on it."""
    return Size(size.at + DAY, int(size.letters * 0.79), size.page)


FAULTS = (
    ("a text loses 4 % with each answer", 1 / 1.5, {ProblemKind.DRIFTING}, lose),
    ("a text gains 5 % with each answer", 2, {ProblemKind.DRIFTING}, gain),
    ("a selector keeps a fifth less with each answer", KEPT, {ProblemKind.DRIFTING, ProblemKind.KEEPS_LESS}, keep_less),
)


def end_in_fault(
    sizes: Sequence[Size],
    limit: float,
    kinds: set[ProblemKind],
    change: Callable[[Size], Size],
    *,
    is_confirmed: bool,
) -> float:
    """Answers from the one beyond the limit to the one that was doubted: 0 = at once."""
    watched = Watched(is_confirmed=is_confirmed)
    for size in sizes:
        watched.see(size)
    size = before = sizes[-1]
    late = 0
    for _ in range(MOST_ANSWERS):
        size = change(size)
        if watched.see(size) & kinds:
            return late
        is_beyond = size.letters < limit * before.letters if limit < 1 else size.letters > limit * before.letters
        late += is_beyond
    return float("inf")


def replay_days(days: Sequence[date], sort: str, score: Score) -> None:
    """A doubt at the end of a quiet time was there before it ended."""
    if len(days) <= LEAST_GAPS:
        return
    score.watch(sort, days[0], days[-1])
    for number, (_, following) in enumerate(pairwise(days), 1):
        if find_quiet(days[:number], following):
            score.alarms[sort, ProblemKind.NO_ENTRIES] += 1
    longest = max((after - before).days for before, after in pairwise(days))
    floor = (LEAST_QUIET if days[-1] - days[0] >= YEAR else UNSEEN_QUIET).days
    cycle = max(longest, floor / LONGER)
    quiet = next(number for number in count_from(1) if find_quiet(days, days[-1] + number * DAY))
    score.days.append(quiet)
    score.found["a feed brings nothing, in its longest quiet times (or half of the least)"].append((quiet - 1) / cycle)


def replay_silence(score: Score) -> None:
    """Asked late by up to 50 minutes for a year of ticks; then nobody asks."""
    chance = random.Random(5)
    for every in RHYTHMS:
        seen_at, now = NOON, NOON
        score.watch("asked", NOON, NOON + YEAR)
        while now < NOON + YEAR:
            due_at = next_due(every, seen_at.replace(minute=0) if "m" not in every else seen_at)
            now = due_at + timedelta(minutes=chance.randint(0, 50))
            score.alarms["asked", ProblemKind.SILENT] += is_silent(every, seen_at, now)
            seen_at = due_at
        first_missed = next_due(every, seen_at)
        while not is_silent(every, seen_at, now):
            now += TICK
        cycle = next_due(every, first_missed) - first_missed
        score.found["nobody asks, in cycles after the first due time (and the hour of grace)"].append(
            max(0.0, (now - first_missed - LATE - TICK) / cycle)
        )


def report(score: Score) -> bool:
    """Print it; whether it is as it should be."""
    print(f"{'history':24} {'sources':>7} {'years':>7}  false alarms, and per source and year")
    for sort, years in score.years.items():
        own = {kind: number for (each, kind), number in score.alarms.items() if each == sort and number}
        said = ", ".join(f"{kind} {number} ({number / years:.3f})" for kind, number in own.items()) or "none"
        print(f"{sort:24} {score.sources[sort]:7} {years:7.1f}  {said}")
    total, years = sum(score.alarms.values()), sum(score.years.values())
    print(f"{'all':24} {score.sources.total():7} {years:7.1f}  {total} ({total / years:.3f})\n")
    for name, found in score.found.items():
        print(f"{name}: {len(found)} times, median {median(found):.1f}, most {max(found):.1f}")
    days = score.days
    print(
        f"so a feed that brings nothing is found after {min(days)} to {max(days)} days, in the middle {median(days):g}"
    )
    worst = max((number / score.years[sort] for (sort, _), number in score.alarms.items()), default=0)
    return worst < FEW and all(each <= MOST_CYCLES for cycles in score.found.values() for each in cycles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=Path, nargs="*", default=[], metavar="FILE.db")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], metavar="FILE.bundle|REPOSITORY")
    parser.add_argument("--feeds", type=Path, nargs="*", default=[], metavar="FOLDER")
    args = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    score = Score()
    replay_silence(score)
    for sizes in (each for path in args.pages for each in iter_pages(path)):
        replay_sizes(sizes, "pages", score)
    with tempfile.TemporaryDirectory() as folder:
        for number, history in enumerate(args.texts):
            clone = Path(folder, str(number))
            subprocess.run([GIT, "clone", "-q", str(history), str(clone)], check=True)
            for sizes in iter_texts(clone):
                replay_sizes(sizes, "texts", score)
            for days in iter_days(clone):
                replay_days(days, "days with commits", score)
    for days in (each for folder in args.feeds for each in iter_feeds(folder)):
        replay_days(days, "feeds", score)
    if not (args.pages or args.texts or args.feeds):
        chance = random.Random(7)
        for _ in range(60):
            replay_sizes(invent_page(chance), "invented pages", score)
        for _ in range(300):
            replay_days(invent_feed(chance), "invented feeds", score)
    sys.exit(0 if report(score) else 1)


if __name__ == "__main__":
    main()
