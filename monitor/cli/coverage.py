"""`monitor sources coverage`: what is watched, blind and off, as Markdown and as JSON.

With --json one document:

    {"at", "counts": {STANDING: number},
     "matrix": [{"jurisdiction", "topic", STANDING: number}],
     "gaps": [{"audience", "jurisdiction", "topic", STANDING: [SOURCE, …]}],
     "off": [{"cause": "pack"|"note"|"unsaid", "detail", "sources": [SOURCE, …]}],
     "sources": [{"id", "name", "publisher", "jurisdiction", "topics", "pack", "urls", "standing", "last_answer_at",
                  "checked", "why_off", "problems": […]}]}

STANDING is watched, late, blind, unread or off, each named only where there is one. "problems" are as those of
`monitor problems`. "audience", "jurisdiction" and "topic" of a gap are null where it is about none.

Does not do: finding any of it out (`monitor.coverage`), Markdown (`monitor.cli.coverage_page`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from digests.jsonform import problem_json
from monitor.cli import pass_config
from monitor.cli.coverage_page import to_markdown
from monitor.cli.output import did_you_mean
from monitor.cli.piped import until_closed
from monitor.coverage import count_standings, cross, group_off, narrow, take_stock
from monitor.errors import NotFoundError
from monitor.sources import load_sources
from monitor.store import open_to_read, write_time
from monitor.store.coverage import get_readings
from monitor.store.problems import get_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from monitor.config import Config
    from monitor.coverage import Coverage, Covered, Gap
    from monitor.model import Source
    from monitor.sources import Declared


@click.command()
@click.option("--jurisdiction", metavar="CODE", help="Only of this jurisdiction and its regions.")
@click.option("--topic", metavar="TOPIC", help="Only what is about this topic.")
@click.option("--pack", metavar="NAME", help="Only the sources of this pack.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def coverage(config: Config, *, jurisdiction: str | None, topic: str | None, pack: str | None, as_json: bool) -> None:
    """What is watched for which jurisdiction and topic, what is blind, what is off and why, and the last answers.

    A page of Markdown, for whoever has to say what is watched.

    \b
    Example: monitor sources coverage > coverage.md
             monitor sources coverage --jurisdiction EU --topic csam
    """
    declared = load_sources(config.sources)
    _require(declared, jurisdiction=jurisdiction, topic=topic, pack=pack)
    found = narrow(_take_stock(config, declared), jurisdiction=jurisdiction, topic=topic, pack=pack)
    with until_closed():
        if as_json:
            click.echo(json.dumps(_as_json(found), ensure_ascii=False))
        else:
            packs = {each.id: each.name for each in declared.packs}
            click.echo_via_pager(to_markdown(found, packs, [each for each in (jurisdiction, topic, pack) if each]))


def _require(declared: Declared, **chosen: str | None) -> None:
    """Raises NotFoundError where no source has what is asked for."""
    for what, name in chosen.items():
        known = {each for source in declared.sources for each in _get_names(source, what)}
        if name is not None and name not in known:
            hint = did_you_mean(name, known, f"There are: {', '.join(sorted(known))}.")
            raise NotFoundError(f"{name}: no source has this {what}. {hint}")


def _get_names(source: Source, what: str) -> Iterable[str]:
    if what == "jurisdiction":
        return {source.jurisdiction, source.jurisdiction.partition("-")[0]}
    if what == "topic":
        return source.topics
    return [source.pack] if source.pack else []


def _take_stock(config: Config, declared: Declared) -> Coverage:
    """Also where there is no database yet: nothing was asked."""
    if not config.db.exists():
        return take_stock(declared, {}, (), config.now())
    db = open_to_read(config.db)
    return take_stock(declared, get_readings(db), get_open(db), config.now())


def _as_json(coverage: Coverage) -> dict[str, Any]:
    return {
        "at": write_time(coverage.at),
        "counts": count_standings(coverage.sources),
        "matrix": [
            {"jurisdiction": jurisdiction, "topic": topic} | count_standings(found)
            for (jurisdiction, topic), found in sorted(cross(coverage.sources).items())
            if topic in coverage.topics
        ],
        "gaps": [_gap_json(each) for each in coverage.gaps],
        "off": [asdict(why) | {"sources": _get_ids(found)} for why, found in group_off(coverage.sources).items()],
        "sources": [_source_json(each) for each in coverage.sources],
    }


def _gap_json(gap: Gap) -> dict[str, Any]:
    by_standing = defaultdict(list)
    for each in gap.sources:
        by_standing[each.standing].append(each.source.id)
    return {"audience": gap.audience, "jurisdiction": gap.jurisdiction, "topic": gap.topic} | by_standing


def _get_ids(sources: Iterable[Covered]) -> list[str]:
    return [each.source.id for each in sources]


def _source_json(covered: Covered) -> dict[str, Any]:
    source = covered.source
    return {
        "id": source.id,
        "name": source.name,
        "publisher": source.publisher,
        "jurisdiction": source.jurisdiction,
        "topics": source.topics,
        "pack": source.pack,
        "urls": source.urls,
        "standing": covered.standing,
        "last_answer_at": write_time(covered.answered_at) if covered.answered_at else None,
        "checked": source.checked.isoformat() if source.checked else None,
        "why_off": asdict(covered.why_off) if covered.why_off else None,
        "problems": [problem_json(each) for each in covered.problems],
    }
