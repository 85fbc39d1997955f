"""`monitor process`: understanding what is stored, without asking any publisher; and `--what-if`.

Does not do: the work itself (`monitor.schedule`, `monitor.whatif`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from digests.words import count
from monitor import schedule
from monitor.cli import pass_config
from monitor.cli.output import console, report
from monitor.desk import open_desk
from monitor.reading import Reader
from monitor.sources import load_sources
from monitor.store import open_to_read, write_time
from monitor.whatif import iter_rejudged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.config import Config
    from monitor.whatif import Rejudged, Verdict


@click.command()
@click.option("--what-if", is_flag=True, help="Write nothing: which earlier changes would be judged otherwise now?")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document; with --what-if JSON Lines.")
@pass_config
def process(config: Config, *, what_if: bool, as_json: bool) -> None:
    """Read what is stored and not read yet, or was read by other selectors or an earlier extractor. Nothing is fetched.

    What reads differently now is stored as `re-extracted`, and nobody is told of it.

    \b
    Example: monitor process
             monitor process --what-if
    """
    if what_if:
        _print_what_if(config, as_json=as_json)
        return
    with open_desk(config) as desk:
        summary = schedule.understand(desk)
    found = f"{summary.changes} found, {summary.confirmed} confirmed, {summary.quiet} kept quiet"
    report(summary, [f"Changes  {found}, {count(summary.first, 'first look')}"], as_json=as_json)


@dataclass(slots=True)
class _Totals:
    """Counts over all Changes that were judged again."""

    judged: int = 0
    differ: int = 0
    told: int = 0
    quiet: int = 0

    def add(self, each: Rejudged) -> None:
        self.judged += 1
        self.differ += each.differs
        self.told += each.would_be.is_told and not each.was.is_told
        self.quiet += each.was.is_told and not each.would_be.is_told


def _print_what_if(config: Config, *, as_json: bool) -> None:
    totals, out = _Totals(), console()
    for each in _iter_rejudged(config):
        totals.add(each)
        if each.differs and as_json:
            click.echo(json.dumps(_rejudged_json(each), ensure_ascii=False))
        elif each.differs:
            out.print(_say(each), markup=False)
    said = (
        f"{count(totals.judged, 'change')} judged again, {totals.differ} otherwise: "
        f"would have told {totals.told} more and kept {totals.quiet} quiet"
    )
    click.echo(said, err=as_json)


def _iter_rejudged(config: Config) -> Iterator[Rejudged]:
    watched = {each.id: each for each in load_sources(config.sources).sources if each.enabled}
    db = open_to_read(config.db)
    with Reader() as reader:
        yield from iter_rejudged(db, watched, reader)


def _say(each: Rejudged) -> str:
    change = each.change
    return (
        f"{change.id:>5} {change.detected_at:%Y-%m-%d} {change.document_id}: "
        f"{_name(each.was)} → {_name(each.would_be)} ({each.would_be.reason})"
    )


def _name(verdict: Verdict) -> str:
    told = "" if verdict.is_told else ", quiet"
    return f"{verdict.kind} {verdict.severity}".rstrip() + told


def _rejudged_json(each: Rejudged) -> dict[str, object]:
    return {
        "id": each.change.id,
        "source": each.change.source_id,
        "document": each.change.document_id,
        "detected_at": write_time(each.change.detected_at),
        "was": _verdict_json(each.was),
        "would_be": _verdict_json(each.would_be),
    }


def _verdict_json(verdict: Verdict) -> dict[str, object]:
    return {
        "kind": verdict.kind,
        "told": verdict.is_told,
        "severity": verdict.severity or None,
        "reason": verdict.reason,
    }
