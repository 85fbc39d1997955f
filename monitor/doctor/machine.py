"""Whether this machine has what the program needs: Python, SQLite, certificates, time zones, memory, a browser.

Does not do: starting a browser (`monitor sources try` does, for a page that needs one).
"""

from __future__ import annotations

import os
import platform
import resource
import shutil
import ssl
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rich.filesize import decimal

from digests.services import APPRISE
from monitor import __version__
from monitor.doctor.findings import failed, ok, warning
from monitor.store import Database
from monitor.store.health import get_library, has_full_text_search

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.doctor.findings import Case, Finding

FIXED = (3, 51, 3)
"""The first SQLite without the WAL-reset race that can corrupt a database, https://sqlite.org/wal.html#walresetbug."""
BACKPORTS = ((3, 50, 7), (3, 44, 6))
"""Releases of older lines that have the repair as well, as all later ones of their line."""
LEAST_MEMORY = 512 * 1024**2
WITH_BROWSER = 1536 * 1024**2
"""Measured: the main job 150 MB, a crawl 100 MB, the reading of a long PDF 100 MB; Chromium 300 to 460 MB more."""
LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
"""Where a container says how much it may have."""
EXTRAS = {"browser": "scrapy_playwright", "notify": "apprise", "oidc": "authlib", "semantic": "onnxruntime"}
"""Each extra with a module that it brings."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""What systems call their Chromium, as in `monitor.crawl.browser`, which is not imported without its extra."""


def check_python(_: Case) -> Iterator[Finding]:
    yield ok(f"{platform.python_version()}, Policy Monitor {__version__}, {platform.system()} {platform.machine()}")


def check_sqlite(_: Case) -> Iterator[Finding]:
    library = get_library()
    name = f"{'.'.join(map(str, library.version))} of {library.module}"
    if not is_fixed(library.version):
        yield failed(
            f"{name}: two processes that write at the wrong moment can corrupt the database (the WAL-reset race)",
            "Install a newer one: pip install --upgrade pysqlite3. Then restart whatever has the database open.",
        )
    elif not has_full_text_search(Database(memory=True)):
        yield failed(f"{name}: without FTS5, so nothing can be searched", "Install one with it: pip install pysqlite3")
    else:
        yield ok(f"{name}, with FTS5. What else opens the database while the monitor runs should have one as new")


def is_fixed(sqlite: tuple[int, ...]) -> bool:
    """Whether this version of SQLite is without the WAL-reset race."""
    return sqlite >= FIXED or any(sqlite[:2] == line[:2] and sqlite >= line for line in BACKPORTS)


def check_certificates(case: Case) -> Iterator[Finding]:
    """By the same OpenSSL and variables that every connection of the program goes by."""
    named = case.environ.get("SSL_CERT_FILE")
    if named and not Path(named).is_file():
        yield failed(f"SSL_CERT_FILE names {named}, which is not there: no https can be trusted", "Mend or unset it.")
        return
    try:
        number = _count_certificates(named)
    except (ssl.SSLError, OSError) as error:
        yield failed(f"the certificates of {named or 'this machine'} cannot be loaded ({error})", "Replace the file.")
        return
    if number:
        yield ok(f"{number} authorities are trusted" + (f", those in {named}" if named else ""))
    else:
        yield failed(
            "no certificate authorities were found: no https can be trusted",
            "Install the package ca-certificates, or name a file of them in SSL_CERT_FILE.",
        )


def _count_certificates(named: str | None) -> int:
    context = ssl.create_default_context(cafile=named)
    paths = ssl.get_default_verify_paths()
    folder = Path(paths.capath) if paths.capath and not named else None
    return context.cert_store_stats()["x509_ca"] or (sum(1 for _ in folder.iterdir()) if folder else 0)


def check_time_zones(case: Case) -> Iterator[Finding]:
    names = {"Europe/Berlin", *(each.timezone for each in case.declared.audiences)} if case.declared else {"UTC"}
    try:
        for name in sorted(names):
            ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        yield failed(f"{error}: digests would leave at the wrong hour", "Install them: pip install --upgrade tzdata")
    else:
        yield ok(f"tzdata {_find_version('tzdata')}")


def check_memory(case: Case) -> Iterator[Finding]:
    limit = find_memory_limit()
    need = WITH_BROWSER if renders(case) else LEAST_MEMORY
    if limit < need:
        yield warning(
            f"{decimal(limit)} may be used, {decimal(need)} are needed for what is watched",
            "Raise the limit (MemoryMax, mem_limit, ulimit -v): what runs out of it is killed in the middle.",
        )
    else:
        yield ok(f"{decimal(limit)} may be used")


def find_memory_limit() -> int:
    """Bytes: the least of what the machine has, the container may, and the process may."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    limits += [int(text) for path in LIMITS if path.is_file() and (text := path.read_text().strip()).isdecimal()]
    limits += [resource.getrlimit(resource.RLIMIT_AS)[0]]
    return min(each for each in limits if each != resource.RLIM_INFINITY)


def renders(case: Case) -> bool:
    """Whether anything that is watched needs a browser."""
    return bool(case.declared and any(each.enabled and each.render for each in case.declared.sources))


def check_browser(case: Case) -> Iterator[Finding]:
    if not renders(case):
        yield ok("no source needs one")
        return
    found = case.config.chromium or next(filter(None, map(shutil.which, BROWSERS)), None) or _find_own(case)
    if not find_spec(EXTRAS["browser"]) or not found:
        yield failed(
            "sources need a browser (render: true), and there is none: they cannot be read",
            'Install one: pip install "policy-monitor[browser]" && playwright install chromium (docs/browser.md).',
        )
    elif not shutil.which(found):
        yield failed(f"{found} cannot be started: it is not there, or no program", "Mend MONITOR_CHROMIUM.")
    else:
        yield ok(found)


def _find_own(case: Case) -> str | None:
    """The Chromium that Playwright has installed for itself."""
    folder = Path(case.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next((str(each) for each in sorted(folder.glob("chromium-*/chrome-linux*/chrome"))), None)


def check_extras(case: Case) -> Iterator[Finding]:
    missing = [name for name in _iter_needed(case) if not find_spec(EXTRAS[name])]
    for name in missing:
        yield failed(
            f"the extra [{name}] is not installed, and the configuration needs it",
            f'Install it: pip install "policy-monitor[{name}]"',
        )
    if not missing:
        installed = [name for name, module in EXTRAS.items() if find_spec(module)]
        yield ok(f"installed: {', '.join(installed) or 'none'}; no other is needed")


def _iter_needed(case: Case) -> Iterator[str]:
    """That of browsers has a check of its own."""
    audiences = case.declared.audiences if case.declared else ()
    if any(way.startswith(APPRISE) for each in audiences for way in each.send_to):
        yield "notify"
    if case.config.web.oidc:
        yield "oidc"


def _find_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of the system"
