"""What a forked command starts (`scenarios.world`) is forked from it as well, for the same reason: crawls and commands.

They do what they always do, in a process of their own, with the streams, the environment and the limits that they were
given. How they come to be otherwise is tested in tests/crawl. A reader is started as ever: its pool has threads, and a
fork of a process with threads can wait for ever for a lock that one of them held.
"""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import tempfile
import traceback
from functools import partial
from importlib import import_module
from multiprocessing import resource_tracker

MAINS = {"monitor": "monitor.cli", "monitor.crawl.child": "monitor.crawl.child"}
"""What `python -m` runs of this program: the modules that have its `main`."""


class Forked(subprocess.Popen):
    """As ever; but what would be this program again is no new interpreter: all that it would import is there."""

    def __init__(self, command, *, env=None, **options):
        words = command[command.index("-m") + 1 :] if command[0] == sys.executable and "-m" in command else [""]
        if words[0] in MAINS:
            options |= {"preexec_fn": partial(_become, words, os.environ if env is None else env)}
            options |= {"restore_signals": False}  # Python ignores some, and a new interpreter would do so again
        super().__init__(command, env=env, **options)


def fork_what_is_started():
    """From now on, in this process and in those that it starts."""
    subprocess.Popen = Forked


def _become(words, environment):
    """Never returns, for there is no other program to become."""
    _begin_anew(words, dict(environment))
    status = 1
    try:
        import_module(MAINS[words[0]]).main()
        status = 0
    except SystemExit as ended:
        status = ended.code or 0
    finally:
        if status == 1 and (raised := sys.exc_info()[1]):
            traceback.print_exception(raised)
        sys.stdout.flush()
        os._exit(status)


def _begin_anew(words, environment):
    """As a new interpreter: with nothing of the command's that is open or set."""
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    gc.freeze()  # what the command had opened is not closed once more, by numbers that others have now
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(words)
    sys.stdin = os.fdopen(0, closefd=False)  # those of before would close what is the new ones'
    sys.stdout, sys.stderr = (os.fdopen(number, "w", 1, closefd=False) for number in (1, 2))
    logging.getLogger().handlers.clear()
    tempfile.tempdir = None
    resource_tracker._resource_tracker.__init__()  # that of the command is reached by a number which is closed
