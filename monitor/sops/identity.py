"""Which section is which, from one reading of the library to the next.

A section keeps the id under which it was first stored, within its SOP. Whether a section is the one that was known is
judged by one number: the share of words that both have in the same order, their own headings among them, and more for
the same heading, in which leading numbers do not count. So of several that could be meant

* the one under the same heading path is taken, unless its text is quite another and the old text stands elsewhere,
* then the one with the most similar text, wherever it stands, if it is similar enough.

A new section never gets an id that another one had, even long ago: what points at an id must never point at another
text. A section that comes back word for word under its heading gets its own id back. A section that went to another
SOP is a new one there: its id names its SOP, and so do its owner and the decisions about it.

Does not do: storing (`monitor.store.sops`).
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz.distance import Indel

from monitor.sops.sections import free_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitor.model import Section

SAME_PATH = 0.6
"""What the same heading path counts. Less than a text word for word against an unrelated one (below 0.35), so that a
section that was renamed is found although another one has its heading now."""
SAME_HEADING = 0.25
"""What the same own heading counts, under other headings than before."""
ALIKE = 0.75
"""Least share of words without the same heading. Measured on 15,000 sections of real procedures: the most similar other
section of the same one shares 0.27 in the middle and up to 0.65 in nineteen of twenty; one with every tenth word
replaced still shares 0.90, with every fourth 0.75."""
ALIKE_UNDER_HEADING = 0.5
"""Least share of words under the same own heading."""

_NUMBER = re.compile(
    r"(?:(?:section|part|chapter|step|appendix|annex|article|clause|abschnitt|kapitel|teil|schritt|anhang|artikel"
    r"|chapitre|partie|étape|annexe|sección|parte|capítulo|paso|anexo|artículo)\s+)?"
    r"(?:§+\s*)?(?:\d+(?:\.\d+)*[.):]?|[ivxlcdm]+[.):]|[a-z][.)])(?:\s*[–—:-])?\s+(?=\S)"
)


def identify(known: Sequence[Section], loaded: Sequence[Section], gone: Sequence[Section] = ()) -> tuple[Section, ...]:
    """`loaded` in its order, each with the id it had among `known`, else with one that none of `known` and `gone` has.

    `gone` are sections that were removed before.
    """
    ids = _carry_equal(known, loaded, {})
    ids |= _carry_equal(gone, loaded, ids)
    ids |= _carry_alike(known, loaded, ids)
    taken = {each.id for each in (*known, *gone)}
    identified = []
    for place, section in enumerate(loaded):
        section_id = ids.get(place) or free_id(section.id, taken)
        taken.add(section_id)
        identified.append(replace(section, id=section_id))
    return tuple(identified)


def section_fingerprint(section: Section) -> str:
    """The sha256 of heading and text, in hexadecimal."""
    return hashlib.sha256("\n".join([*section.heading, "", section.text]).encode()).hexdigest()


def fold_path(heading: Iterable[str]) -> tuple[str, ...]:
    """A heading path as it is compared: without letter case, white space and leading numbers."""
    return tuple(_fold(each) for each in heading)


def _fold(heading: str) -> str:
    folded = " ".join(heading.casefold().split())
    return _NUMBER.sub("", folded, count=1) if _NUMBER.match(folded) else folded


def _carry_equal(known: Sequence[Section], loaded: Sequence[Section], done: dict[int, str]) -> dict[int, str]:
    """Ids by place in `loaded`, for what stands word for word under the same heading path as before."""
    waiting: defaultdict[object, list[str]] = defaultdict(list)
    used = set(done.values())
    for section in reversed(known):
        if section.id not in used:
            waiting[_identity(section)].append(section.id)
    found: dict[int, str] = {}
    for place, section in enumerate(loaded):
        ids = waiting.get(_identity(section)) if place not in done else None
        if ids:
            found[place] = ids.pop()
    return found


def _identity(section: Section) -> tuple[str, tuple[str, ...], str]:
    return section.sop_id, fold_path(section.heading), section.text


def _carry_alike(known: Sequence[Section], loaded: Sequence[Section], done: dict[int, str]) -> dict[int, str]:
    """Ids by place in `loaded` for the others, the most alike first."""
    used = set(done.values())
    before = [(place, each, _words(each)) for place, each in enumerate(known) if each.id not in used]
    after = [(place, each, _words(each)) for place, each in enumerate(loaded) if place not in done]
    pairs = []
    for new_place, new, new_words in after:
        for old_place, old, old_words in before:
            likeness = _likeness(old, old_words, new, new_words)
            if likeness:
                pairs.append((-likeness, abs(new_place - old_place), new_place, old.id))
    found: dict[int, str] = {}
    for _, _, place, section_id in sorted(pairs):
        if place not in found and section_id not in used:
            found[place] = section_id
            used.add(section_id)
    return found


def _words(section: Section) -> list[str]:
    return " ".join((section.heading[-1], section.text)).casefold().split()


def _likeness(old: Section, old_words: list[str], new: Section, new_words: list[str]) -> float:
    """0 = not the same section."""
    before, after = fold_path(old.heading), fold_path(new.heading)
    if old.sop_id != new.sop_id:
        return 0.0
    if before == after:
        bonus, least = SAME_PATH, 0.0
    elif before[-1] == after[-1]:
        bonus, least = SAME_HEADING, ALIKE_UNDER_HEADING
    else:
        bonus, least = 0.0, ALIKE
    shared = Indel.normalized_similarity(old_words, new_words, score_cutoff=least)
    return shared + bonus if shared >= least else 0.0
