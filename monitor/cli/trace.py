"""`monitor trace`: the path of one document, step by step, as the database has it.

Does not do: finding the rows (`monitor.store.trace`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from monitor.cli import pass_config
from monitor.cli.output import console, is_change_id, say_time
from monitor.store import open_to_read, read_time
from monitor.store.changes import get_change
from monitor.store.trace import trace_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitor.config import Config
    from monitor.store.trace import Row


def _time(stored: str) -> str:
    return say_time(read_time(stored))


def _source(row: Row) -> str:
    return f"{row['id']}: {row['publisher']}, {row['name']} ({row['kind']}), due {_time(row['due_at'])}"


def _overrule(row: Row) -> str:
    note = f" ({row['note']})" if row["note"] else ""
    return f"{_time(row['accepted_at'])} accepted for good: {row['mark']}{note}"


def _fetch(row: Row) -> str:
    status = f" {row['status']}" if row["status"] else ""
    snapshot = f" → snapshot {row['snapshot_id']}" if row["snapshot_id"] else ""
    detail = f" ({row['detail']})" if row["detail"] else ""
    answer = f"{row['outcome']}{status} {row['duration_ms']} ms, {row['state']}{snapshot}{detail}"
    return f"{_time(row['at'])} {answer} {row['url']}"


def _snapshot(row: Row) -> str:
    base = f"against {row['base_id']}" if row["base_id"] else "key frame"
    size = f"{row['length']} bytes, {row['stored']} stored, {base}"
    return f"{row['id']}: {_time(row['received_at'])} sha256 {row['sha256'][:12]}… {size}"


def _version(row: Row) -> str:
    read = f"from snapshot {row['snapshots']} by {row['recipe']}"
    return f'{row["id"]}: {_time(row["observed_at"])} "{row["title"]}" {read}'


def _change(row: Row) -> str:
    start = f"version {row['from_version_id']}" if row["from_version_id"] else "nothing"
    return (
        f"{row['id']}: {_time(row['detected_at'])} {row['kind']}, {row['status']}, from {start} to version "
        f"{row['to_version_id']}, {row['passages']} passages: {row['reason']}"
    )


def _impact(row: Row) -> str:
    reasons = "; ".join(f"{kind}: {text}" for kind, text in json.loads(row["evidence"]))
    return f"change {row['change_id']} → {row['section_id']} {row['probability']:.0%} ({reasons})"


def _delivery(row: Row) -> str:
    sent = f" at {_time(row['sent_at'])}" if row["sent_at"] else ""
    error = f": {row['error']}" if row["error"] else ""
    where = f"{row['channel']} part {row['part']}/{row['parts']}"
    return f"change {row['change_id']} in {row['digest_id']} → {where}: {row['state']}{sent}{error}"


def _problem(row: Row) -> str:
    closed = f"closed {_time(row['closed_at'])} by fetch {row['closed_by']}" if row["closed_at"] else "open"
    return f"{_time(row['opened_at'])} {row['kind']}, {closed}: {row['detail']}"


STEPS: dict[str, Callable[[Row], str]] = {
    "source": _source,
    "overrule": _overrule,
    "fetch": _fetch,
    "snapshot": _snapshot,
    "problem": _problem,
    "version": _version,
    "change": _change,
    "impact": _impact,
    "delivery": _delivery,
}


@click.command()
@click.argument("what", metavar="DOCUMENT|CHANGE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def trace(config: Config, what: str, *, as_json: bool) -> None:
    """The path of a document: source, fetches, snapshots, versions, changes, SOP sections, deliveries.

    It is named by its id, or by the number of one of its changes.

    \b
    Example: monitor trace tiktok-terms-of-service
             monitor trace 12
    """
    db = open_to_read(config.db)
    rows = trace_document(db, get_change(db, int(what)).document_id if is_change_id(what) else what)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    out = console()
    for step, describe in STEPS.items():
        for number, row in enumerate(rows[step]):
            name = step if number == 0 else ""
            out.print(f"{name:<9}", style="bold", end="", markup=False)
            out.print(describe(row), markup=False)
