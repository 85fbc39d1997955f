"""The rules a crawl runs under: Scrapy's settings, and what its exceptions mean."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime

import pytest
from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    NotSupported,
    ResponseDataLossError,
)
from scrapy.settings import Settings
from scrapy.utils.misc import load_object
from service_identity import VerificationError
from twisted.internet.error import ConnectionDone, ConnectionLost, NoRouteError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from monitor.crawl.settings import crawl_settings, user_agent
from monitor.crawl.work import Work
from monitor.model import Outcome, Request
from spiders.outcomes import AttemptEndedError, explain


def caused(error: Exception, *reasons: Exception) -> Exception:
    """An exception as Scrapy wraps what Twisted says about a failed answer."""
    error.__cause__ = ResponseFailed([Failure(reason) for reason in reasons])
    return error


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (DownloadTimeoutError(), Outcome.TIMEOUT),
        (CannotResolveHostError(), Outcome.UNREACHABLE),
        (DownloadConnectionRefusedError(), Outcome.UNREACHABLE),
        (NoRouteError(), Outcome.UNREACHABLE),
        (caused(DownloadFailedError(), ConnectionLost()), Outcome.UNREACHABLE),
        (caused(DownloadFailedError(), SSL.Error([("", "", "certificate verify failed")])), Outcome.TLS),
        (caused(DownloadFailedError(), VerificationError([])), Outcome.TLS),
        (caused(DownloadFailedError(), ValueError("what is this")), Outcome.BROKEN),
        (caused(ResponseDataLossError(), ConnectionDone()), Outcome.BROKEN),
        (zlib.error(), Outcome.BROKEN),
        (EOFError(), Outcome.BROKEN),
        (DownloadCancelledError(), Outcome.TOO_LARGE),
        (NotSupported(), Outcome.REFUSED_ADDRESS),
        (ValueError("invalid hostname"), Outcome.UNREACHABLE),
        (AttemptEndedError(Outcome.ROBOTS, "not this one"), Outcome.ROBOTS),
    ],
)
def test_each_exception_has_its_outcome(error, outcome):
    assert explain(error)[0] is outcome


def test_a_mistake_of_ours_is_not_blamed_on_the_publisher():
    assert explain(ZeroDivisionError("division by zero")) == (Outcome.LOST, "ZeroDivisionError (division by zero)")


def test_the_detail_is_one_short_line():
    _, detail = explain(DownloadTimeoutError("a\nlong\n\n" + "x" * 1000))
    assert detail.startswith("no whole answer in time (a long xxx")
    assert len(detail) < 240


@pytest.fixture(params=[True, False], ids=["private addresses allowed", "guarded"])
def settings(request) -> Settings:
    return Settings(crawl_settings(Work((), datetime(2026, 11, 22, tzinfo=UTC), 1, allow_private=request.param)))


def test_what_is_dangerous_in_scrapy_is_off(settings):
    assert settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES")
    assert "monitor.crawl.robots.Robots" in settings.getwithbase("DOWNLOADER_MIDDLEWARES")
    assert not settings.getbool("REMOTE_CONTROL_ENABLED")
    assert not settings.getbool("TELNETCONSOLE_ENABLED")
    assert not settings.getbool("COOKIES_ENABLED")
    assert set(settings.getwithbase("DOWNLOAD_HANDLERS")) == {"http", "https"}


def test_only_the_components_we_chose_take_part(settings):
    chosen = ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "EXTENSIONS", "ITEM_PIPELINES")
    components = {path for name in chosen for path in settings.get_component_priority_dict_with_base(name)}
    assert all(load_object(path) for path in components)
    assert len(components - {"monitor.crawl.guard.AddressGuard"}) == 9


def test_the_guard_is_there_unless_private_addresses_are_allowed():
    now = datetime(2026, 11, 22, tzinfo=UTC)
    guarded = crawl_settings(Work((), now, 1))
    assert "monitor.crawl.guard.AddressGuard" in guarded["DOWNLOADER_MIDDLEWARES_BASE"]
    assert guarded["TWISTED_DNS_RESOLVER"] == "monitor.crawl.guard.GuardedResolver"
    opened = crawl_settings(Work((), now, 1, allow_private=True))
    assert "monitor.crawl.guard.AddressGuard" not in opened["DOWNLOADER_MIDDLEWARES_BASE"]
    assert "TWISTED_DNS_RESOLVER" not in opened


def rendering(**rules: object) -> dict[str, object]:
    asked = (Request("rules", "https://example.org/", "html", render=True),)
    return crawl_settings(Work(asked, datetime(2026, 11, 22, tzinfo=UTC), 1, **rules))


def test_a_browser_serves_only_what_asks_for_one():
    handlers = {"http": "monitor.crawl.browser.BrowserHandler", "https": "monitor.crawl.browser.BrowserHandler"}
    assert rendering()["DOWNLOAD_HANDLERS_BASE"] == handlers
    plain = crawl_settings(Work((), datetime(2026, 11, 22, tzinfo=UTC), 1))
    assert not [name for name in plain if name.startswith("PLAYWRIGHT_")]
    assert "browser" not in str(plain)


@pytest.mark.parametrize(("user", "has_sandbox"), [(0, False), (1000, True)])
def test_a_browser_has_its_sandbox_but_for_root(monkeypatch, user, has_sandbox):
    monkeypatch.setattr("os.geteuid", lambda: user)
    assert rendering()["PLAYWRIGHT_LAUNCH_OPTIONS"]["chromium_sandbox"] is has_sandbox


def test_a_browser_is_given_no_secrets_and_a_folder_of_the_crawl_to_write_to(monkeypatch):
    monkeypatch.setenv("DATA_GOV_API_KEY", "secret")
    monkeypatch.setattr("tempfile.tempdir", "/tmp/this-crawl")
    environment = rendering()["PLAYWRIGHT_LAUNCH_OPTIONS"]["env"]
    assert set(environment) <= {"PATH", "HOME", "LANG", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"}
    assert environment["XDG_CONFIG_HOME"] == environment["TMPDIR"] == "/tmp/this-crawl"


def test_the_work_reaches_the_crawl_process_as_it_was():
    asked = (Request("rules", "https://example.org/", "html", '"1"', None, render=True, wait_for=("main", "#text")),)
    work = Work(asked, datetime(2026, 11, 22, tzinfo=UTC), 1, chromium="/opt/chromium")
    assert Work.from_json(work.to_json()) == work
    assert work.renders


@pytest.mark.parametrize(
    ("contact", "ending"), [(None, ""), ("https://example.org/robot", " (+https://example.org/robot)")]
)
def test_the_user_agent_names_the_contact_where_there_is_one(contact, ending):
    name, _, version = user_agent(contact).removesuffix(ending).partition("/")
    assert name == "PolicyMonitor"
    assert version.replace(".", "").isdigit()
