"""`monitor evidence`, `verify` and `warc`: what proves a change, whether anything was edited, Snapshots for archives.

Does not do: sealing, comparing (`monitor.evidence`).
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digests.words import count
from monitor.cli import pass_config
from monitor.cli.look import parse_time
from monitor.errors import ConfigurationError
from monitor.evidence.bundle import MANIFEST, check_against, check_bundle, count_seals, pack, refuse_taken, save
from monitor.evidence.contents import DRAWN
from monitor.evidence.database import check_path, read_head
from monitor.evidence.dossier import gather
from monitor.store import open_to_read
from monitor.store.seals import get_short_head

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.config import Config
    from monitor.evidence.database import Finding
    from monitor.store.seals import Head

HEAD_DIGITS = 16
"""Of the head that is printed: the first of them are what a message shows."""
LISTED = 1_000
"""Findings that are listed; of more it is only said that there are."""
_IN_ORDER = "Nothing was edited, put in or taken out since it was sealed."
_ALONE = (
    "It is whole in itself. Whether it is what the monitor sealed is shown only by the database, or by the SHA-256 "
    "that came with it:"
)
_DRAWN = (
    f"Nothing that is sealed in it was edited, put in or taken out. {', '.join(DRAWN)} and the facts in {MANIFEST} are "
    "drawn for people, and not sealed: that they are as they were made is shown only by the SHA-256 that came with it:"
)
_EDITED = "Not as it was written. Keep a copy of it as it is, and see docs/evidence.md for what to do."


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What was found, and what was looked at."""

    compared: tuple[str, ...]
    head: Head | None
    """Of the database; None = none was looked at, or it cannot be read."""
    findings: tuple[Finding, ...]
    """At most one more than LISTED."""
    in_order: str
    """What is said where nothing was found."""
    sha256: str | None = None
    """Of the file; None = the database was looked at."""


@click.command()
@click.argument("change", type=click.IntRange(min=1))
@click.option(
    "--out", required=True, metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="A new ZIP."
)
@pass_config
def evidence(config: Config, change: int, out: Path) -> None:
    """Write all that proves a change into one ZIP: answers as received, hashes, texts, comparison, decisions.

    \b
    Example: monitor evidence 12 --out change-12.zip
    """
    refuse_taken(out)
    db = open_to_read(config.db)
    data = pack(gather(db, change, config.now()))
    save(data, out)
    click.echo(f"{out}: {count_seals(data)} sealed rows, {len(data):,} bytes")
    click.echo(f"  sha256 {sha256(data).hexdigest()}")
    click.echo(f"  chain  {get_short_head(db, HEAD_DIGITS)}")


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--head", "heads", multiple=True, metavar="HEAD", help='What a message says, as "12,345 · 9f3a77c1a2b4".')
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def verify(config: Config, file: Path | None, heads: tuple[str, ...], *, as_json: bool) -> None:
    """Whether anything was edited, put in or taken out: in the database, or in a file that `monitor evidence` wrote.

    A FILE is checked by itself, which shows no more than that it is whole, and against the chain of the database where
    there is one. Its SHA-256 is printed, to compare with the one that came with it.

    \b
    Example: monitor verify
             monitor verify --head "12,345 · 9f3a77c1a2b4"
    """
    known = tuple(map(read_head, heads))
    if file and known:
        raise click.UsageError("--head goes with the database, not with a file")
    verdict = _verify_file(config.db, file) if file else _verify_database(config.db, known)
    _report(verdict, as_json=as_json)
    if verdict.findings:
        sys.exit(1)


def _verify_database(path: Path, heads: tuple[Head, ...]) -> _Verdict:
    findings = tuple(islice(check_path(path, heads), LISTED + 1))
    compared = (f"the database {path}", *(f"the head {each}" for each in heads))
    return _Verdict(
        compared, None if findings else get_short_head(open_to_read(path), HEAD_DIGITS), findings, _IN_ORDER
    )


def _verify_file(path: Path, file: Path) -> _Verdict:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be read ({error.strerror})") from error
    own, compared = sha256(data).hexdigest(), f"the file {file} by itself"
    findings = tuple(islice(check_bundle(data), LISTED + 1))
    if findings:
        return _Verdict((compared,), None, findings, _ALONE, own)
    if not path.exists():
        return _Verdict((f"{compared}; no database, for there is none at {path}",), None, (), _ALONE, own)
    db = open_to_read(path)
    findings = tuple(islice(check_against(db, data), LISTED + 1))
    chained = f"its {count(count_seals(data), 'Seal')} with the chain of {path}"
    return _Verdict((compared, chained), None if findings else get_short_head(db, HEAD_DIGITS), findings, _DRAWN, own)


def _report(verdict: _Verdict, *, as_json: bool) -> None:
    listed, more = verdict.findings[:LISTED], len(verdict.findings) > LISTED
    if as_json:
        facts = {
            "compared": list(verdict.compared),
            "head": {"seal": verdict.head.place, "chain": verdict.head.hash} if verdict.head else None,
            "sha256": verdict.sha256,
            "findings": [asdict(each) for each in listed],
            "more": more,
        }
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"Compared: {'; '.join(verdict.compared)}.")
    for each in listed:
        click.echo(f"  {each}")
    if more:
        click.echo(f"  … and more than these {LISTED:,}")
    click.echo(_EDITED if verdict.findings else verdict.in_order)
    if verdict.sha256:
        click.echo(f"SHA-256 {verdict.sha256}")
    if verdict.head:
        click.echo(f"Evidence {verdict.head}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--source", required=True, metavar="ID", help="Of which source.")
@click.option("--since", metavar="ISO", callback=parse_time, help="Received at or after this time.")
@pass_config
def warc(config: Config, file: Path, source: str, since: datetime | None) -> None:
    """The answers of a source as a web archive (WARC 1.1), for the tools of archives. Needs policy-monitor[warc].

    \b
    Example: monitor warc ofcom.warc.gz --source gb-ofcom-online-safety --since 2026-11-01
    """
    from monitor.evidence.warc import export

    refuse_taken(file)
    number = export(open_to_read(config.db), source, since, file)
    click.echo(f"{file}: {count(number, 'answer')}")
