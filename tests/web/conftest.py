"""The desk over HTTP, on a real port: what a browser without JavaScript sees and can send."""

from __future__ import annotations

import re
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from selectolax.lexbor import LexborHTMLParser

from monitor.model import Role
from monitor.service import listen
from monitor.web.access.invitation import invite
from monitor.web.app import create_app
from triaged import AGES, REFUNDS, SOURCES, SPAM, UPLOAD, Bench


class Page:
    """One answer. `text` is what people read, each run of white space one space."""

    def __init__(self, status, headers, body, url):
        self.status, self.headers, self.body, self.url = status, headers, body, url
        self.tree = LexborHTMLParser(body)

    @property
    def text(self):
        return re.sub(r"\s+", " ", self.tree.body.text(separator=" ")).strip() if self.tree.body else ""

    def texts(self, selector):
        return [re.sub(r"\s+", " ", each.text(separator=" ")).strip() for each in self.tree.css(selector)]

    def links(self, selector="main a"):
        return [each.attributes.get("href") for each in self.tree.css(selector)]


class Visitor:
    """Somebody with a browser that keeps cookies and runs no script."""

    def __init__(self, address):
        self.address = address
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    def open(self, path, data=None, headers=None):
        body = urlencode(data).encode() if data is not None else None
        own = {"Origin": self.address} if data is not None else {}
        asked = Request(self.address + path, body, own | (headers or {}))
        try:
            with self._opener.open(asked, timeout=10) as answer:
                return Page(answer.status, answer.headers, answer.read(), answer.url)
        except HTTPError as error:
            with error:
                return Page(error.code, error.headers, error.read(), error.url)


class Desk(Bench):
    """Two changes that wait: 1 touches uploads and refunds, 2 no section."""

    def __init__(self, folder):
        super().__init__(folder)
        (folder / "sources.yaml").write_text(SOURCES)
        self.change(AGES, [UPLOAD, REFUNDS])
        self.change(SPAM)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    """Tests are wrong again and again on purpose."""
    monkeypatch.setattr("monitor.web.guard._WAIT_S", 0.0)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def visitor(desk):
    """Somebody who was let in by a link and may do everything."""
    with listen(create_app(desk.config), "127.0.0.1", 0) as address:
        guest = Visitor(address)
        guest.open("/enter", {"token": invite(desk.db, "desk", Role.LEAD, desk.config.now())})
        yield guest
