"""Feeds as a publisher writes them: entries by a key, of which id, address, title, day and text are made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape

SITE = "https://reg.example"
SUBJECTS = ("age checks", "gift limits", "appeals", "ad labels", "minors", "elections", "live audio", "deep fakes")


@dataclass(frozen=True)
class Item:
    guid: str
    link: str
    title: str
    day: int
    """Of March 2026; 0 = it gives no day."""
    text: str

    def but(self, **changed):
        return replace(self, **changed)

    @property
    def xml(self):
        date = f"<pubDate>{self.day:02} Mar 2026 10:00:00 GMT</pubDate>" if self.day else ""
        return (
            f"<item><guid isPermaLink='false'>{escape(self.guid)}</guid><link>{escape(self.link)}</link>"
            f"<title>{escape(self.title)}</title>{date}<description>{escape(self.text)}</description></item>"
        )


def item(number, **changed):
    """The entry of that number: published on that day, about a subject of its own."""
    subject = SUBJECTS[number % len(SUBJECTS)]
    text = (
        f"<p>Decision {number} on {subject} binds every large platform in the region from now on.</p>"
        f"<p>Providers must answer reports about {subject} within {number + 20} hours and keep a log of each.</p>"
    )
    facts = Item(f"g-{number}", f"{SITE}/news/{number}", f"Decision {number} on {subject}", number, text)
    return facts.but(**changed)


def items(*numbers, **changed):
    return [item(number, **changed) for number in numbers]


def rss(*entries, title="News"):
    written = "".join(each if isinstance(each, str) else each.xml for each in entries)
    return f'<rss version="2.0"><channel><title>{title}</title><link>{SITE}/</link>{written}</channel></rss>'
