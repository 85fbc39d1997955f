"""`monitor sops draft`: what a change means for each section that it touches, as files for the editors.

Does not do: what a draft says (`monitor.drafting`), asking a language model (`monitor.proposing`), applying anything.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import click

from digests.words import count as count_of
from monitor.cli import pass_config
from monitor.cli.output import did_you_mean, is_change_id
from monitor.drafting import draft_edit
from monitor.errors import ConfigurationError, NotFoundError
from monitor.proposing import propose, read_endpoint, render_proposal
from monitor.store import open_to_read
from monitor.store.changes import get_change
from monitor.store.decisions import get_sections
from monitor.store.impacts import get_impacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.config import Config
    from monitor.drafting import Draft
    from monitor.model import Sop
    from monitor.proposing import Endpoint
    from monitor.store.decisions import Touched

_MARKDOWN = frozenset({".md", ".markdown"})


@dataclass(frozen=True, slots=True)
class _Written:
    """The files of one draft; `failure` = why there is no proposal, where one was wanted."""

    section_id: str
    draft: Draft
    markdown: Path
    patch: Path | None
    proposal: Path | None = None
    failure: str = ""


@click.command()
@click.argument("what", metavar="CHANGE[:SECTION]")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER", help="Where the files go.")
@click.option("--unconfirmed", is_flag=True, help="Also sections that nobody has confirmed yet.")
@click.option("--propose", "is_proposing", is_flag=True, help="Ask the endpoint of MONITOR_DRAFT_URL for a proposal.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def draft(config: Config, what: str, *, out: Path | None, unconfirmed: bool, is_proposing: bool, as_json: bool) -> None:
    """Draft the edit of each section for which a change was confirmed: a Markdown file, and a patch for a Markdown SOP.

    The files go into drafts/ beside the database. A file that is there already is never overwritten.

    \b
    Example: monitor sops draft 12
             monitor sops draft 12:SOP-1#appeals --out drafts
    """
    endpoint = _require_endpoint() if is_proposing else None
    number, _, section_id = what.partition(":")
    if not is_change_id(number):
        raise click.UsageError(f'"{what}" names no change. Example: monitor sops draft 12')
    db = open_to_read(config.db)
    change = get_change(db, int(number))
    impacts = {each.section_id: each for each in get_impacts(db, change.id)}
    folder = out or config.var / "drafts"
    written = []
    for touched in _choose(get_sections(db, change.id), change.id, section_id, unconfirmed=unconfirmed):
        impact, source = impacts.get(touched.section.id), _read_source(config.sops, touched.sop)
        made = draft_edit(change, touched.publisher, touched.sop, touched.section, impact=impact, source_text=source)
        written.append(_write(folder, touched.section.id, made, endpoint))
    _print(change.id, written, as_json=as_json)
    sys.exit(1 if any(each.failure for each in written) else 0)


def _require_endpoint() -> Endpoint:
    endpoint = read_endpoint(os.environ)
    if endpoint is None:
        raise ConfigurationError("--propose: no endpoint is set. Set MONITOR_DRAFT_URL and MONITOR_DRAFT_MODEL.")
    return endpoint


def _choose(touched: Sequence[Touched], change_id: int, section_id: str, *, unconfirmed: bool) -> tuple[Touched, ...]:
    """The Sections to be drafted, confirmed ones unless `unconfirmed`. Raises NotFoundError where there is none."""
    named = tuple(each for each in touched if section_id in {"", each.section.id})
    chosen = tuple(each for each in named if unconfirmed or each.is_confirmed)
    if not touched:
        raise NotFoundError(f"change {change_id}: it touches no SOP section, so there is nothing to draft.")
    if not named:
        ids = [each.section.id for each in touched]
        hint = did_you_mean(section_id, ids, f"It touches {', '.join(ids)}.")
        raise NotFoundError(f"change {change_id}: it does not touch {section_id}. {hint}")
    if not chosen:
        raise NotFoundError(
            f"change {change_id}: nobody has confirmed {section_id or 'any of its sections'} yet. "
            f"Confirm with: monitor triage {change_id}:{named[0].section.id} --confirm, or draft all the same with "
            "--unconfirmed."
        )
    return chosen


def _read_source(folder: Path, sop: Sop) -> str | None:
    """The Markdown file as it is, its line endings untouched; None where the SOP is none or its file is gone."""
    path = folder / sop.path
    if path.suffix.lower() not in _MARKDOWN:
        return None
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


def _write(folder: Path, section_id: str, made: Draft, endpoint: Endpoint | None) -> _Written:
    markdown = _write_beside(folder, made.name, ".md", made.markdown)
    patch = _write_beside(folder, made.name, ".patch", made.patch) if made.patch else None
    if endpoint is None:
        return _Written(section_id, made, markdown, patch)
    proposal = propose(endpoint, made.markdown)
    if proposal.failure:
        return _Written(section_id, made, markdown, patch, failure=proposal.failure)
    path = _write_beside(folder, made.name, ".proposal.md", render_proposal(proposal))
    return _Written(section_id, made, markdown, patch, path)


def _write_beside(folder: Path, name: str, ending: str, text: str) -> Path:
    """Where the text is now: NAME, or where that has another text NAME.2, NAME.3 … Nothing is ever overwritten."""
    body = text.encode()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = (f"{name}{ending}" if number == 1 else f"{name}.{number}{ending}" for number in count(1))
        return next(folder / each for each in names if _holds(folder / each, body))
    except OSError as error:
        raise ConfigurationError(
            f"{folder}: drafts cannot be written there ({error.strerror}). Name another folder with --out."
        ) from error


def _holds(path: Path, body: bytes) -> bool:
    """Whether this file has these bytes, newly written or before."""
    try:
        with path.open("xb") as file:
            file.write(body)
    except FileExistsError:
        return path.is_file() and path.read_bytes() == body
    return True


def _print(change_id: int, written: Sequence[_Written], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([_as_json(change_id, each) for each in written], ensure_ascii=False))
    for each in written:
        if not as_json:
            click.echo(f"{each.section_id}: {_say_marks(each.draft)}")
            for path in filter(None, (each.markdown, each.patch, each.proposal)):
                click.echo(f"  {path}")
        if each.failure:
            click.echo(f"  no proposal for {each.section_id}: {each.failure}", err=as_json)


def _say_marks(made: Draft) -> str:
    marked = f"{count_of(made.marked, 'place')} marked"
    return f"{marked}, {made.replaced} replaced in the patch" if made.patch else marked


def _as_json(change_id: int, written: _Written) -> dict[str, object]:
    return {
        "change": change_id,
        "section": written.section_id,
        "markdown": str(written.markdown),
        "patch": str(written.patch) if written.patch else None,
        "proposal": str(written.proposal) if written.proposal else None,
        "failure": written.failure or None,
        "marked": written.draft.marked,
        "replaced": written.draft.replaced if written.patch else 0,
    }
