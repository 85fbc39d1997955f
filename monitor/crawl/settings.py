"""Scrapy's settings for one crawl, each with its reason.

Scrapy's defaults suit scraping by developers and are not safe here: no TLS verification, a local server that runs code,
1 GiB downloads, file:// and data: URLs, robots.txt ignored, redirects to loopback followed. The lists of components
replace Scrapy's base lists as a whole, so that a newer Scrapy cannot add a component to this process unseen.

Does not do: importing Scrapy, reading the environment.
"""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING, Any

from monitor import __version__

if TYPE_CHECKING:
    from monitor.crawl.work import Patience, Work

ROBOT = "PolicyMonitor"
"""The name that publishers address in robots.txt."""
ROBOTS_BYTES = 1024 * 1024
"""RFC 9309 asks for at least 500 kB."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
LOOPBACK_SLOT = {"delay": 0.001, "concurrency": 4, "jitter": 0}
"""Our own machine needs no politeness. Not 0: without a delay Scrapy 2.19 starts a whole queue at once, whatever the
concurrency; 400 connections overflowed a listen queue of 5, and pages of 10 ms took two minutes. Four fit that queue.
"""


def crawl_settings(work: Work) -> dict[str, Any]:
    """Everything that the crawl of `work` sets, ready for Scrapy."""
    guarded = not work.allow_private
    return {
        "SPIDER_MODULES": ["spiders"],
        "USER_AGENT": user_agent(work.contact),
        **_safety(),
        **_limits(work.patience),
        **_politeness(),
        **_components(guarded),
        **_quiet(),
        **(_browser(work) if work.renders else {}),
        "GUARD_ENABLED": guarded,
        "GUARD_OPEN_HOSTS": list(work.open_hosts),
    }


def user_agent(contact: str | None) -> str:
    """`PolicyMonitor/0.1.0 (+mailto:desk@example.org)`: who asks, and whom to tell when it disturbs."""
    return f"{ROBOT}/{__version__} (+{contact})" if contact else f"{ROBOT}/{__version__}"


def _safety() -> dict[str, Any]:
    return {
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # a forged policy page must not become a change
        "REMOTE_CONTROL_ENABLED": False,  # runs code sent to a local port
        "TELNETCONSOLE_ENABLED": False,  # the same, older
        "COOKIES_ENABLED": False,  # every visit is a first visit: no state, nothing to be followed by
        "REFERRER_POLICY": "no-referrer",  # what we watch is nobody's business
        "DOWNLOAD_HANDLERS_BASE": {  # no file, data, ftp, s3
            "http": "monitor.crawl.heads.BoundedHeads",
            "https": "monitor.crawl.heads.BoundedHeads",
        },
    }


def _limits(patience: Patience) -> dict[str, Any]:
    return {
        "DOWNLOAD_MAXSIZE": ROBOTS_BYTES,  # each spider sets its own limit for what it asks for
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": patience.answer_s,
        "REDIRECT_MAX_TIMES": 5,
        "RETRY_TIMES": patience.retries,
        "RETRY_PAUSE": patience.pause_s,
        # 429 is left out: it asks us to come later, and the next crawl is later.
        "RETRY_HTTP_CODES": [408, 500, 502, 503, 504, 522, 524],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # the Fetch says it
    }


def _politeness() -> dict[str, Any]:
    return {
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0.5,  # at least; AutoThrottle waits longer where answers come slowly
        # No limit over all hosts: requests that wait for a host that hangs would fill it and starve the others.
        "CONCURRENT_REQUESTS": 0,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": 0.5,  # its default of 5 s would delay every second page of a host
        "AUTOTHROTTLE_MAX_DELAY": 10.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "DOWNLOAD_SLOTS": dict.fromkeys(LOOPBACK, LOOPBACK_SLOT),
    }


def _components(guarded: bool) -> dict[str, Any]:
    """The whole lists, in Scrapy's order (smaller = nearer to the spider).

    ROBOTSTXT_OBEY has no say here: robots.txt is always obeyed, by `monitor.crawl.robots`.

    Left out on purpose: proxies (the proxy would resolve names, past the address guard), meta refresh (it decodes every
    page; a page that is only a refresh is better seen by a person), HTTP errors (every status is data here).
    """
    guard = {"monitor.crawl.guard.AddressGuard": 560} if guarded else {}
    resolver = {"TWISTED_DNS_RESOLVER": "monitor.crawl.guard.GuardedResolver"} if guarded else {}
    return {
        "DOWNLOADER_MIDDLEWARES_BASE": {
            "monitor.crawl.robots.Robots": 100,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "monitor.crawl.middlewares.Retries": 550,
            **guard,  # below the retries: what it refuses is refused at once
            "monitor.crawl.middlewares.Decompression": 590,
            "monitor.crawl.middlewares.Redirects": 600,
        },
        "SPIDER_MIDDLEWARES_BASE": {"scrapy.spidermiddlewares.referer.RefererMiddleware": 700},
        "EXTENSIONS_BASE": {"monitor.crawl.middlewares.Throttle": 0},
        **resolver,
    }


def _browser(work: Work) -> dict[str, Any]:
    """Chromium for what is to be rendered, and the same client as ever for robots.txt."""
    handler = "monitor.crawl.browser.BrowserHandler"
    return {
        "DOWNLOAD_HANDLERS_BASE": {"http": handler, "https": handler},
        "CHROMIUM": work.chromium,
        "RENDER_TIMEOUT": work.patience.settle_s,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": work.patience.answer_s * 1000,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_DOWNLOAD_TIMEOUT": 1000,  # none is accepted, so there is nothing to wait for
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,  # the browser's own fit what it does
        "PLAYWRIGHT_ABORT_REQUEST": "monitor.crawl.browser.is_unread",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "chromium_sandbox": os.geteuid() != 0,  # Chromium has none for root
            "env": _browser_environment(),
            "args": [  # or WebRTC would go past the gate; the second is the name in older releases
                "--webrtc-ip-handling-policy=disable_non_proxied_udp",
                "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
            ],
        },
    }


def _browser_environment() -> dict[str, str]:
    """No secrets of ours, and nothing written but to the folder of this crawl."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | dict.fromkeys(("TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), tempfile.gettempdir())


def _quiet() -> dict[str, Any]:
    return {
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(name)s: %(message)s",
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",  # the verdict counts for itself
        "WARN_ON_GENERATOR_RETURN_VALUE": False,  # parses the source of every callback; the type checker does that
    }
