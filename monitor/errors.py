"""Every exception that Policy Monitor raises itself, in one tree.

    MonitorError                  what a person can read and act on; the command line prints it without a traceback
    ├── ConfigurationError        an environment variable or option that cannot be used            exit 2
    │   ├── SourcesError          `sources.yaml`: every mistake at once, each with its line        exit 2
    │   ├── SopsError             the SOP folder or an export cannot be read                       exit 2
    │   └── GitError              git is not installed, or cannot read a repository                exit 2
    ├── NotFoundError             a change, document or source that does not exist                 exit 2
    ├── ExtractionError           these bytes cannot be read as what they claim to be              becomes a Problem
    ├── CrawlError                the crawl process itself failed, not one of its sources          exit 1
    ├── SignInError               the desk cannot tell who somebody is, or may not let them in     a page that says so
    ├── BackupError               a backup could not be made, and nothing is left of it            exit 1
    ├── EvidenceError             what is to be shown as evidence is not as it was sealed            exit 1
    ├── ServiceError              the service cannot go on now, and is to be started again         exit 1
    └── StoreError                the database cannot be opened or written                         exit 2
        ├── NewerDatabaseError    a newer program has written it                                   exit 2
        └── BusyError             another program holds the database                               exit 2

Expected failures of the outside world (a 404, a time-out, a bot wall, a channel that is gone) are not exceptions: they
are data on the Fetch, Problem or Delivery they belong to, and the work goes on.

Does not do: printing, logging, exit codes (that is `monitor.cli`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.model import ProblemKind


class MonitorError(Exception):
    """The message says what, which, why, and what to do."""


class ConfigurationError(MonitorError):
    """An environment variable or option that cannot be used."""


class SourcesError(ConfigurationError):
    """`sources.yaml` has mistakes; `mistakes` holds one line of text for each of them."""

    def __init__(self, path: str, mistakes: list[str]) -> None:
        self.path = path
        self.mistakes = mistakes
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        super().__init__(
            "\n".join(
                [f"{path}: {count}. Nothing is crawled until they are mended.", *(f"  {each}" for each in mistakes)]
            )
        )


class SopsError(ConfigurationError):
    """The SOP folder itself cannot be read. A single bad file is not this: it is named and the others load."""


class GitError(ConfigurationError):
    """git is not installed, or cannot or must not read a repository."""


class NotFoundError(MonitorError):
    """Something asked for by its id does not exist."""


class ExtractionError(MonitorError):
    """These bytes cannot be read as what they claim to be.

    `problem` is the kind of Problem to open; `advice` says what a person can do about it. `mark` names what gave rise
    to a doubt (`outage: try again later`), so that a person can overrule it for a source; "" = beyond doubt.
    """

    def __init__(self, problem: ProblemKind, detail: str, advice: str, mark: str = "") -> None:
        self.problem = problem
        self.detail = detail
        self.advice = advice
        self.mark = mark
        super().__init__(problem, detail, advice, mark)  # all of them, so that it can be sent from a worker process

    def __str__(self) -> str:
        return f"{self.problem}: {self.detail}. {self.advice}"


class CrawlError(MonitorError):
    """The crawl process itself failed, not one of its sources."""


class SignInError(MonitorError):
    """The desk cannot tell who somebody is, or may not let them in."""


class BackupError(MonitorError):
    """A backup could not be made, and nothing is left of it."""


class EvidenceError(MonitorError):
    """What is to be shown as evidence is not as it was sealed."""


class ServiceError(MonitorError):
    """The service cannot go on now. It may pass, or be mended: whoever keeps it running starts it again."""


class StoreError(MonitorError):
    """The database cannot be opened or written, or is no database."""


class NewerDatabaseError(StoreError):
    """A newer program has written the database, and this one would not understand it."""


class BusyError(StoreError):
    """Another program has been writing for longer than anybody waits."""
