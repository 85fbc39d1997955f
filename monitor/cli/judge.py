"""`monitor compare` and `inspect`: the core on texts that you have, without a database.

Does not do: judging (`monitor.extract`, `monitor.compare`).
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from digests.jsonform import citation_json, date_json, judgement_json
from monitor.cli.batch import RowError, answer_lines, get_text
from monitor.cli.output import console
from monitor.cli.shown import passage_text
from monitor.compare.citations import find_citations
from monitor.compare.dates.find import find_dates
from monitor.compare.kinds import compare as judge
from monitor.compare.kinds import quiet
from monitor.errors import ExtractionError
from monitor.extract import extract, read
from monitor.extract.continuity import check_continuity
from monitor.language import find_language
from monitor.model import ChangeKind, Extract, Origin, ProblemKind

if TYPE_CHECKING:
    from typing import IO

    from monitor.model import Judgement

SUFFIXES = {
    ".htm": "text/html",
    ".html": "text/html",
    ".md": "text/markdown",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".json": "application/json",
    ".xml": "application/xml",
    ".txt": "text/plain",
}
"""The media type of a file where `--media-type` does not say it."""

_media_type = click.option(
    "--media-type", metavar="TYPE", help="Of the texts. [by the file's suffix; batch: text/plain]"
)
_batch = click.option("--batch", type=click.File("rb"), metavar="FILE", help="JSON Lines to read; - is standard input.")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.command()
@click.argument("before", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.argument("after", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@_media_type
@_batch
@_as_json
def compare(
    before: Path | None, after: Path | None, *, media_type: str | None, batch: IO[bytes] | None, as_json: bool
) -> None:
    """What changed between two texts, and whether people should be told.

    \b
    Example: monitor compare before.html after.html
             monitor compare --batch pairs.jsonl   ({"id", "before", "after", "media_type", "url"?} a line)
    """
    if batch:
        _require(not (before or after), "--batch goes without files")
        answer_lines(batch, lambda row: _compare_row(row, media_type))
    elif before and after:
        answer = _compare(_read(before, media_type), _read(after, media_type), url="")
        if as_json:
            click.echo(json.dumps(_answer_json(answer), ensure_ascii=False))
        else:
            _print_comparison(answer)
    else:
        raise click.UsageError("two files are needed, or --batch FILE. See: monitor compare --help")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@_media_type
@_batch
@_as_json
def inspect(file: Path | None, *, media_type: str | None, batch: IO[bytes] | None, as_json: bool) -> None:
    """What a text is: whether it is a real page, its title, language, dates and citations.

    \b
    Example: monitor inspect page.html
             monitor inspect --batch texts.jsonl   ({"id", "text", "media_type"?, "published"?} a line)
    """
    if batch:
        _require(file is None, "--batch goes without a file")
        answer_lines(batch, lambda row: _inspect_row(row, media_type))
    elif file:
        answer = _inspect(_read(file, media_type), published=None)
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False))
        else:
            _print_inspection(answer)
    else:
        raise click.UsageError("a file is needed, or --batch FILE. See: monitor inspect --help")


def _require(condition: bool, message: str) -> None:
    if not condition:
        raise click.UsageError(message)


def _read(path: Path, media_type: str | None) -> tuple[bytes, str]:
    return path.read_bytes(), media_type or SUFFIXES.get(path.suffix.lower(), "text/plain")


def _compare_row(row: dict[str, Any], media_type: str | None) -> dict[str, Any]:
    form = row.get("media_type") or media_type or "text/plain"
    before, after = (get_text(row, "before"), form), (get_text(row, "after"), form)
    return _answer_json(_compare(before, after, url=row.get("url") or ""))


def _inspect_row(row: dict[str, Any], media_type: str | None) -> dict[str, Any]:
    form = row.get("media_type") or media_type or "text/plain"
    return _inspect((get_text(row, "text"), form), published=_published(row.get("published")))


def _published(value: object) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError as error:
        raise RowError(f'"published" must be an ISO date, not {value!r}') from error


def _compare(before: tuple[bytes, str], after: tuple[bytes, str], *, url: str) -> Judgement | ExtractionError | None:
    """The judgement; the error where one of the two is no real page; None where they are equal."""
    try:
        old = _extract(before, "BEFORE")
        new = _extract(after, "AFTER")
        check_continuity(old.blocks, new, url=url, final_url=url)
    except ExtractionError as error:
        return error
    judgement = judge(old.blocks, new.blocks)
    if judgement is None and before != after:
        return quiet(ChangeKind.WHITESPACE, "the same text and links; only mark-up, white space or tokens differ")
    return judgement


def _extract(text: tuple[bytes, str], name: str) -> Extract:
    try:
        return extract(*text, charset="utf-8")
    except ExtractionError as error:
        raise ExtractionError(
            error.problem, f"{name} is no real page: {error.detail}", error.advice, error.mark
        ) from error


def _answer_json(answer: Judgement | ExtractionError | None) -> dict[str, Any]:
    if isinstance(answer, ExtractionError):
        return _NOTHING | {"kind": "unavailable", "reason": f"{answer.problem}: {answer.detail}"}
    return judgement_json(answer) if answer else _NOTHING


_NOTHING: dict[str, Any] = {
    "kind": "none",
    "reason": "the texts are equal",
    "severity": "low",
    "passages": [],
    "dates": [],
    "citations": [],
}


def _print_comparison(answer: Judgement | ExtractionError | None) -> None:
    out = console()
    if isinstance(answer, ExtractionError):
        out.print(f"unavailable: {answer}", markup=False)
    elif answer is None:
        out.print("The texts are equal.")
    else:
        out.print(f"{answer.kind}, {answer.severity}: {answer.summary}\n{answer.reason}", markup=False)
        for passage in answer.passages:
            out.print()
            out.print(passage_text(passage))


def _inspect(text: tuple[bytes, str], *, published: date | None) -> dict[str, Any]:
    page, problem = _look(text)
    words = "\n".join(block.text for block in page.blocks)
    language = page.language or find_language(words)
    dates = find_dates(words, Origin(published, language=language))
    return {
        "problem": problem.problem if problem else None,
        "detail": problem.detail if problem else None,
        "title": page.title,
        "language": language,
        "dates": [date_json(each) for each in dates],
        "citations": [citation_json(each) for each in find_citations(words)],
    }


def _look(text: tuple[bytes, str]) -> tuple[Extract, ExtractionError | None]:
    """What the text says, and why it may not be a real page. Nothing, where it cannot be read at all."""
    try:
        return extract(*text, charset="utf-8"), None
    except ExtractionError as error:
        if error.problem in {ProblemKind.UNREADABLE, ProblemKind.WRONG_TYPE}:
            return Extract("", ()), error
        return read(*text, charset="utf-8"), error


def _print_inspection(answer: dict[str, Any]) -> None:
    out = console()
    out.print(answer["title"] or "(no title)", markup=False)
    doubt = f"{answer['problem']}: {answer['detail']}"
    out.print(doubt if answer["problem"] else f"A real page, language {answer['language'] or 'unknown'}.", markup=False)
    for each in answer["dates"]:
        out.print(f"  {each['date']:<10}  {each['kind']}: {each['sentence']}", markup=False)
    for each in answer["citations"]:
        out.print(f"  {each['id']}  ({each['text']})", markup=False)
