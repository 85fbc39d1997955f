"""The largest memory that each process below this one ever had, while a block runs. Linux only: it reads /proc.

    with Watch() as watch: ...
    watch.peaks["crawl"], watch.peaks["reading"]        # MB

Does not do: processes that live for less than a look (0.1 s).
"""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Self

PROC = Path("/proc")
LOOK_S = 0.1
ROLES = {b"nasty.child": "crawl", b"spawn_main": "reading"}
"""What stands in the command line of each sort of process."""


class Watch:
    def __init__(self) -> None:
        self.peaks = {"crawl": 0.0, "reading": 0.0}
        """MB of physical memory, the largest of any process of the sort."""
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(LOOK_S):
            for process in _children(os.getpid()):
                self._note(process)

    def _note(self, process: str) -> None:
        try:
            command = (PROC / process / "cmdline").read_bytes()
            status = (PROC / process / "status").read_text()
        except OSError:  # gone meanwhile
            return
        role = next((name for words, name in ROLES.items() if words in command), "")
        peak = next((line for line in status.splitlines() if line.startswith("VmHWM")), "")
        if role and peak:
            self.peaks[role] = max(self.peaks[role], int(peak.split()[1]) / 1000)


def _children(parent: int) -> list[str]:
    return [stat.parent.name for stat in PROC.glob("[0-9]*/stat") if _parent_of(stat) == parent]


def _parent_of(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:  # gone meanwhile
        return 0
