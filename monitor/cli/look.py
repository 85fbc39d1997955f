"""`monitor changes`, `problems` and `show`: what is stored, for people and as JSON. And a Problem is acknowledged.

Does not do: crawling or processing.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from digests.escape import plain
from digests.jsonform import change_json, problem_json
from digests.wording import deadlines
from monitor.acknowledging import acknowledge
from monitor.cli import by_option, pass_config
from monitor.cli.output import console, did_you_mean, is_change_id, print_cut, say_time
from monitor.cli.shown import change_lines, impact_text, passage_text, say_held
from monitor.errors import NotFoundError
from monitor.model import ChangeKind, ChangeStatus
from monitor.store import open_store, open_to_read
from monitor.store.changes import get_change, iter_changes
from monitor.store.deliveries import get_undelivered
from monitor.store.impacts import get_impacts
from monitor.store.problems import get_open, get_open_problem
from monitor.store.trace import get_source_ids, has_fetches
from monitor.store.versions import find_version_at, get_document

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.model import Problem
    from monitor.store import Database
    from monitor.store.versions import Version


def parse_time(_: object, option: click.Parameter, value: str | None) -> datetime | None:
    """An ISO 8601 date or time as aware UTC, for click options."""
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        message = f'"{value}" is no ISO 8601 date or time. Example: 2026-11-22 or 2026-11-22T09:00Z'
        raise click.BadParameter(message, param=option) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


@click.command()
@click.option("--since", metavar="ISO", callback=parse_time, help="Detected at or after this time.")
@click.option("--source", metavar="ID", help="Of one source.")
@click.option("--kind", type=click.Choice([str(kind) for kind in ChangeKind]), help="Of one kind.")
@click.option("--all", "everything", is_flag=True, help="Also what is kept quiet, held or superseded.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON Lines.")
@pass_config
def changes(
    config: Config,
    *,
    since: datetime | None,
    source: str | None,
    kind: str | None,
    everything: bool,
    as_json: bool,
) -> None:
    """What changed; without --all only what people would be told of.

    \b
    Example: monitor changes --since 2026-11-01 --json
    """
    db = open_to_read(config.db)
    if source:
        _require_source(db, source)
    found = iter_changes(db, since=since, source_id=source, kind=kind, everything=everything)
    if as_json:
        for change in found:
            click.echo(json.dumps(change_json(change, get_impacts(db, change.id)), ensure_ascii=False))
        return
    out = console()
    lines = change_lines(list(found))
    for line in lines:
        print_cut(out, line)
    if not lines:
        out.print(
            "No changes." if everything else "Nothing to be told. `monitor changes --all` shows what is kept quiet."
        )


def _require_source(db: Database, source_id: str) -> None:
    known = get_source_ids(db)
    if source_id not in known:
        hint = did_you_mean(source_id, known, "See: monitor sources list")
        raise NotFoundError(f"{source_id}: the database knows no source with this id. {hint}")


@click.command()
@click.option("--acknowledge", "seen", type=int, metavar="ID", help="You have seen this one: digests do not repeat it.")
@click.option("--note", metavar="TEXT", help="Kept with the acknowledgement.")
@by_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def problems(config: Config, *, seen: int | None, note: str | None, by: str, as_json: bool) -> None:
    """What cannot be trusted now: the sources we are blind to, the channels that refuse, since when, and what to do.

    A problem that somebody has acknowledged stays here until it is over. As one of another kind it is told again.

    \b
    Example: monitor problems
             monitor problems --acknowledge 7 --note "The publisher is mending it."
    """
    if seen is not None:
        with closing(open_store(config.db)) as db:
            before = get_open_problem(db, seen).acknowledged
            problem = acknowledge(db, seen, by=by, note=note or "", now=config.now())
        _print_acknowledged(problem, is_new=before is None, as_json=as_json)
        return
    if note is not None:
        raise click.UsageError("--note goes with --acknowledge")
    db = open_to_read(config.db)
    found = (*get_undelivered(db), *get_open(db))
    if as_json:
        click.echo(json.dumps([problem_json(each) for each in found], ensure_ascii=False))
        return
    out = console()
    for each in found:
        number = f"{each.id}  " if each.id else ""
        out.print(f"{number}[bold]{escape(each.source_id)}[/]  [red]{each.kind}[/]  since {say_time(each.opened_at)}")
        for line in filter(None, [each.detail, each.url, f"→ {each.advice}", _say_acknowledged(each)]):
            out.print(f"    {line}", markup=False)
    if not has_fetches(db):
        out.print("Nothing has been asked yet. Start with: monitor run")
    elif not found:
        out.print("No open problems: every source that was asked could be read, and no channel refuses.")


def _print_acknowledged(problem: Problem, *, is_new: bool, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(problem_json(problem), ensure_ascii=False))
        return
    hint = "Digests do not repeat it; `monitor problems` lists it until it is over."
    said = hint if is_new else "Already acknowledged; yours is not kept."
    click.echo(f"{problem.source_id}: {problem.kind}: {_say_acknowledged(problem)} {said}")


def _say_acknowledged(problem: Problem) -> str:
    """As in "acknowledged by mia on 2026-03-01 12:00 UTC: they know." Empty where nobody has."""
    seen = problem.acknowledged
    if seen is None:
        return ""
    note = plain(seen.note)
    return f"acknowledged by {plain(seen.by)} on {say_time(seen.at)}{f': {note}' if note else ''}".rstrip(".") + "."


@click.command()
@click.argument("what")
@click.option("--at", metavar="DATE", callback=parse_time, help="The text as it stood at the end of that day.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def show(config: Config, what: str, *, at: datetime | None, as_json: bool) -> None:
    """A change by its number, or the text of a document as it stood then.

    \b
    Example: monitor show 12
             monitor show tiktok-terms-of-service --at 2026-05-01
    """
    db = open_to_read(config.db)
    if is_change_id(what):
        if at:
            raise click.UsageError("--at goes with a document, not with a change")
        _show_change(db, int(what), as_json=as_json)
    else:
        _show_text(db, what, _end_of_day(at) if at else config.now(), as_json=as_json)


def _end_of_day(moment: datetime) -> datetime:
    """A date stands for its whole day; a time for itself."""
    whole_day = moment.time() == datetime.min.time()
    return moment + timedelta(days=1, seconds=-1) if whole_day else moment


def _show_change(db: Database, change_id: int, *, as_json: bool) -> None:
    change = get_change(db, change_id)
    impacts = get_impacts(db, change_id)
    if as_json:
        click.echo(json.dumps(change_json(change, impacts), ensure_ascii=False))
        return
    out = console()
    out.print(*change_lines([change]))
    out.print(f"{change.title}\n{change.url}\n{change.judgement.reason}", markup=False)
    for line in deadlines(change.judgement.dates):
        out.print(line, markup=False)
    if change.confirmed_at and (held := say_held(change)):
        out.print(f"Seen {say_time(change.detected_at)}, {held} until it was seen again.")
    if change.status is ChangeStatus.SUPERSEDED:
        out.print("Replaced before it was seen twice; nobody was told of this one.")
    if change.status is ChangeStatus.HISTORY:
        out.print("From before it was watched here, as an archive saw it or its publisher dates it; nobody was told.")
    for passage in change.judgement.passages:
        out.print()
        out.print(passage_text(passage))
    out.print()
    out.print("SOP sections touched:" if impacts else "No SOP section touched.")
    for impact in impacts:
        out.print(impact_text(impact))


def _show_text(db: Database, document_id: str, at: datetime, *, as_json: bool) -> None:
    document = get_document(db, document_id)
    version = find_version_at(db, document_id, at)
    if version is None:
        raise NotFoundError(f"{document_id}: nothing was observed at or before {say_time(at)}")
    if as_json:
        click.echo(json.dumps(_version_json(version), ensure_ascii=False))
        return
    observed = f"{document.id} as observed {say_time(version.observed_at)}"
    sys.stdout.write(f"{version.title}\n{document.url}\n{observed}\n\n")
    for block in version.blocks:
        sys.stdout.write({"heading": "\n## ", "item": "  - ", "quote": "  > "}.get(block.kind, "") + block.text + "\n")


def _version_json(version: Version) -> dict[str, object]:
    return {
        "document": version.document_id,
        "title": version.title,
        "observed_at": version.observed_at.isoformat(),
        "recipe": version.recipe,
        "blocks": [
            {"kind": each.kind, "text": each.text, "heading": list(each.heading), "links": list(each.links)}
            for each in version.blocks
        ],
    }
