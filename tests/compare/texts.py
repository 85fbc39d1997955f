"""Invented policies as blocks, and hypothesis strategies for them."""

from hypothesis import strategies as st

from monitor.model import Block, BlockKind


def policy(markdown: str) -> list[Block]:
    """One block a line: `#` to `###` are headings, `-` is a list item, anything else a paragraph."""
    blocks: list[Block] = []
    path: tuple[str, ...] = ()
    for line in markdown.strip().splitlines():
        marker, _, text = line.strip().partition(" ")
        if set(marker) == {"#"}:
            path = (*path[: len(marker) - 1], text)
            blocks.append(Block(BlockKind.HEADING, text, path))
        elif marker == "-":
            blocks.append(Block(BlockKind.ITEM, text, path))
        elif line.strip():
            blocks.append(Block(BlockKind.PARAGRAPH, line.strip(), path))
    return blocks


def paragraphs(*texts: str) -> list[Block]:
    return [Block(BlockKind.PARAGRAPH, text) for text in texts]


WORDS = st.sampled_from(
    ["users", "must", "report", "harassment", "within", "24", "hours", "of", "the", "event,", "3.", "(a)", "don't"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
ANY_TEXT = st.text(max_size=60)

BLOCKS = st.builds(
    Block,
    kind=st.sampled_from(BlockKind),
    text=SENTENCES | ANY_TEXT,
    heading=st.lists(WORDS, max_size=2).map(tuple),
    links=st.lists(st.sampled_from(["https://a.example/x", "https://a.example/y"]), max_size=2).map(tuple),
)
TEXTS = st.lists(BLOCKS, max_size=8)
