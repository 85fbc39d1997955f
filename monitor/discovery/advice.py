"""What to do where nothing at an address can be watched, in words for somebody who has only its address.

The advice of Problems (`monitor.tracking`, `monitor.extract`) is for a source in the file: that it is asked again, what
to correct in its entry, how to overrule a doubt. None of that holds before there is an entry.

Does not do: saying what is wrong.
"""

from __future__ import annotations

from http import HTTPStatus

from monitor.model import ProblemKind

_LATER = "Try again later."
_REFUSED = "The publisher refuses automated readers: look for a feed, an interface or a PDF of the same text."
_MOVED = "Open the address in a browser: if the text stands somewhere else now, add that address."
_OPEN = "Open the address in a browser and see what it serves now."
_ADVICE = {
    ProblemKind.HTTP_ERROR: _MOVED,
    ProblemKind.TIMEOUT: f"The publisher may be slow, or drop automated readers. {_LATER}",
    ProblemKind.UNREACHABLE: "Check how the host is spelled, and this machine's network.",
    ProblemKind.TLS: "The publisher's certificate cannot be trusted. Open the address in a browser and look at it.",
    ProblemKind.ROBOTS: "Look for a feed or an interface of the publisher, or ask for permission.",
    ProblemKind.REFUSED_ADDRESS: "Only public addresses are read. For one of your own set MONITOR_ALLOW_PRIVATE=1.",
    ProblemKind.TOO_LARGE: "Add the address of the text itself rather than that of a download or archive.",
    ProblemKind.BROKEN: f"The answer was cut short or damaged. {_LATER}",
    ProblemKind.CRAWL_FAILED: "Run this again, and look at its messages.",
    ProblemKind.EMPTY: "Look for a feed, a PDF or a plain page of the same text.",
    ProblemKind.BLOCKED: _REFUSED,
    ProblemKind.CONSENT: "Look for an address without the wall: a print view, a feed or a PDF of the same text.",
    ProblemKind.LOGIN: "Look for a public address of the same text.",
    ProblemKind.OUTAGE: _LATER,
    ProblemKind.SOFT_404: _MOVED,
    ProblemKind.NOT_A_FEED: _OPEN,
    ProblemKind.RETIRED: "Look on the publisher's pages for what has taken its place.",
    ProblemKind.WRONG_TYPE: "Add the address of a page, a feed, a PDF or a DOCX.",
    ProblemKind.UNREADABLE: _OPEN,
}
_ON_STATUS = {
    HTTPStatus.ACCEPTED: "The publisher is still making the text: try again in some minutes.",
    HTTPStatus.UNAUTHORIZED: "Look for a public address of the same text.",
    HTTPStatus.FORBIDDEN: _REFUSED,
    HTTPStatus.METHOD_NOT_ALLOWED: _REFUSED,
    HTTPStatus.NOT_ACCEPTABLE: _REFUSED,
    HTTPStatus.TOO_MANY_REQUESTS: f"The publisher was asked too often. {_LATER}",
    HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS: "It is not shown where this machine stands.",
}


def advise(problem: ProblemKind, status: int | None = None) -> str:
    """A sentence or two; "" where there is nothing to be done. `status` is that of an HTTP answer without a text."""
    if problem is not ProblemKind.HTTP_ERROR or status is None:
        return _ADVICE.get(problem, "")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"The publisher's server is in trouble. {_LATER}"
    return {int(each): said for each, said in _ON_STATUS.items()}.get(status, _MOVED)
