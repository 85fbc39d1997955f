"""What is a notice of the feed's end, and what is news about feeds; what is the same text, cut elsewhere."""

from __future__ import annotations

import pytest

from monitor.feeds.excerpts import is_same_text_cut
from monitor.feeds.notices import is_notice
from monitor.model import Block, BlockKind


@pytest.mark.parametrize(
    "title",
    [
        "This feed has ended",
        "This feed has moved",
        "This RSS feed is no longer updated",
        "This Atom feed will no longer be maintained after 1 March",
        "This news feed has been discontinued.",
        "*** This RSS feed has now been retired ***",
        "Our RSS feed has moved to a new address",
        "We've moved our RSS feed",
        "RSS feed discontinued",
        "The RSS feed has been replaced",
        "Please update your RSS subscription",
        "Dieser RSS-Feed wird nicht mehr aktualisiert",
        "Dieser Feed wurde eingestellt",
        "Unser Newsfeed ist umgezogen",
        "Ce flux RSS n\u2019est plus mis à jour",
        "Ce fil a été supprimé",
        "Este canal RSS ya no está disponible",
        "Este feed se ha trasladado",
        "Questo feed non è più disponibile",
        "Deze feed is verhuisd",
        "Este feed foi descontinuado",
        "\u3053\u306eRSS\u306e\u914d\u4fe1\u3092\u7d42\u4e86\u3057\u307e\u3057\u305f",
        "\u672cRSS\u5df2\u505c\u6b62\u66f4\u65b0",
    ],
)
def test_a_feed_that_speaks_of_its_end(title: str) -> None:
    assert is_notice(title)


@pytest.mark.parametrize(
    "title",
    [
        "News",
        "Chronological feed has been discontinued in the EU",
        "The Following feed is no longer the default",
        "Platform agrees that its recommender feed will end for minors",
        "Feed algorithms: this consultation has ended",
        "How to use our RSS feed",
        "This consultation has ended",
        "This channel policy applies to all creators",
        "Our feed ranking principles",
        "RSS reader market study published",
        "This feed has " + "very " * 20 + "ended",
        "",
    ],
)
def test_news_is_no_notice(title: str) -> None:
    assert not is_notice(title)


WHOLE = (
    "The Board calls for a clear legal basis for the sharing of information among regulators.",
    "It adopted guidelines too.",
)
CUT = "The Board calls for a clear legal basis for the sharing"


def entry(*texts: str, title: str = "Board") -> tuple[Block, ...]:
    return (Block(BlockKind.HEADING, title, (title,)), *(Block(BlockKind.PARAGRAPH, text, (title,)) for text in texts))


@pytest.mark.parametrize(
    "mark",
    [
        " \u2026",
        "...",
        " [\u2026]",
        "\u2026 Read more",
        " [...] (Continue reading)",
        " Weiterlesen \u2192",
        " [&hellip;]",
    ],
)
def test_an_excerpt_and_its_whole_are_the_same_text(mark: str) -> None:
    assert is_same_text_cut(entry(*WHOLE), entry(CUT + mark))
    assert is_same_text_cut(entry(CUT + mark), entry(*WHOLE))


def test_a_longer_and_a_shorter_excerpt_are_the_same_text() -> None:
    assert is_same_text_cut(entry(f"{CUT}\u2026"), entry(f"{CUT} of information\u2026"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (entry(*WHOLE), entry(WHOLE[0])),  # the rest was taken out
        (entry(*WHOLE), entry(CUT.replace("clear", "new") + "\u2026")),  # reworded
        (entry(*WHOLE), entry(CUT + "\u2026", title="Court")),
        (entry(*WHOLE), entry("The Board\u2026")),  # the beginning of many texts
        (entry(CUT + "\u2026"), entry("Another text without any end\u2026")),
        (entry(CUT), entry(*WHOLE)),  # more was said
        (entry(f"{WHOLE[0]} More follows\u2026"), entry(WHOLE[0])),  # the longer one is cut: something went
        ((), ()),
    ],
)
def test_what_differs_by_more_than_a_cut_is_a_change(before, after) -> None:
    assert not is_same_text_cut(before, after)
