"""The draft of an edit: what a Change means for one Section, as a Markdown file for its editor, and as a patch.

    draft = draft_edit(change, publisher, sop, section, impact=impact, source_text=source_text)
    draft.markdown      both wordings, the dates, the Section with the lines marked that quote or restate the old one
    draft.patch         where the SOP is Markdown: what can be replaced without a thought, and remarks where it cannot

`stale` finds what quotes (`quotes`) or restates (`restated`, `amounts`) the old wording (`rewording`) in the Section as
its file has it now (`places`); `sheet` writes the Markdown and `patch` the diff.

Everything that a publisher wrote stays text: in the Markdown it is escaped or fenced, and into the patch go only words
without any sign of markup.

Does not do: reading or writing files, applying anything, language models (`monitor.proposing`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.drafting.patch import make_patch, make_remarks
from monitor.drafting.places import Block, Place, find_place
from monitor.drafting.sheet import Facts, write_sheet
from monitor.drafting.stale import choose_passages, find_marks

if TYPE_CHECKING:
    from monitor.model import Change, Impact, Section, Sop

__all__ = ["Draft", "draft_edit"]

_NAME_LENGTH = 60
"""Characters of a file's name: file systems take 255 bytes, of which letters have up to four each."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of one edit, and how many of its marked stretches the patch replaces."""

    name: str
    """Of its files, without an ending: `12-sop-1-appeals`."""
    markdown: str
    patch: str | None
    """None where the SOP is no Markdown, its file has no such Section, or nothing in it is marked."""
    marked: int
    replaced: int


def draft_edit(
    change: Change, publisher: str, sop: Sop, section: Section, *, impact: Impact | None, source_text: str | None
) -> Draft:
    """The draft for one Section.

    `source_text` is the SOP's Markdown file as it is, with its line endings, None for other formats. `impact` says why
    the Section was tagged, None where a person named it.
    """
    place = find_place(source_text, section) if source_text else None
    text = source_text if source_text and place else section.text
    marks = find_marks(text, place or _plain_place(section), section.heading, change.judgement.passages)
    patch = None
    if source_text and place:
        edits = [edit for mark in marks for edit in mark.edits]
        patch = make_patch(sop.path, source_text, [*edits, *make_remarks(source_text, place, marks, change.id)]) or None
    facts = Facts(change, publisher, sop, section, impact, is_found=place is not None or source_text is None)
    passages = choose_passages(change.judgement.passages, marks, section)
    sheet = write_sheet(facts, passages, text, place or _plain_place(section), marks)
    return Draft(_name(change, section), sheet, patch, len(marks), sum(bool(each.edits) for each in marks))


def _plain_place(section: Section) -> Place:
    """Of the Section's own text, in which each line is a paragraph."""
    blocks = []
    start = 0
    for line in section.text.split("\n"):
        blocks.append(Block(start, start + len(line), start))
        start += len(line) + 1
    return Place(0, len(section.text), tuple(blocks))


def _name(change: Change, section: Section) -> str:
    slug = re.sub(r"[\W_]+", "-", section.id.casefold()).strip("-")
    return f"{change.id}-{slug}"[:_NAME_LENGTH].rstrip("-")
