"""How the monitor does, for Prometheus: names and units as its conventions want them, all beginning `policy_monitor_`.

Moments are Unix timestamps and not ages, so that they grow old by themselves between two looks. What is counted is read
from the database, so that a restart loses nothing; only restarts of parts are counted from the start of the process. No
label has more values than the program has words for it: no Source, publisher, person or address is one.

Does not do: who may read it (`monitor.web.pulse`), counting (`monitor.store.pulse`).
"""

from __future__ import annotations

from contextlib import closing
from itertools import accumulate
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from monitor import __version__
from monitor.model import ChangeKind, ProblemKind
from monitor.store import open_to_read
from monitor.store.fetches import FetchState
from monitor.store.health import LATE, measure_growth
from monitor.store.pulse import FETCHED, Tally, get_standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from prometheus_client.core import Metric

    from monitor.config import Config
    from monitor.pulse import Life, Pulse
    from monitor.store.pulse import Spread, Standing


class Watch(Collector):
    """What is collected at each look."""

    def __init__(self, config: Config, pulse: Pulse) -> None:
        self._config = config
        self._pulse = pulse
        self._tally = Tally()

    def describe(self) -> Iterable[Metric]:
        """Nothing: the registry is ours alone, so that no name can be taken."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Raises StoreError or sqlite3.Error where there is no database that can be read."""
        tally, self._tally = self._tally, Tally()  # one that ends half-way is not used again
        with closing(open_to_read(self._config.db)) as db:
            tally.update(db)
            standing = get_standing(db, self._config.now(), LATE)
            size = measure_growth(db).size
        self._tally = tally
        yield InfoMetricFamily(_name("build"), "Which program this is.", {"version": __version__})
        yield _gauge("database_size_bytes", "The database, without its WAL.", size)
        yield from _iter_counted(tally)
        yield from _iter_standing(standing)
        yield from _iter_life(self._pulse.life)


def build_registry(config: Config, pulse: Pulse) -> CollectorRegistry:
    """With memory, processor time and open files of this process too, as Prometheus names them."""
    registry = CollectorRegistry()
    registry.register(Watch(config, pulse))
    ProcessCollector(registry=registry)
    return registry


def _iter_counted(tally: Tally) -> Iterator[Metric]:
    fetches = dict.fromkeys(FETCHED, 0) | tally.fetches
    yield _counter("fetches", "Attempts to read an address, by how they ended.", "outcome", fetches)
    yield _counter("changes", "Changes found, by kind.", "kind", dict.fromkeys(ChangeKind, 0) | tally.changes)
    yield _counter("deliveries_sent", "Messages sent, by sort of channel.", "channel", tally.sent)
    yield _histogram("hold_seconds", "From the first sight of a told change to the one that confirmed it.", tally.held)
    yield _histogram("decision_seconds", "From the first sight of a change to the first decision.", tally.decided)


def _iter_standing(standing: Standing) -> Iterator[Metric]:
    answers = dict.fromkeys(FetchState, 0) | dict(standing.answers)
    yield _gauges("answers_last_day", "Attempts of the last 24 hours, by what became of them.", "state", answers)
    unsent = GaugeMetricFamily(_name("deliveries_unsent"), "Messages to be sent.", labels=["channel", "state"])
    for labels, number in standing.unsent.items():
        unsent.add_metric(labels, number)
    yield unsent
    problems = dict.fromkeys(ProblemKind, 0) | dict(standing.problems)
    yield _gauges("problems_open", "Addresses and documents that cannot be trusted now.", "kind", problems)
    yield _gauge("sources_enabled", "Sources that are switched on.", standing.enabled)
    yield _gauge("sources_due", "Of those, to be asked now.", standing.due)
    yield _gauge("sources_overdue", f"Of those, for more than {LATE.seconds // 3600} hours.", standing.overdue)
    yield _moment("oldest_unsent", "When the oldest digest was composed that is not sent.", standing.oldest_unsent_at)
    yield _moment("last_good_fetch", "When an address was last read.", standing.good_at)


def _iter_life(life: Life) -> Iterator[Metric]:
    yield _counter("part_restarts", "How often a part has ended with an error.", "part", life.restarts)
    yield _gauge("standing_by", "1 = another instance does the work.", life.stands_by)
    yield _moment("last_tick", "When a tick last ended.", life.ticked_at)
    if life.ticked_at:
        yield _gauge("last_tick_duration_seconds", "How long it took.", life.tick_s)
        yield _gauge("last_tick_success", "1 = it did all its work.", not life.failure)


def _name(rest: str) -> str:
    return f"policy_monitor_{rest}"


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(_name(name), said, value)


def _gauges(name: str, said: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(_name(name), said, labels=[label])
    for word, number in values.items():
        family.add_metric([word], number)
    return family


def _moment(name: str, said: str, at: datetime | None) -> Metric:
    """No value where there is no such moment: a comparison with none is never true."""
    return GaugeMetricFamily(_name(f"{name}_timestamp_seconds"), said, at.timestamp() if at else None)


def _counter(name: str, said: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(_name(name), said, labels=[label])
    for word, number in values.items():
        family.add_metric([word], number)
    return family


def _histogram(name: str, said: str, spread: Spread) -> Metric:
    bounds = [*map(floatToGoString, spread.bounds_s), "+Inf"]
    buckets = list(zip(bounds, accumulate(spread.counts), strict=True))
    return HistogramMetricFamily(_name(name), said, buckets, spread.total_s)
