"""`monitor sources add URL`: from an address to an entry of `sources.yaml` that was tried.

Does not do: looking at the address (`monitor.cli.seeing`), choosing what to propose (`monitor.discovery`), writing YAML
(`monitor.sources.edit`).
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, NoReturn

import click

from monitor.cli import pass_config
from monitor.errors import ConfigurationError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from monitor.cli.kept import Kept
    from monitor.config import Config
    from monitor.discovery.looks import Trouble
    from monitor.discovery.proposals import Proposal, Sight, Wishes
    from monitor.sources import Declared

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
"""`example.org:8080` begins with a host and its port."""
_USER = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?/*[^/?#]*@", re.IGNORECASE)
"""The beginning of an address that names a user, before the end of its host."""
_NOTHING = "Nothing was written."
_EVERYONE = "everyone"
"""The audience of a file that names none."""


@click.command("add")
@click.argument("url", metavar="URL")
@click.option("--write", is_flag=True, help="Put the entry into the file.")
@click.option("--id", "source_id", metavar="ID", help="Its id, if not the one that is proposed.")
@click.option("--pack", metavar="NAME", help="The pack it belongs to.")
@click.option("--topic", "topics", multiple=True, metavar="TOPIC", help="What it is about; as often as needed.")
@click.option("--audience", "audience", multiple=True, metavar="ID", help="Who is told of it; as often as needed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def add(
    config: Config,
    url: str,
    *,
    write: bool,
    source_id: str | None,
    pack: str | None,
    topics: tuple[str, ...],
    audience: tuple[str, ...],
    as_json: bool,
) -> None:
    """Look at an address and say how to watch it: by a feed or an interface, or which part of the page.

    Prints the entry for `sources.yaml`, or puts it there. Exit status 1 if nothing at the address can be watched.

    \b
    Example: monitor sources add https://www.ofcom.org.uk/online-safety
             monitor sources add www.example.org/terms --pack platforms --topic terms --write
    """
    from monitor.cli.seeing import see
    from monitor.cli.worker import Worker
    from monitor.discovery.proposals import Wishes, propose
    from monitor.sources.edit import check_writable, load_begun

    address = _complete_address(url.strip())
    declared = load_begun(config.sources)
    wishes = Wishes(source_id, pack, topics, audience)
    _check_wishes(declared, wishes)
    if write:
        check_writable(config.sources)
    _refuse_watched(declared, address)
    with Worker() as worker:
        sight = see(config, worker, address)
    if sight.look.trouble and not (sight.render or sight.interface):
        _give_up(address, sight.look.trouble, as_json=as_json)
    proposal = _switch_on(propose(sight, declared.sources, wishes), declared)
    _refuse_watched(declared, str(proposal.entry["url"]))
    if write:
        _write(config.sources, proposal.entry)
    if as_json:
        click.echo(json.dumps(_as_json(sight, proposal, written=write), ensure_ascii=False))
    else:
        click.echo("\n".join(_iter_lines(sight, proposal, config.sources if write else None)))


def _complete_address(url: str) -> str:
    """The address with its scheme. Raises ConfigurationError where it is none, or names a user."""
    from monitor.sources.keys import Url

    if _USER.match(url):
        raise ConfigurationError(
            "The address holds a user name or a password. Leave it out: addresses stand in files, logs and messages."
        )
    address = url if _SCHEME.match(url) else f"https://{url}"
    _check("", Url, address)
    return address


def _check(option: str, form: Any, text: str) -> None:
    """Raises ConfigurationError where the text has not this form: an annotated type of `monitor.sources.keys`."""
    from pydantic import TypeAdapter, ValidationError

    from monitor.sources.words import explain

    try:
        TypeAdapter(form).validate_python(text)
    except ValidationError as invalid:
        raise ConfigurationError(f"{option}{explain(invalid.errors()[0])} {_NOTHING}") from invalid


def _check_wishes(declared: Declared, wishes: Wishes) -> None:
    """Before anything is asked for in vain: raises ConfigurationError or NotFoundError."""
    from monitor.cli.output import did_you_mean
    from monitor.sources.keys import Slug

    given = {"--id": (wishes.id,), "--pack": (wishes.pack,), "--topic": wishes.topics, "--audience": wishes.audience}
    for option, text in [(option, each) for option, ids in given.items() for each in ids if each is not None]:
        _check(f"{option}: ", Slug, text)
    audiences = [each.id for each in declared.audiences] or [_EVERYONE]
    for each in wishes.audience:
        if each not in audiences:
            hint = did_you_mean(each, audiences, f"Known: {', '.join(audiences)}.")
            why = "An audience must stand under `audiences:` first (docs/sources.md)."
            raise NotFoundError(f"{each}: no audience has this id. {hint} {why} {_NOTHING}")
    if wishes.id in {each.id for each in declared.sources}:
        raise ConfigurationError(f"{wishes.id}: a source has this id already. Choose another with --id.")
    packs = [each.id for each in declared.packs]
    if wishes.pack and packs and wishes.pack not in packs:
        hint = did_you_mean(wishes.pack, packs, f"Known: {', '.join(packs)}.")
        raise NotFoundError(f"{wishes.pack}: no pack has this id. {hint}")


def _refuse_watched(declared: Declared, url: str) -> None:
    from monitor.discovery.proposals import find_watching

    watching = find_watching(declared.sources, url)
    if watching:
        off = "" if watching.enabled else " It is switched off: set `enabled: true` there."
        raise ConfigurationError(
            f"{url} is watched already, by {watching.id} ({watching.name}).{off} "
            f"`monitor sources try {watching.id}` shows what is kept of it."
        )


def _give_up(url: str, trouble: Trouble, *, as_json: bool) -> NoReturn:
    """Nothing there can be watched: say why, exit status 1."""
    if as_json:
        click.echo(json.dumps({"entry": None, "url": url} | asdict(trouble), ensure_ascii=False))
    else:
        advice = f"\n  {trouble.advice}" if trouble.advice else ""
        click.echo(f"{url}\n  {trouble.problem}: {trouble.detail}{advice}")
    sys.exit(1)


def _switch_on(proposal: Proposal, declared: Declared) -> Proposal:
    """Whoever adds a source wants it watched, also in a pack that is off."""
    pack = proposal.entry.get("pack")
    if pack not in {each.id for each in declared.packs if not each.enabled}:
        return proposal
    note = f"The pack {pack} is switched off; `enabled: true` switches this one on all the same."
    return replace(proposal, entry={**proposal.entry, "enabled": True}, notes=(*proposal.notes, note))


def _write(path: Path, entry: Mapping[str, object]) -> None:
    from monitor.sources.edit import add_entries, replace_sources

    try:
        text = add_entries(path.read_bytes().decode() if path.exists() else "", [entry])
    except ValueError as error:
        raise ConfigurationError(
            f"{path}: nothing was written: {error}. Without --write it is printed, to be put in by hand."
        ) from error
    replace_sources(path, text)


def _iter_lines(sight: Sight, proposal: Proposal, written: Path | None) -> Iterator[str]:
    """What people read; `written` is the file that it was put into."""
    from monitor.cli.kept import iter_dropped, iter_kept
    from monitor.sources.edit import write_yaml

    id_ = proposal.entry["id"]
    yield str(proposal.entry["url"])
    if kept := _find_kept(sight):
        yield from iter_kept(kept)
    if "select" in proposal.entry or "remove" in proposal.entry:
        yield from iter_dropped(sight.look.survey)
    yield from (f"  note: {each}" for each in proposal.notes)
    yield ""
    yield write_yaml([proposal.entry]).rstrip("\n")
    yield ""
    if written:
        yield f"Written to {written}. `monitor sources try {id_}` shows it again, `monitor crawl {id_}` takes it in."
    else:
        yield "Nothing was written. Put these lines below `sources:`, or run this again with --write."


def _find_kept(sight: Sight) -> Kept | None:
    """What would be kept; None where it was not seen."""
    from monitor.cli.kept import keep_feed, keep_text

    look = sight.feed or sight.look
    if sight.interface:
        return None
    if look.feed:
        return keep_feed(look.feed)
    return keep_text(look.text) if look.text else None


def _as_json(sight: Sight, proposal: Proposal, *, written: bool) -> dict[str, Any]:
    from monitor.cli.kept import survey_json
    from monitor.sources.edit import write_yaml

    kept = _find_kept(sight)
    return {
        "entry": proposal.entry,
        "yaml": write_yaml([proposal.entry]),
        "notes": proposal.notes,
        "language": sight.look.language,
        "kept": kept and kept.json(),
        **survey_json(sight.look.survey),
        "feeds": sight.look.feeds,
        "written": written,
    }
