"""A real Chromium at the desk, and what a page must never do.

    with open_browser() as browser, serve_desk(config) as address:
        mia = Somebody(browser, address, sign_in(config, "mia", Role.LEAD))
        mia.open("/")
        mia.page.keyboard.press("j")
        assert mia.faults == []

Does not do: knowing what is on a page.
"""

from __future__ import annotations

import os
import shutil
from contextlib import closing, contextmanager
from http import HTTPStatus
from urllib.parse import urlsplit

from monitor.service import listen
from monitor.store import open_store
from monitor.web.access.invitation import open_session
from monitor.web.app import create_app

WIDE, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)
"""In CSS pixels; NARROW is 1280 at 400 %."""
WAIT_MS = 10_000

_WATCH = """addEventListener("securitypolicyviolation", (event) => {
  console.error("refused by the policy of the page:", event.violatedDirective, event.blockedURI);
})"""


_SWITCHES = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]


def find_chromium():
    """The path of the Chromium of this machine; None = there is none."""
    return shutil.which(os.environ.get("MONITOR_CHROMIUM", "chromium"))


@contextmanager
def open_browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=_SWITCHES)
        with closing(browser):
            yield browser


def serve_desk(config):
    """A context: the address of the desk of this Config."""
    return listen(create_app(config), "127.0.0.1", 0)


def sign_in(config, who, role):
    """The token of a session."""
    with closing(open_store(config.db)) as db:
        return open_session(db, who, role, config.now())


class Somebody:
    """One person with a browser of their own: cookies, settings, one tab.

    `faults` has what must not be: errors of scripts or the console, what the policy of the page refused, dialogs, and
    requests to any other host.
    """

    def __init__(self, browser, address, token=None, size=WIDE, **facts):
        self.address = address
        self.faults = []
        self.is_refused = False  # a page that says no is no fault of itself
        width, height = size
        usual = {"viewport": {"width": width, "height": height}, "locale": "en-GB", "timezone_id": "UTC"}
        self.context = browser.new_context(**(usual | {"reduced_motion": "reduce"} | facts))
        self.context.set_default_timeout(WAIT_MS)
        if token:
            name = f"desk-{urlsplit(address).port}"
            self.context.add_cookies([{"name": name, "value": token, "url": address}])
        self.context.add_init_script(_WATCH)
        self.context.on("request", self._see_request)
        self.page = self.context.new_page()
        self.page.on("console", self._see_console)
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", self._see_dialog)

    def open(self, path, status=HTTPStatus.OK):
        self.is_refused = status >= HTTPStatus.BAD_REQUEST
        answer = self.page.goto(self.address + path)
        assert answer.status == status, (path, answer.status)
        return self.page

    def close(self):
        self.context.close()

    @property
    def place(self):
        """Path and query of where this person is."""
        found = urlsplit(self.page.url)
        return f"{found.path}?{found.query}" if found.query else found.path

    def count_wide(self):
        """By how many pixels the page is wider than its window, and what sticks out."""
        return self.page.evaluate(_WIDE)

    def _see_request(self, request):
        if not request.url.startswith((self.address + "/", "data:")):
            self.faults.append(f"request: {request.url}")

    def _see_console(self, message):
        expected = self.is_refused and "Failed to load resource" in message.text
        if message.type in {"error", "warning"} and not expected:
            self.faults.append(f"console: {message.text}")

    def _see_dialog(self, dialog):
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()


_WIDE = """() => {
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over <= 0) return [];
  return [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .slice(-5).map((each) => `${over}px: ${each.outerHTML.slice(0, 90)}`);
}"""
