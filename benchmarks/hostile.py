"""What nasty publishers cost, one by one and at full size: outcome, memory, time, and whether a good neighbour is read.

    python benchmarks/hostile.py [--only feed-] [--small]

Each case of `tests/nasty/cases.py` and `tests/nasty/forged.py` is played by itself, beside two good neighbours, with
real sockets, crawl process, reader and store, under the address guard. It ends with 1 if an outcome is another than the
one listed, a neighbour is not read, somebody came where nobody may come, or a limit of memory or time is broken.

Does not do: comparing with others; the rules themselves (`tests/crawl/test_nasty.py`).
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import structlog

from monitor.crawl.work import Patience
from nasty.cases import Case, list_cases, list_good
from nasty.forged import forged
from nasty.world import Visit, World

PATIENCE = Patience(answer_s=15, retries=0)
READING_S = 6
CRAWL_MB = 400
READING_MB = 2048
"""What the processes are given (`monitor.reading`, `monitor.crawl.child`); a crawl serves many, and gets less here."""
CRAWL_S = 2 * PATIENCE.answer_s + 15
"""Once more for robots.txt, and for the start of a process on a busy machine."""
READ_S = 3 * (READING_S + 15)
"""For the case and two neighbours, each with the start of a worker."""


def list_faults(case: Case, neighbours: list[Case], visit: Visit) -> list[str]:
    """What is not as it should be."""
    found = visit.problems.get(case.name)
    faults = {
        "outcome": (found.kind if found else None) != case.becomes or bool(found) == (case.name in visit.texts),
        "neighbour": not all(each.says in visit.texts.get(each.name, "") for each in neighbours),
        "canary": visit.canaries > 0,
        "memory": visit.peaks["crawl"] > CRAWL_MB or visit.peaks["reading"] > READING_MB,
        "time": visit.crawl_s > CRAWL_S or visit.read_s > READ_S,
        "failure": bool(visit.failures),
    }
    return [name for name, is_so in faults.items() if is_so]


def play(world: World, case: Case, number: int) -> bool:
    """One visit to one case, and its line of the table. Whether all was well."""
    neighbours = list_good(number)
    visit = world.see([case, *neighbours])
    faults = list_faults(case, neighbours, visit)
    problem = visit.problems.get(case.name)
    print(
        f"{case.name:<28} {problem.kind if problem else 'read':<16} {visit.peaks['crawl']:>5.0f} "
        f"{visit.peaks['reading']:>5.0f} {visit.crawl_s:>6.1f} {visit.read_s:>6.1f}  {', '.join(faults) or 'well'}",
        flush=True,
    )
    return not faults


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--only", default="", help="cases whose name begins so")
    options.add_argument("--small", action="store_true", help="the sizes of the tests")
    chosen = options.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"{'case':<28} {'outcome':<16} crawl  read  crawl   read\n{'':<45} {'MB':>5} {'MB':>5} {'s':>6} {'s':>6}")
    with TemporaryDirectory() as name, forged(Path(name)) as (forgers, anchor):
        os.environ["SSL_CERT_FILE"] = str(anchor)
        with World(Path(name), PATIENCE, READING_S) as world:
            cases = [*list_cases(world.inside, full=not chosen.small), *forgers]
            wanted = [each for each in cases if each.name.startswith(chosen.only)]
            well = [play(world, each, number) for number, each in enumerate(wanted)]
    print(f"{len(well)} cases, {well.count(False)} not well")
    sys.exit(0 if all(well) else 1)


if __name__ == "__main__":
    main()
