"""What every spider of a publisher's interface does: a conversation for each Request, and one Fetch of all of it.

A spider says in `converse` what it asks: a generator that yields URLs and is sent the Answers, until it has enough. It
never follows an address that an answer names, but sets the page or cursor in its own, so that neither a key nor a
question leaves the declared host.

    Request ─▶ converse ─▶ URL ─▶ Answer ─▶ URL ─▶ Answer ─▶ … ─▶ Fetch ok, its body the envelope of all Answers
                                    └─ no 2xx, no answer, too much ─▶ Fetch of that outcome: half an answer is none

What one conversation trips over ends that one alone.

Placeholders in a declared URL are filled in the publisher's time zone: `{date}` is today, `{since}` is 30 days ago,
`{since:180d}` so many. A key comes from the environment and stands in the question alone: not in a URL of the Fetch,
its envelope, a header that is kept, or a message.

Does not do: reading what the answers say; deciding whether they are whole (`monitor.publishers` for both).
"""

from __future__ import annotations

import os
import re
from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, quote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from monitor.envelope import MEDIA_TYPE, Answer, pack
from monitor.model import Fetch, Outcome
from spiders.base import BaseSpider
from spiders.keys import hide, hide_in_bytes

if TYPE_CHECKING:
    from datetime import datetime

    import scrapy
    from scrapy.http import Response

    from monitor.model import Request

Conversation = Generator[str, Answer, None]

ANSWER_BYTES = 16 * 1024 * 1024
ENVELOPE_BYTES = 32 * 1024 * 1024
"""A page of 250 documents has some 200 kB, a large part of the CFR some 10 MB."""
MAX_PAGES = 20
"""regulations.gov gives no more; a query of more pages is one to be narrowed."""
SINCE_DAYS = 30
DATA_GOV_KEY = "DATA_GOV_API_KEY"
"""One key of api.data.gov serves regulations.gov, Congress.gov and GovInfo."""

_PLACEHOLDER = re.compile(r"\{(date|since(?::([1-9]\d{0,3})d)?)\}")
_SAID = 200
"""Characters of an error that are quoted."""
_UNFIT = {
    HTTPStatus.ACCEPTED: "202 Accepted: the answer is still being made, ask again later",
    HTTPStatus.NOT_MODIFIED: "304 to a question without conditions",
}
"""What is no error and yet no answer."""


@dataclass(slots=True)
class _Talk:
    """One conversation under way."""

    asked: Request
    questions: Conversation
    answers: list[Answer] = field(default_factory=list)
    duration_ms: int = 0
    partial: bool = False


