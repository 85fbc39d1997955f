"""JSON Lines in, JSON Lines out: what `--batch` means, for each command that has it.

One line is answered for each that is read, in a stream; what cannot be answered says why under `error`, and the exit
status says so.

Does not do: answering.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click
import structlog

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

log = structlog.get_logger()


class RowError(Exception):
    """A row that cannot be answered; the message says which key and why."""


def answer_lines(lines: IO[bytes], answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """One line out for each line in; exit status 1 where one of them could not be answered."""
    asked = failed = 0
    for number, line in enumerate(lines, 1):
        if line.strip():
            found = _answer_line(line, number, answer)
            asked += 1
            failed += "error" in found
            sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    if failed:
        click.echo(f"monitor: {failed} of {asked} lines could not be answered; each says why under `error`", err=True)
        sys.exit(1)


def _answer_line(line: bytes, number: int, answer: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    try:
        row = _parse(line)
        return {"id": row.get("id")} | answer(row)
    except RowError as error:
        return {"id": row.get("id"), "error": f"line {number}: {error}"}
    except Exception as error:  # the loop boundary: one text must not stop the others
        log.exception("not answered", line=number)
        return {"id": row.get("id"), "error": f"line {number}: it cannot be answered ({error!r})"}


def _parse(line: bytes) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise RowError(f"it is no JSON ({error})") from error
    if not isinstance(row, dict):
        raise RowError("it is no JSON object")
    return row


def get_text(row: dict[str, Any], key: str) -> bytes:
    if not isinstance(row.get(key), str):
        raise RowError(f'"{key}" must be a text')
    text: str = row[key]
    return text.encode("utf-8", "replace")
