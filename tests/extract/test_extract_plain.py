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


@pytest.mark.parametrize("read", [read_plain, read_markdown])
@given(text=st.text(st.sampled_from("ab .#-=*_|>`~[]()!\\\n1")))
def test_any_text_can_be_read(read, text: str) -> None:
    for block in read(text).blocks:
        assert block.text == " ".join(block.text.split()) != ""
