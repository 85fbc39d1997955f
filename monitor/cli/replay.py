"""`monitor sops replay`: what would be tagged otherwise now, or with other weights, before they go live.

With --json one document: {"changes", "added", "lost", "lost_confirmed", "added_confirmed", "added_rejected", "adopted",
"recalibrated": {"named", "decisions", "shown", "right", "now"}, "tags": [{"change", "source", "document", "section",
"before", "after", "verdict"}]}; "recalibrated" is null without --recalibrate, "before" for a tag that would be added,
"after" for one that would be lost, "verdict" where nobody decided.

Does not do: replaying and recalibrating (`monitor.replaying`).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digests.words import count
from monitor.cli import by_option, pass_config
from monitor.cli.output import console
from monitor.errors import ConfigurationError, SopsError
from monitor.impact import Weights, load_meaning
from monitor.model import Verdict
from monitor.replaying import adopt, iter_replayed, recalibrate_live, sum_up
from monitor.sops import load_sops
from monitor.sources import load_sources
from monitor.store import open_store, open_to_read, transaction
from monitor.store.matchers import find_live
from monitor.store.sops import declare_sops
from monitor.store.vectors import StoredVectors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.config import Config
    from monitor.model import Sop
    from monitor.replaying import Recalibrated, Replayed, Tag, Totals
    from monitor.store import Database

_SAID = {Verdict.CONFIRMED: ", confirmed by a person", Verdict.NOT_APPLICABLE: ", rejected by a person", None: ""}


@click.command()
@click.option(
    "--weights",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON with the weights to try; what it does not name is as shipped. Default: those that are live.",
)
@click.option(
    "--recalibrate", "is_recalibrated", is_flag=True, help="Try the live ones, brought to what your decisions say."
)
@click.option("--adopt", "is_adopted", is_flag=True, help="Make these weights live from now on.")
@click.option("--note", metavar="TEXT", default="", help="Why; kept with them.")
@by_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def replay(
    config: Config,
    *,
    file: Path | None,
    is_recalibrated: bool,
    is_adopted: bool,
    note: str,
    by: str,
    as_json: bool,
) -> None:
    """Match every change that people were told of again, and show which tags would differ. No stored tag is changed.

    \b
    Example: monitor sops replay
             monitor sops replay --weights weights.json
             monitor sops replay --recalibrate --adopt --note "after the first quarter"
    """
    if is_recalibrated and file:
        raise click.UsageError("--recalibrate starts from the weights that are live: leave --weights out")
    if is_adopted and not (file or is_recalibrated):
        raise click.UsageError(
            "--adopt goes with --weights or --recalibrate; a file with {} goes back to the weights as shipped"
        )
    db, sops = _open(config)
    fitted = recalibrate_live(db) if is_recalibrated else None
    named = fitted.named if fitted else _read_weights(file) if file else find_live(db).named
    replayed = _replay(config, db, sops, Weights.of(named))
    totals = sum_up(replayed)
    said = [*([_say_recalibrated(fitted)] if fitted else []), _say_totals(totals)]
    if is_adopted:
        adopt(db, named, by=by, note="; ".join(filter(None, [note, *said])), now=config.now())
    if as_json:
        facts = {"adopted": is_adopted, "recalibrated": asdict(fitted) if fitted else None}
        click.echo(json.dumps(asdict(totals) | facts | {"tags": _tags_json(replayed)}))
        return
    _print(replayed, said)
    if is_adopted:
        click.echo("These weights are live from now on. What was tagged before stays as it is.")


def _read_weights(file: Path) -> Mapping[str, object]:
    try:
        named = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise ConfigurationError(f"{file}: this is no JSON ({error}).") from error
    if not isinstance(named, dict):
        raise ConfigurationError(f'{file}: write the weights as one object: {{"NAME": NUMBER}}')
    return named


def _open(config: Config) -> tuple[Database, tuple[Sop, ...]]:
    """The database, made to agree with the SOP folder."""
    open_to_read(config.db).close()
    if not config.sops.exists():
        raise SopsError(f"{config.sops}: there is no such folder. Name yours with --sops or MONITOR_SOPS.")
    library = load_sops(config.sops)
    db = open_store(config.db)
    with transaction(db):
        return db, declare_sops(db, library.sops, config.now())


def _replay(config: Config, db: Database, sops: Sequence[Sop], weights: Weights) -> list[Replayed]:
    sources = {each.id: each for each in load_sources(config.sources).sources}
    vectors = StoredVectors(db)
    meaning = load_meaning(vectors=vectors)
    replayed = list(iter_replayed(db, sources, sops, meaning, weights))
    with transaction(db):
        vectors.save()
    return replayed


def _print(replayed: Sequence[Replayed], said: Iterable[str]) -> None:
    out = console()
    for each in replayed:
        if each.tags:
            out.print(f"change {each.change.id}, {each.change.document_id}", markup=False, style="bold")
        for tag in each.tags:
            out.print(f"  {_say_tag(tag)}", markup=False)
    for line in said:
        out.print(line, markup=False)


def _say_recalibrated(fitted: Recalibrated) -> str:
    """As in "From 112 decisions: tags shown as 60% on average were right 41% of the time; they would be shown as 50%".

    Right is a tag that was confirmed, or where the section is concerned and nothing is to be done.
    """
    shown, right, now = map(_percent, (fitted.shown, fitted.right, fitted.now))
    return (
        f"From {fitted.decisions} decisions: tags shown as {shown} on average were right {right} of the time; "
        f"they would be shown as {now}"
    )


def _say_tag(tag: Tag) -> str:
    if tag.before is None:
        return f"+ {tag.section_id} {_percent(tag.after)}{_SAID[tag.verdict]}"
    return f"- {tag.section_id} {_percent(tag.before)} before{_SAID[tag.verdict]}"


def _percent(probability: float | None) -> str:
    return f"{probability or 0.0:.0%}"


def _say_totals(totals: Totals) -> str:
    """As in "12 changes replayed: would have added 14 tags and lost 3"."""
    added = count(totals.added, "tag")
    said = f"{count(totals.changes, 'change')} replayed: would have added {added} and lost {totals.lost}"
    facts = [
        f"Warning: lost {totals.lost_confirmed} that a person confirmed" if totals.lost_confirmed else "",
        f"Warning: added {totals.added_rejected} that a person rejected" if totals.added_rejected else "",
        f"Found {totals.added_confirmed} that people had to add" if totals.added_confirmed else "",
    ]
    return ". ".join(filter(None, [said, *facts]))


def _tags_json(replayed: Sequence[Replayed]) -> list[dict[str, Any]]:
    return [
        {"change": each.change.id, "source": each.change.source_id, "document": each.change.document_id}
        | {"section": tag.section_id, "before": tag.before, "after": tag.after, "verdict": tag.verdict}
        for each in replayed
        for tag in each.tags
    ]
