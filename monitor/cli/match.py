"""`monitor match`: which sections of a library a change touches, without a database.

Does not do: matching (`monitor.impact`), reading SOP folders (`monitor.sops`).
"""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import IO, Any

import click

from digests.jsonform import impact_json
from monitor.cli.batch import RowError, answer_lines, get_text
from monitor.compare.citations import find_citations
from monitor.errors import SopsError
from monitor.impact import Asked, Index, Meaning, build_index, load_meaning
from monitor.impact import match as find_impacts
from monitor.language import find_language
from monitor.model import ChangeKind, Citation, Judgement, Passage, PassageOp, Section, Severity, Sop
from monitor.sops import load_sops

STEP = " \u203a "
"""Between the headings of a path, in the title of a section that is read."""


@click.command()
@click.option(
    "--sops",
    type=click.Path(exists=True, path_type=Path),
    required=True,
    help='A folder of SOPs, or JSON Lines: {"id", "text", "title"?, "sop"?} for each section.',
)
@click.option("--batch", type=click.File("rb"), required=True, help="JSON Lines to read; - is standard input.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(min=1), help="At most so many for each.")
def match(sops: Path, batch: IO[bytes], *, top: int) -> None:
    """Which sections each change touches, best first, with probability and reasons; often none.

    \b
    Example: monitor match --sops sops --batch texts.jsonl   ({"id", "text"} or changes, as `compare` prints them)
    """
    index = build_index(_load_library(sops))
    meaning = load_meaning()
    if meaning is None:
        click.echo(LEXICAL, err=True)
    answer_lines(batch, lambda row: {"impacts": _match(row, index, meaning, top)})


LEXICAL = 'monitor: sections are matched by their words only. For meaning too: pip install "policy-monitor[semantic]"'


def _match(row: dict[str, Any], index: Index, meaning: Meaning | None, top: int) -> list[dict[str, Any]]:
    asked = _ask(row)
    return [{"id": each.section_id} | impact_json(each) for each in find_impacts(asked, index, meaning, most=top)]


def _ask(row: dict[str, Any]) -> Asked:
    """A change as `compare` prints it, or a text that is taken for added: a passage for each paragraph."""
    if "passages" in row:
        passages = tuple(_read_passage(each) for each in _list(row, "passages"))
        citations = tuple(Citation(each["text"], each["id"]) for each in row.get("citations") or ())
    else:
        text = get_text(row, "text").decode()
        passages = tuple(Passage(PassageOp.ADDED, (), "", each) for each in text.split("\n") if each.strip())
        citations = find_citations(text)
    words = "\n".join(each.after or each.before for each in passages)
    judgement = Judgement(ChangeKind.SUBSTANTIVE, "", Severity.MEDIUM, "", passages, citations)
    return Asked(
        judgement,
        source_id=str(row.get("source") or ""),
        topics=tuple(row.get("topics") or ()),
        jurisdiction=str(row.get("jurisdiction") or "GLOBAL"),
        language=find_language(words),
    )


def _list(row: dict[str, Any], key: str) -> list[Any]:
    if not isinstance(row[key], list):
        raise RowError(f'"{key}" must be a list')
    found: list[Any] = row[key]
    return found


def _read_passage(row: dict[str, Any]) -> Passage:
    try:
        return Passage(PassageOp(row["op"]), tuple(row["heading"]), row["before"], row["after"])
    except (KeyError, TypeError, ValueError) as error:
        raise RowError(f'"passages" must be as `monitor compare --json` prints them ({error!r})') from error


def _load_library(path: Path) -> tuple[Sop, ...]:
    """A folder as `monitor sops` reads it, or a file with a section on each line; those of one SOP share its title."""
    if path.is_dir():
        return load_sops(path).sops
    sections = sorted(_iter_sections(path), key=lambda each: each.sop_id)  # keeps the order within an SOP
    return tuple(
        Sop(sop_id, title=_shared_title(found), owner="", path=str(path), sections=found)
        for sop_id, found in ((sop_id, tuple(same)) for sop_id, same in groupby(sections, lambda each: each.sop_id))
    )


def _shared_title(sections: tuple[Section, ...]) -> str:
    titles = {each.heading[0] for each in sections if each.heading}
    return titles.pop() if len(titles) == 1 else ""


def _iter_sections(path: Path) -> list[Section]:
    found = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if line.strip():
            try:
                row = json.loads(line)
                heading = tuple(part for part in str(row.get("title") or "").split(STEP) if part)
                found.append(Section(str(row["id"]), str(row.get("sop") or row["id"]), heading, str(row["text"])))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise SopsError(
                    f'{path}:{number}: no section ({error!r}). Each line is an object with "id" and "text".'
                ) from error
    return found
