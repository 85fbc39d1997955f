"""`monitor sops ledger`: how current each procedure is with what it puts into practice.

With --json one document, a list:

    [{"sop", "title", "owner", "declared": [SOURCE, …], "sections": [
        {"section", "heading": […], "declared": [SOURCE, …], "documents": [
            {"source", "document", "title", "watched", "current_as_of", "stale_since", "stale_by", "why",
             "revised_at", "proposed_for_closing", "clauses": [
                {"heading": […], "text", "gone", "stale_since", "stale_by", "why", "checked_at", "checked_by"}]}]}]}]

Times are ISO 8601 in UTC. "current_as_of" is when the newest version was first seen that the section is current with,
null where there is none; "stale_since", "stale_by" (a change) and "why" are those of the clause that made the section
stale first, null where it is current. "declared" are sources that the procedure or section says it implements, and of
which no clause is linked yet.

Does not do: following clauses (`monitor.links`), saying what is current (`monitor.currency`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from digests.words import count, day, path
from monitor.cli import by_option, pass_config
from monitor.cli.output import console, did_you_mean
from monitor.currency import get_ledger
from monitor.errors import NotFoundError, SopsError
from monitor.links import close_links, follow_links, note_revisions
from monitor.sops import load_sops
from monitor.store import open_store, open_to_read, transaction, write_time
from monitor.store.sops import declare_sops

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from monitor.config import Config
    from monitor.currency import Currency, SopCurrency
    from monitor.model import Sop
    from monitor.store import Database
    from monitor.store.links import Clause

SECTION_WIDTH = 30
"""Columns of a terminal that the names of sections take."""
CLAUSES = 3
"""Stale clauses that are shown of one document."""


@click.command()
@click.argument("sop", required=False)
@click.option("--stale", "only_stale", is_flag=True, help="Only what is stale.")
@click.option("--close", "section", metavar="SECTION", help="Say that an edited section is current again.")
@by_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@pass_config
def ledger(config: Config, sop: str | None, *, only_stale: bool, section: str | None, by: str, as_json: bool) -> None:
    """As of which version of which source each procedure is current, stale since when, and why.

    A section is linked to clauses when a change is confirmed for it. Once it was edited it is proposed for closing;
    --close says that the edit is right.

    \b
    Example: monitor sops ledger --stale
             monitor sops ledger SOP-003
             monitor sops ledger --close SOP-003#age-checks --by mia
    """
    db, sops = _open(config)
    if section:
        clauses = close_links(db, section, by, config.now())
        click.echo(f"{section} is current again, with {count(clauses, 'clause')}.")
        return
    found = get_ledger(db, sops)
    shown = [each for each in found if each.sop_id == sop] if sop else found
    if sop and not shown:
        hint = did_you_mean(sop, [each.sop_id for each in found], "See: monitor sops list")
        raise NotFoundError(f'"{sop}": there is no SOP with this id. {hint}')
    shown = [_leave_stale(each) for each in shown if each.is_stale] if only_stale else shown
    if as_json:
        click.echo(json.dumps([_sop_json(each) for each in shown], ensure_ascii=False))
    else:
        _print(shown, only_stale=only_stale)


def _open(config: Config) -> tuple[Database, Sequence[Sop]]:
    """The database made to agree with the SOP folder and with the last confirmed texts: an edit counts at once.

    Raises StoreError where there is no database yet, SopsError where there is no folder.
    """
    open_to_read(config.db).close()
    if not config.sops.exists():
        raise SopsError(f"{config.sops}: there is no such folder. Name yours with --sops or MONITOR_SOPS.")
    library, now = load_sops(config.sops), config.now()
    db = open_store(config.db)
    with transaction(db):
        sops = declare_sops(db, library.sops, now)
    note_revisions(db, now)
    follow_links(db)
    return db, sops


def _leave_stale(sop: SopCurrency) -> SopCurrency:
    sections = (replace(each, documents=tuple(filter(_is_stale, each.documents)), declared=()) for each in sop.sections)
    return replace(sop, sections=tuple(each for each in sections if each.documents), declared=())


def _is_stale(currency: Currency) -> bool:
    return bool(currency.stale)


def _sop_json(sop: SopCurrency) -> dict[str, Any]:
    return {
        "sop": sop.sop_id,
        "title": sop.title,
        "owner": sop.owner,
        "declared": sop.declared,
        "sections": [
            {
                "section": each.section_id,
                "heading": each.heading,
                "declared": each.declared,
                "documents": [_currency_json(document) for document in each.documents],
            }
            for each in sop.sections
        ],
    }


def _currency_json(currency: Currency) -> dict[str, Any]:
    clause = currency.clauses[0]
    first = currency.stale[0] if currency.stale else None
    return {
        "source": clause.source_id,
        "document": clause.document_id,
        "title": clause.title,
        "watched": clause.is_watched,
        "current_as_of": _time(currency.current_as_of),
        "stale_since": _time(first.stale_since) if first else None,
        "stale_by": first.stale_by if first else None,
        "why": first.why if first else None,
        "revised_at": _time(currency.revised_at),
        "proposed_for_closing": currency.revised_at is not None,
        "clauses": [_clause_json(each) for each in currency.clauses],
    }


def _clause_json(clause: Clause) -> dict[str, Any]:
    return {
        "heading": clause.anchor.heading,
        "text": clause.anchor.text,
        "gone": clause.is_gone,
        "stale_since": _time(clause.stale_since),
        "stale_by": clause.stale_by,
        "why": clause.why or None,
        "checked_at": _time(clause.checked_at),
        "checked_by": clause.checked_by,
    }


def _time(moment: datetime | None) -> str | None:
    return write_time(moment) if moment else None


def _print(sops: Sequence[SopCurrency], *, only_stale: bool) -> None:
    out = console()
    linked = [each for each in sops if each.sections or each.declared]
    for each in linked:
        owner = f" · owner {each.owner}" if each.owner else ""
        out.print(Text.assemble((f"{each.sop_id} {each.title}", "bold"), (owner, "dim")))
        out.print(_table(each), soft_wrap=False)
        out.print()
    out.print(_sum_up(sops, only_stale=only_stale), markup=False, soft_wrap=False)


def _sum_up(sops: Sequence[SopCurrency], *, only_stale: bool) -> str:
    """As in "2 sections are stale, 1 of them edited since. 15 SOPs are linked to no clause yet."""
    sections = [each for sop in sops for each in sop.sections]
    stale = [each for each in sections if any(map(_is_stale, each.documents))]
    edited = [each for each in stale if any(document.revised_at for document in each.documents)]
    unlinked = sum(not (each.sections or each.declared) for each in sops)
    said = "No section is stale."
    if stale:
        said = f"{count(len(stale), 'section')} stale, {len(edited)} of them edited since."
    if unlinked and not only_stale:
        said += f" {count(unlinked, 'SOP')} linked to no clause yet: that comes with monitor triage CHANGE --confirm."
    return said


