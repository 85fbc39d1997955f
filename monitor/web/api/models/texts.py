"""The text of a Document at any time, its Versions, and any two of them compared.

Does not do: anything. No I/O, no rules.
"""

from monitor.model import BlockKind
from monitor.views import texts
from monitor.web.api.models.shared import Edition, Model, Moment, Stretch, tell_stretch


class Timeline(Model):
    """The versions of a document, the newest first."""

    editions: tuple[Edition, ...]
    total: int
    next_before: int | None
    """`before` that asks for the next ones; null = there are no more."""


class Block(Model):
    """One unit of text as people read it."""

    kind: BlockKind
    text: str
    heading: tuple[str, ...]
    """The headings above it, outermost first; of a heading with itself."""
    links: tuple[str, ...]


class Text(Model):
    """A document as it stood."""

    document_id: str
    source_id: str
    name: str
    publisher: str
    jurisdiction: str
    url: str
    language: str
    """ISO 639-1."""
    edition: Edition
    blocks: tuple[Block, ...]
    earlier_at: Moment | None
    """When the version before this one was seen; null = there is none."""
    later_at: Moment | None


class Comparison(Model):
    """Two versions of one document."""

    document_id: str
    source_id: str
    name: str
    before: Edition
    after: Edition
    is_same: bool
    language: str
    stretches: tuple[Stretch, ...]
    """Both texts as one, in the reading order of the second."""
    left_out: int
    """Words that are not told; ask with `whole` for them."""


def tell_timeline(timeline: texts.Timeline) -> Timeline:
    return Timeline(
        editions=tuple(Edition.model_validate(each) for run in timeline.runs for each in run.editions),
        total=timeline.total,
        next_before=timeline.next_before,
    )


def tell_text(text: texts.Text) -> Text:
    return Text(
        document_id=text.document.id,
        source_id=text.source.id,
        name=text.name,
        publisher=text.source.publisher,
        jurisdiction=text.source.jurisdiction,
        url=text.document.url,
        language=text.language,
        edition=Edition.model_validate(text.edition),
        blocks=tuple(map(Block.model_validate, text.blocks)),
        earlier_at=text.earlier_at,
        later_at=text.later_at,
    )


def tell_comparison(compared: texts.Compared) -> Comparison:
    return Comparison(
        document_id=compared.document.id,
        source_id=compared.source.id,
        name=compared.name,
        before=Edition.model_validate(compared.before),
        after=Edition.model_validate(compared.after),
        is_same=compared.is_same,
        language=compared.language,
        stretches=tuple(map(tell_stretch, compared.stretches)),
        left_out=compared.left_out,
    )
