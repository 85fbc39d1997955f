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
        "This feed is no longer updated. Please subscribe to our newsletter.",
        "This feed for press releases has moved to a new address",
        "This feed has ended and will be removed soon",
        "This feed will be closed after 30 June",
        "This RSS feed is no longer updated",
        "This Atom feed will no longer be maintained after 1 March",
        "This news feed has been discontinued.",
        "*** This RSS feed has now been retired ***",
        "Notice: this feed will be discontinued on 31 May",
        "Please note that this legacy RSS feed has been replaced",
        "These RSS feeds have been shut down",
        "Our RSS feed has moved to a new address",
        "Our RSS feeds are no longer available",
        "Our RSS feed of court decisions has a new address",
        "We've moved our RSS feed",
        "RSS feed discontinued",
        "RSS feeds are no longer available.",
        "The RSS feed has been replaced",
        "The Atom feed for consultations has been withdrawn",
        "Please update your RSS subscription",
        "Dieser RSS-Feed wird nicht mehr aktualisiert",
        "Dieser Feed wurde eingestellt",
        "Dieser Newsfeed ist umgezogen",
        "Hinweis: Unser RSS-Feed steht nicht mehr zur Verfügung",
        "Unser RSS-Kanal wurde abgeschaltet",
        "Der RSS-Feed wurde eingestellt",
        "Ce flux RSS n\u2019est plus mis à jour",
        "Ce flux a été remplacé",
        "Notre fil RSS a été supprimé",
        "Este canal RSS ya no está disponible",
        "Este feed de noticias ya no se actualiza",
        "Este feed se ha trasladado a una nueva dirección",
        "Questo feed non è più disponibile",
        "Il nostro feed RSS è stato spostato",
        "Deze feed is verhuisd",
        "Deze RSS-feed wordt niet meer bijgewerkt",
        "Este feed foi descontinuado",
        "Ten kanał RSS nie jest już aktualizowany",
        "Det här RSS-flödet uppdateras inte längre",
        "このRSSの配信を終了しました",
        "RSS配信終了のお知らせ",
        "本RSS已停止更新",
        "RSS 서비스 종료 안내",
    ],
)
def test_a_feed_that_speaks_of_its_end(title: str) -> None:
    assert is_notice(title)


@pytest.mark.parametrize(
    "title",
    [
        "News",
        "",
        "Chronological feed has been discontinued in the EU",
        "The Following feed is no longer the default",
        "The feed has been replaced by a recommender system",
        "Platform agrees that its recommender feed will end for minors",
        "Feed algorithms: this consultation has ended",
        "This consultation has ended",
        "This feed has " + "very " * 20 + "ended",
        # policies about channels
        "Our channel monetization policy has been replaced",
        "Our channel guidelines are replaced by the Community Rules",
        "Our channel has been removed from search for minors",
        "This channel strike policy has been retired",
        "This channel policy applies to all creators",
        "This channel has been terminated: how appeals work",
        "Dieser Kanal wurde gesperrt und ersetzt: neue Regeln",
        "Este canal ya no está disponible en la UE: nuevas normas",
        "Ce fil a été supprimé par la modération",
        "News channel licence has been withdrawn by the regulator",
        # policies about feeds that a platform shows
        "Our feed ranking explanation has moved",
        "Our feed ranking principles",
        "Our feed is no longer chronological",
        "Our feed has been replaced by two tabs",
        "Our News Feed has been retired",
        "Unser Feed ist umgezogen: neue Startseite für Kinder",
        "We've moved our Following feed",
        "This feed is no longer personalised for minors",
        "This feed has replaced the old home screen",
        "This feed ranking test has ended",
        "This feed is closed to political ads",
        "This feed is replaced by Explore in the EU",
        "These feeds are no longer available to users under 16",
        "This feed will close gaps in moderation",
        "This RSS feed has replaced our old mailing list",
        "Please update your subscription before the new fees apply",
        "Please update your feed preferences",
        # RSS and Atom that are something else, or of somebody else
        "How to use our RSS feed",
        "RSS reader market study published",
        "RSS feeds are no longer supported by the browser",
        "RSS office in Nagpur was closed by police",
        "RSS channel was closed by a court",
        "The RSS feed was discontinued in 2013 by another company: a look back",
        "Our RSS reader app has been discontinued",
        "RSS is no longer banned for civil servants",
        "The RSS has been removed from the list of associations",
        "Atom Bank plc: variation of permission has been withdrawn",
        "Atom has been discontinued",
        "Atom feeds and RSS feeds: which of them is replaced first?",
        "XML filing format has been retired",
        "RSSリーダー「例」がサービス終了",
        "RSS 리더 앱이 서비스를 종료",
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
