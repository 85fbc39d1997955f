"""The same text, set in another way: its blocks must not care."""

from dataclasses import dataclass
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.extract.pdf import read_pdf
from written_pdf import Sheet, write

SPOKEN = "the log of each case that a provider keeps is sent to its regulator and names what came of it in the end"
WORDS = tuple(SPOKEN.split())
LETTER = 0.6
"""Width of a letter of Courier, times the size of the type."""


@dataclass(frozen=True)
class Layout:
    """`width` in letters, `height` in lines, `size` in points; `header` stands above every page."""

    width: int
    height: int
    size: int
    columns: int
    indented: bool
    header: str

    @property
    def leading(self) -> float:
        return self.size * 1.3


def paragraphs(seed: int, most: int = 8) -> list[str]:
    """Paragraphs that cannot be mistaken for items or headings, of one long sentence each."""
    chance = Random(seed)
    lengths = [chance.randint(24, 70) for _ in range(chance.randint(2, most))]
    return [f"{' '.join(chance.choices(WORDS, k=length)).capitalize()}." for length in lengths]


SEEDS = st.integers(0, 10**6)
LAYOUTS = st.builds(
    Layout,
    width=st.integers(34, 52),
    height=st.integers(14, 40),
    size=st.sampled_from([7, 8, 9]),
    columns=st.sampled_from([1, 2]),
    indented=st.booleans(),
    header=st.sampled_from(["", "Register of rules"]),
)


def wrap(text: str, layout: Layout) -> list[str]:
    lines, line = [], "  " if layout.indented else ""
    for word in text.split():
        longer = f"{line} {word}" if line.strip() else line + word
        if len(longer) > layout.width:
            lines.append(line)
            longer = word
        line = longer
    return [*lines, line]


def set_text(texts: list[str], layout: Layout) -> tuple[bytes, bool]:
    """The PDF, and whether each column ends where one can see whether its paragraph goes on.

    One cannot where the last line of a paragraph at the foot of a column is so full that the next word would not have
    fitted, or where the last column is too short to be seen as one.
    """
    columns: list[list[tuple[float, str]]] = [[]]
    y, clear = 0.0, True
    for number, text in enumerate(texts):
        lines = wrap(text, layout)
        y += 0 if layout.indented or not columns[-1] else 0.7
        for at, line in enumerate(lines):
            if y > layout.height - 1 and columns[-1]:
                columns.append([])
                y = 0.0
                before = wrap(texts[number - 1], layout)[-1] if at == 0 else lines[at - 1]
                first = line.split()[0]
                fits = len(before) + 1 + len(first) <= layout.width - 1
                clear = clear and ((at == 0 and fits) or (at > 1 and at < len(lines)))
            columns[-1].append((y, line))
            y += 1
    sheets = []
    for start in range(0, len(columns), layout.columns):
        sheet = Sheet()
        if layout.header:
            sheet.text(40, 820, layout.header, size=8)
        for place, column in enumerate(columns[start : start + layout.columns]):
            x = 40 + place * (layout.width * layout.size * LETTER + 20)
            for y, line in column:
                indent = len(line) - len(line.lstrip())
                sheet.text(
                    x + indent * layout.size * LETTER,
                    780 - y * layout.leading,
                    line.strip(),
                    size=layout.size,
                    font="C",
                )
        sheets.append(sheet)
    return write(sheets), clear and len(columns[-1]) > 2


@settings(max_examples=60)
@given(SEEDS, LAYOUTS)
def test_a_text_gives_the_same_blocks_however_it_is_set(seed: int, layout: Layout) -> None:
    texts = paragraphs(seed)
    body, clear = set_text(texts, layout)
    assume(clear and (not layout.header or body.count(b"/Type /Page ") > 1))
    assert [block.text for block in read_pdf(body).blocks] == texts


@settings(max_examples=30)
@given(SEEDS, st.integers(0, 6))
def test_a_paragraph_that_is_put_in_leaves_all_others_as_they_are(seed: int, at: int) -> None:
    layout = Layout(width=80, height=24, size=9, columns=1, indented=False, header="")
    new, *texts = paragraphs(seed)
    changed = [*texts[:at], new, *texts[at:]]
    (before, clear), (after, still_clear) = set_text(texts, layout), set_text(changed, layout)
    assume(clear and still_clear)
    assert [block.text for block in read_pdf(before).blocks] == texts
    assert [block.text for block in read_pdf(after).blocks] == changed