def _table(sop: SopCurrency) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(width=SECTION_WIDTH)
    table.add_column()
    if sop.declared:
        table.add_row("(the whole procedure)", Group(*_declared(sop.declared)))
    for each in sop.sections:
        heading = each.heading[1:] if each.heading[:1] == (sop.title,) else each.heading
        documents = [Group(_headline(document), *_details(document)) for document in each.documents]
        table.add_row(Text(path(heading) or sop.title), Group(*documents, *_declared(each.declared)))
    return table


def _details(currency: Currency) -> list[Padding]:
    """What changed, and how to close it once the Section was edited."""
    lines = [Text(f"{clause.why} (change {clause.stale_by})", "dim") for clause in currency.stale[:CLAUSES]]
    more = len(currency.stale) - CLAUSES
    if more > 0:
        lines.append(Text(f"… and {count(more, 'more clause')}", "dim"))
    if currency.revised_at:
        lines.append(Text(f"edited {day(currency.revised_at)}; if that is right:", "green"))
        lines.append(Text(f"monitor sops ledger --close {currency.clauses[0].section_id}"))
    return [Padding(line, (0, 0, 0, 2)) for line in lines]


def _headline(currency: Currency) -> Text:
    """As in "! Rules for hosts: current as of 1 Mar 2026, stale since 4 Nov 2026"."""
    as_of = f"current as of {day(currency.current_as_of)}" if currency.current_as_of else "not yet current"
    unwatched = "" if currency.clauses[0].is_watched else ", no longer watched"
    since = currency.stale[0].stale_since if currency.stale else None
    mark, style = ("!", "bold red") if since else ("✓", "green")
    stale = f", stale since {day(since)}" if since else ""
    return Text.assemble((f"{mark} ", style), currency.clauses[0].title, (f": {as_of}{stale}{unwatched}", style))


def _declared(source_ids: Iterable[str]) -> list[Text]:
    return [Text(f"· implements {each}, as declared; no clause is linked yet", "dim") for each in source_ids]
