"""The customer's procedures, and what touches them.

Does not do: anything. No I/O, no clock, no rules.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an SOP: the unit that an Impact points at."""

    id: str
    """`sop-id#slug-of-the-heading-path`, unique in the library."""
    sop_id: str
    heading: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Sop:
    """One procedure of the customer."""

    id: str
    title: str
    owner: str
    path: str
    topics: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a Section was tagged: `kind` is one of words, citation, topic, jurisdiction; `text` is what fired."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Impact:
    """That a Change touches a Section, with a probability between 0 and 1 and the reasons."""

    sop_id: str
    section_id: str
    sop_title: str
    heading: tuple[str, ...]
    owner: str
    probability: float
    evidence: tuple[Evidence, ...]
