"""What search finds.

Does not do: anything. No I/O, no rules.
"""

from collections.abc import Mapping

from monitor.model import ChangeKind, ChangeStatus, Severity
from monitor.views import search
from monitor.web.api.models.shared import Model, Moment


class CutPiece(Model):
    """A piece of what is shown of a text."""

    text: str
    is_found: bool
    """It is what was looked for."""


class FoundChange(Model):
    """A change with the words."""

    id: int
    source_id: str
    name: str
    publisher: str
    jurisdiction: str
    kind: ChangeKind
    status: ChangeStatus
    severity: Severity
    summary: str
    detected_at: Moment
    cut: tuple[CutPiece, ...]


class FoundText(Model):
    """A document with the words in its current text."""

    document_id: str
    version_id: int
    source_id: str
    url: str
    name: str
    publisher: str
    jurisdiction: str
    heading: tuple[str, ...]
    """Where they stand."""
    cut: tuple[CutPiece, ...]


class Results(Model):
    """What was found: of both sorts only a few, of one (`kind:change`, `kind:text`) a page."""

    q: str
    """As it was understood."""
    filters: Mapping[str, str]
    """`jurisdiction`, `source`, `kind`."""
    changes: tuple[FoundChange, ...]
    """The best first."""
    texts: tuple[FoundText, ...]
    change_count: int
    text_count: int
    has_more_changes: bool
    """Older ones than those counted have the words as well."""
    page: int
    has_next: bool


def tell_results(results: search.Results) -> Results:
    return Results(
        q=results.asked.text,
        filters=results.asked.filters,
        changes=tuple(map(_tell_change, results.changes)),
        texts=tuple(map(_tell_text, results.texts)),
        change_count=results.change_count,
        text_count=results.text_count,
        has_more_changes=results.has_more_changes,
        page=results.page,
        has_next=results.has_next,
    )


def _tell_change(hit: search.ChangeHit) -> FoundChange:
    own = {name: getattr(hit.change, name) for name in FoundChange.model_fields if name != "cut"}
    return FoundChange(cut=_tell_cut(hit.cut), **own)


def _tell_text(hit: search.TextHit) -> FoundText:
    own = {name: getattr(hit.text, name) for name in FoundText.model_fields if name not in {"heading", "cut"}}
    return FoundText(heading=hit.heading, cut=_tell_cut(hit.cut), **own)


def _tell_cut(cut: search.Cut) -> tuple[CutPiece, ...]:
    return tuple(CutPiece(text=text, is_found=is_found) for text, is_found in cut.pieces)
