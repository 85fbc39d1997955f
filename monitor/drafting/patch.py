"""A Markdown file with its Edits and remarks, as a unified diff that `git apply` and `patch -p1` take.

Lines are what git takes for lines: they end in a line feed. Carriage returns stay as they are, also in the remarks that
are put in, and a missing line feed at the end of the file stays missing.

Does not do: choosing the Edits, applying anything.
"""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

from digests.escape import plain
from monitor.drafting.marks import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from monitor.drafting.marks import Mark
    from monitor.drafting.places import Place

_MUST_BE_QUOTED = re.compile(r'["\\\x00-\x1f\x7f]')
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def make_patch(path: str, source: str, edits: Iterable[Edit]) -> str:
    """The diff of the file at `path`, relative to the SOP folder; "" where nothing would change.

    There is no `diff --git` line: with one, git would look for the path from the top of the repository, and the SOP
    folder may lie below it.
    """
    before, after = _LINE.findall(source), _LINE.findall(apply_edits(source, edits))
    lines = unified_diff(before, after, _name("a/", path), _name("b/", path))
    return "".join(_iter_ended(lines))


def apply_edits(source: str, edits: Iterable[Edit]) -> str:
    """The text after its Edits; of two that overlap the first one holds."""
    parts = []
    done = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if edit.start >= done:
            parts += [source[done : edit.start], edit.new]
            done = edit.end
    return "".join([*parts, source[done:]])


def _remark(text: str, line_end: str) -> str:
    """An HTML comment on a line of its own; nothing in `text` can end it."""
    harmless = plain(text).replace("<", "(").replace(">", ")")
    return f"<!-- {re.sub('-(?=-|$)', '- ', harmless).strip()} -->{line_end}"


def make_remarks(source: str, place: Place, marks: Iterable[Mark], change_id: int) -> list[Edit]:
    """A remark above the paragraph, list or table of each Mark that has no Edit, once for each reason."""
    starts = {block.start: block.outer for block in place.blocks}
    found = {}
    for mark in marks:
        if not mark.edits:
            outer = starts[max(start for start in starts if start <= mark.start)]
            line = source.count("\n", 0, mark.start) + 1
            text = f"review: line {line} {mark.why} (change {change_id})"
            found[outer, text] = Edit(outer, outer, _remark(text, _line_end(source, outer)))
    return list(found.values())


def _line_end(source: str, at: int) -> str:
    """The ending of the line that begins here."""
    end = source.find("\n", at)
    return "\r\n" if end > 0 and source[end - 1] == "\r" else "\n"


def _iter_ended(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _name(side: str, path: str) -> str:
    """The path as git writes it: what cannot stand there in C's notation, and a tab behind one with spaces."""
    if _MUST_BE_QUOTED.search(path):
        escaped = _MUST_BE_QUOTED.sub(lambda sign: f"\\{ord(sign[0]):03o}", path)
        return f'"{side}{escaped}"'
    return f"{side}{path}\t" if " " in path else f"{side}{path}"
