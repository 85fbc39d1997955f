import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.markdown import read_markdown
from monitor.extract.plain import read_plain


def test_plain_text_becomes_paragraphs_and_items() -> None:
    text = "Rules\nfor all\r\n\r\n- no spam\n  of any kind\n* no bots\n1. be kind\n(a) be fair\n\n\nEnd 5-6"
    assert [(block.kind.value, block.text) for block in read_plain(text).blocks] == [
        ("paragraph", "Rules for all"),
        ("item", "no spam of any kind"),
        ("item", "no bots"),
        ("item", "1. be kind"),
        ("item", "(a) be fair"),
        ("paragraph", "End 5-6"),
    ]


MARKDOWN = """\
Community rules
===============

Be **kind**, _fair_ and `exact`; snake_case_names and 2 * 3 * 4 stay. \\*Not starred\\*

Minors
------
*   No [contact](https://example.org/a?utm_source=x "Title")
    with [![logo](/l.png)](/home) <https://example.org/b>
1.  First

> Quoted
> twice

### Ages ###

| Age | Rule |
|:----|-----:|
| 13  | [see](/r) |

- - -
```
code
line
```
"""


def test_markdown_becomes_blocks_with_headings_and_links() -> None:
    found = read_markdown(MARKDOWN)
    top, minors, ages = "Community rules", "Minors", "Ages"
    assert found.title == top
    assert [(block.kind.value, block.text, block.heading, block.links) for block in found.blocks] == [
        ("heading", top, (top,), ()),
        (
            "paragraph",
            "Be kind, fair and exact; snake_case_names and 2 * 3 * 4 stay. *Not starred*",
            (top,),
            (),
        ),
        ("heading", minors, (top, minors), ()),
        (
            "item",
            "No contact with logo https://example.org/b",
            (top, minors),
            ("https://example.org/a", "/home", "https://example.org/b"),
        ),
        ("item", "1. First", (top, minors), ()),
        ("quote", "Quoted twice", (top, minors), ()),
        ("heading", ages, (top, minors, ages), ()),
        ("row", "Age | Rule", (top, minors, ages), ()),
        ("row", "13 | see", (top, minors, ages), ("/r",)),
        ("paragraph", "code line", (top, minors, ages), ()),
    ]


@pytest.mark.parametrize("read", [read_plain, read_markdown])
@given(text=st.text(st.sampled_from("ab .#-=*_|>`~[]()!\\\n1")))
def test_any_text_can_be_read(read, text: str) -> None:
    for block in read(text).blocks:
        assert block.text == " ".join(block.text.split()) != ""