class InterfaceSpider(BaseSpider):
    """A spider for interfaces that give many answers to one declared query."""

    accept = "application/json"
    max_bytes = ANSWER_BYTES
    zone: ClassVar[ZoneInfo] = ZoneInfo("America/New_York")
    key_name: ClassVar[str] = ""
    """The variable that holds the key; "" = none is wanted."""
    bears: ClassVar[Mapping[int, int]] = {}
    """Statuses other than 2xx that are an answer (a document is gone), each with the first question they may answer."""
    cut_short: ClassVar[frozenset[str]] = frozenset()
    """Headers, in lower case, by which an answer of 200 says that it is not all of it."""

    @abstractmethod
    def converse(self, url: str) -> Conversation:
        """What to ask for a declared URL, its placeholders filled. Raises nothing, whatever the answers say."""

    def sign(self, url: str, key: str) -> tuple[str, dict[str, str]]:
        """The URL and the headers that carry the key, as api.data.gov takes it."""
        return url, {"X-Api-Key": key}

    def failed(self, failure: Any) -> Iterator[Fetch]:
        for fetch in super().failed(failure):
            yield replace(fetch, final_url=None, detail=self._hide(fetch.detail))

    def _ask(self, asked: Request) -> scrapy.Request | Fetch:
        if self.key_name and not self._key:
            return self._unanswered(asked, Outcome.NO_KEY, f"{self.key_name} is not set")
        questions = self.converse(fill(asked.url, self.now.astimezone(self.zone)))
        return self._go_on(_Talk(asked, questions))

    @property
    def _key(self) -> str:
        return os.environ.get(self.key_name, "").strip() if self.key_name else ""

    def _put(self, talk: _Talk, url: str) -> scrapy.Request | Fetch:
        """The question for Scrapy. No redirect is followed: it would take the key along."""
        signed, headers = self.sign(url, self._key) if self._key else (url, {})
        question = super()._ask(replace(talk.asked, url=signed, etag=None, last_modified=None))
        if isinstance(question, Fetch):
            return replace(question, url=talk.asked.url, detail=self._hide(question.detail))
        question.headers.update(headers)
        return question.replace(
            callback=self._answered,
            cb_kwargs={"asked": talk.asked},
            meta={**question.meta, "talk": talk, "url": url, "dont_redirect": True},
        )

    def _answered(self, response: Response, asked: Request) -> Iterator[scrapy.Request | Fetch]:
        """The next question, or the Fetch that ends the conversation."""
        talk: _Talk = response.meta["talk"]
        fetch = next(super().parse(response, asked))
        talk.duration_ms += fetch.duration_ms
        talk.partial |= fetch.partial
        said = hide_in_bytes(response.body, self._key)
        url = response.meta["url"]
        if not self._is_answer(response.status, len(talk.answers) + 1):
            yield self._refused(talk, replace(fetch, outcome=Outcome.HTTP_ERROR, body=None), url, said)
            return
        if cut := "; ".join(f"{name}: {fetch.headers[name]}" for name in sorted(self.cut_short & fetch.headers.keys())):
            broken = replace(fetch, outcome=Outcome.BROKEN, body=None, detail=f"this is not all of the answer ({cut})")
            yield self._refused(talk, broken, url, said)
            return
        talk.answers.append(Answer(url, response.status, fetch.headers.get("content-type", ""), said))
        if sum(len(each.body) for each in talk.answers) > ENVELOPE_BYTES:
            yield self._unanswered(asked, Outcome.TOO_LARGE, f"more than we accept, in {len(talk.answers)} answers")
            return
        yield self._go_on(talk)

    def _go_on(self, talk: _Talk) -> scrapy.Request | Fetch:
        """The first question, or the next after the last answer, or the Fetch where there is none."""
        try:
            return self._put(talk, talk.questions.send(talk.answers[-1]) if talk.answers else next(talk.questions))
        except StopIteration:
            return self._enclosed(talk)
        except Exception as error:  # the loop boundary: one conversation must not stop the others
            self.logger.exception("%s: what to ask next", talk.asked.source_id)
            return self._stuck(talk, error)

    def _is_answer(self, status: int, number: int) -> bool:
        """202 promises an answer, 206 is a part of one."""
        if status in self.bears:
            return number >= self.bears[status]
        return HTTPStatus(200) <= status < HTTPStatus(300) and status not in {
            HTTPStatus.ACCEPTED,
            HTTPStatus.PARTIAL_CONTENT,
        }

    def _stuck(self, talk: _Talk, error: Exception) -> Fetch:
        """A mistake of ours, which an odd answer brought to light. Its message may quote anything: it is not told."""
        last = f"question {len(talk.answers)}: {talk.answers[-1].url}" if talk.answers else talk.asked.url
        detail = f"the spider {self.name} comes no further than {last} ({type(error).__name__}); please report this"
        return self._unanswered(talk.asked, Outcome.BROKEN, self._hide(detail))

    def _enclosed(self, talk: _Talk) -> Fetch:
        """All answers as one Fetch. No header of a single answer is true of all of them."""
        return Fetch(
            source_id=talk.asked.source_id,
            url=talk.asked.url,
            at=self.now,
            outcome=Outcome.OK,
            status=talk.answers[0].status,
            headers={"content-type": MEDIA_TYPE},
            body=pack(talk.answers),
            partial=talk.partial,
            duration_ms=talk.duration_ms,
        )

    def _refused(self, talk: _Talk, fetch: Fetch, url: str, said: bytes) -> Fetch:
        """What came in place of an answer, with when to come back and the publisher's words where it says so."""
        later = fetch.headers.get("retry-after", "")
        words = " ".join(said[: 4 * _SAID].decode("utf-8", "replace").split())[:_SAID]
        parts = [
            fetch.detail or _UNFIT[HTTPStatus(fetch.status or 0)],
            f"come back after {later}" if later else "",
            f"question {len(talk.answers) + 1}: {url}",
            f"it says: {words}" if words else "",
        ]
        detail = self._hide("; ".join(filter(None, parts)))
        return replace(fetch, final_url=None, headers={}, duration_ms=talk.duration_ms, detail=detail)

    def _hide(self, text: str) -> str:
        return hide(text, self._key)


def fill(url: str, now: datetime) -> str:
    """The URL with its placeholders filled; `now` is in the publisher's zone."""

    def day(found: re.Match[str]) -> str:
        back = 0 if found[1] == "date" else int(found[2] or SINCE_DAYS)
        return (now.date() - timedelta(days=back)).isoformat()

    return _PLACEHOLDER.sub(day, url)


def set_query(url: str, **values: str | int) -> str:
    """The URL with these parameters in place of its own of the same names. `page__size` is `page[size]`."""
    return set_parameters(url, {_bracketed(name): [str(value)] for name, value in values.items()})


def set_parameters(url: str, values: dict[str, list[str]]) -> str:
    """The URL with these parameters, each with all its values, in place of its own of the same names."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in values]
    pairs = kept + [(name, value) for name, several in values.items() for value in several]
    query = "&".join(f"{quote(name, safe='[]')}={quote(value, safe='*:,')}" for name, value in pairs)
    return urlunsplit(parts._replace(query=query))


def turn_pages(
    page_url: Callable[[int], str],
    ids: Callable[[dict[str, Any]], list[Any]],
    has_more: Callable[[dict[str, Any]], Any],
) -> Conversation:
    """Page after page, until one says that it is the last or holds nothing that is new.

    Some interfaces give page 1 again beyond their last one: without the second condition that would never end.
    """
    seen: set[str] = set()
    for page in range(1, MAX_PAGES + 1):
        content = (yield page_url(page)).content
        found = {str(each) for each in ids(content)}
        if not has_more(content) or found <= seen:
            return
        seen |= found


def _bracketed(name: str) -> str:
    outer, _, inner = name.partition("__")
    return f"{outer}[{inner}]" if inner else outer
