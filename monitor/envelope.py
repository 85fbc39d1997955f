"""Several answers as one body: what a publisher's interface said, page after page, exactly as received.

A Fetch has one body, and a query to an interface has many answers. So they are put into an envelope, and everything
that holds for a body (recorded first, hashed, kept as evidence) holds for them. Each answer is one line of JSON, the
bytes as received, and a line break:

    {"url": "https://api.example.org/documents?page=1", "status": 200, "type": "application/json", "length": 4711}
    …4711 bytes…

The bytes depend on the answers alone, so the same answers make an equal body. `rows` and `part` look into an answer
that may hold anything.

Does not do: asking (`spiders.interface`), reading what the answers say (`monitor.publishers`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MEDIA_TYPE = "application/vnd.policy-monitor.answers"


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `url` holds no key."""

    url: str
    status: int
    type: str
    """The Content-Type as sent, "" where there was none."""
    body: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The JSON object in the body; empty where it is none."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}


def pack(answers: Sequence[Answer]) -> bytes:
    """The envelope of the answers, in their order."""
    return b"".join(_head(each) + each.body + b"\n" for each in answers)


def unpack(envelope: bytes) -> tuple[Answer, ...]:
    """The answers in an envelope, one at least. Raises ValueError where it is none, or is cut short."""
    answers = tuple(_iter_answers(envelope))
    if not answers:
        raise ValueError("it is empty")
    return answers


def rows(content: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects in the list under a key; none where there is no such list."""
    found = content.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def part(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The object under a key; an empty one where there is none."""
    found = content.get(key)
    return found if isinstance(found, dict) else {}


def _head(answer: Answer) -> bytes:
    head = {"url": answer.url, "status": answer.status, "type": answer.type, "length": len(answer.body)}
    return json.dumps(head, ensure_ascii=False).encode() + b"\n"


def _iter_answers(envelope: bytes) -> Iterator[Answer]:
    start = 0
    while start < len(envelope):
        line_end = envelope.find(b"\n", start)
        try:
            head = json.loads(envelope[start:line_end])
            end = line_end + 1 + abs(head.pop("length"))
            answer = Answer(**head, body=envelope[line_end + 1 : end])
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError(f"no head of an answer at byte {start}") from error
        if envelope[end : end + 1] != b"\n":
            raise ValueError(f"the answer at byte {start} is cut short")
        yield answer
        start = end + 1
