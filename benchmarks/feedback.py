"""What matching learns from people: a stream of confirmations and rejections, and how well it ranks afterwards.

    python benchmarks/feedback.py [--set FOLDER] [--seeds 3] [--lexical]

The queries of the set are shuffled. For each of the first two thirds ten sections are shown, as the matcher ranks them
with what it remembers by then; each is confirmed where the gold has its SOP, rejected where not. The last third is
then ranked without memory (static) and with it. Prints the means over the seeds: nDCG@10 and recall@5 of the SOPs (each
by its best section), and the expected calibration error (ECE) of the probabilities shown in the last third. Exit status
1 where nDCG@10 rises by less than 0.04.

Then what recalibrating brings: the first so many decisions of a stream give the new intercept, and the ECE of all that
was shown after them is printed, as it was shown and as it would have been, without memory (the mean of 40 orders of the
queries) and with it. It cannot be 0: the ten bins of 30 queries have an ECE of .1 by chance alone.

FOLDER has sections.jsonl ({"id", "sop", "title", "text"}), queries.jsonl ({"id", "text", "source"?}) and gold.jsonl
({"query", "target", "grade"}, targets are SOPs); queries that name no source are each from one of their own. Without
FOLDER a set is invented in which the rules and the procedures use
different words for the same things. --lexical leaves the sentence model out.

Does not do: choosing weights; sets whose queries have a library each.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from monitor.compare.citations import find_citations
from monitor.impact import NO_MEMORY, SHIPPED, Asked, Memory, build_index, load_meaning, match
from monitor.impact.calibration import recalibrate, to_odds, to_probability
from monitor.impact.memory import Decided
from monitor.language import find_language
from monitor.model import ChangeKind, Judgement, Passage, PassageOp, Section, Severity, Sop
from monitor.store.decisions import sum_stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.impact import Index, Meaning
    from monitor.model import Impact

SHOWN = 10
RANKED = 60
"""Sections asked for, so that ten SOPs are among them."""
RECALIBRATED_ON = (30, 100, 300)
"""Decisions."""
ORDERS = 40
GOAL = 0.04
SUBJECTS = (
    ("refund money back", "reimbursement repayment"),
    ("child minor", "juvenile underage"),
    ("password login", "credential authentication"),
    ("leaver offboarding", "termination separation"),
    ("backup restore", "recovery continuity"),
    ("visitor badge", "physical admission"),
    ("laptop disk", "endpoint encryption"),
    ("vendor supplier", "processor subcontractor"),
    ("bug patch", "vulnerability remediation"),
    ("cookie banner", "consent tracking"),
    ("takedown notice", "removal order"),
    ("risk list", "threat assessment"),
)
"""What an invented procedure calls a thing, and what the rules call it."""


@dataclass(frozen=True, slots=True)
class Query:
    """One rule text with the SOPs that it touches, by grade."""

    asked: Asked
    stems: Mapping[str, float]
    gold: Mapping[str, int]


class Scores(NamedTuple):
    """Of one ranking, or the means of many."""

    ndcg: float
    recall: float


Answers = Sequence[tuple[Sequence["Impact"], Query]]
Shown = Sequence[tuple[float, bool]]
"""Log-odds of what people saw, and whether they confirmed it."""


class Run(NamedTuple):
    """What one order of the queries gave: measures by name, and what was shown over the first two thirds."""

    measures: dict[str, float]
    shown: Shown


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--set", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--lexical", action="store_true")
    options = parser.parse_args()
    sops, queries = read_set(options.set) if options.set else invent_set()
    matcher = Matcher(build_index(sops), None if options.lexical else load_meaning())
    began = time.monotonic()
    runs = [replay(matcher, queries, seed) for seed in range(options.seeds)]
    means = {name: fmean(run.measures[name] for run in runs) for name in runs[0].measures}
    for name, mean in means.items():
        print(f"{name:<28}{mean:.3f}")
    answers = [list(_judge_all([(matcher.match(query), query)])) for query in queries]
    orders = [random.Random(seed).sample(answers, len(answers)) for seed in range(ORDERS)]
    print_recalibrated("static", [list(chain.from_iterable(each)) for each in orders])
    print_recalibrated("with memory", [run.shown for run in runs])
    gain = means["nDCG@10 with memory"] - means["nDCG@10 static"]
    print(f"{len(queries)} queries, {options.seeds} seeds, {time.monotonic() - began:.0f} s: nDCG@10 {gain:+.3f}")
    return 0 if gain >= GOAL else 1


@dataclass(frozen=True, slots=True)
class Matcher:
    index: Index
    meaning: Meaning | None

    def match(self, query: Query, memory: Memory = NO_MEMORY) -> tuple[Impact, ...]:
        return match(query.asked, self.index, self.meaning, memory, most=RANKED)


def print_recalibrated(name: str, streams: Sequence[Shown]) -> None:
    for count in RECALIBRATED_ON:
        rests = [recalibrate_rest(each, count) for each in streams if len(each) > 1.5 * count]
        if rests:
            before, after = (fmean(map(find_ece, each)) for each in zip(*rests, strict=True))
            print(f"ECE {name}, after {count} decisions: {before:.3f}, recalibrated {after:.3f}")


def recalibrate_rest(shown: Shown, count: int) -> tuple[Shown, Shown]:
    """What was shown after the first `count` decisions, and as it would have been with the intercept they give."""
    shift = recalibrate(SHIPPED, shown[:count]).joined.bias - SHIPPED.joined.bias
    return shown[count:], [(odds + shift, is_right) for odds, is_right in shown[count:]]


def replay(matcher: Matcher, queries: Sequence[Query], seed: int) -> Run:
    order = random.Random(seed).sample(queries, len(queries))
    cut = len(order) * 2 // 3
    decided: list[Decided] = []
    seen: list[tuple[float, bool]] = []
    for query in order[:cut]:
        found = matcher.match(query, Memory(decided))[:SHOWN]
        decided += [_decide(query, each) for each in found]
        seen += _judge_all([(found, query)])
    memory, last = Memory(decided), order[cut:]
    static = [(matcher.match(query), query) for query in last]
    learned = [(matcher.match(query, memory), query) for query in last]
    before, after = mean_scores(static), mean_scores(learned)
    measures = {
        "nDCG@10 static": before.ndcg,
        "nDCG@10 with memory": after.ndcg,
        "recall@5 static": before.recall,
        "recall@5 with memory": after.recall,
        "ECE static": find_ece(list(_judge_all(static))),
        "ECE with memory": find_ece(list(_judge_all(learned))),
    }
    return Run(measures, seen)


def _decide(query: Query, impact: Impact) -> Decided:
    is_confirmed = impact.sop_id in query.gold
    return Decided(query.asked.source_id, impact.section_id, is_confirmed, query.stems, impact.sop_id)


def _judge_all(answers: Answers) -> Iterator[tuple[float, bool]]:
    """What people see of these answers."""
    for found, query in answers:
        yield from ((to_odds(each.probability), each.sop_id in query.gold) for each in found[:SHOWN])


def mean_scores(answers: Answers) -> Scores:
    scores = [score(found, query.gold) for found, query in answers]
    return Scores(fmean(each.ndcg for each in scores), fmean(each.recall for each in scores))


def score(found: Sequence[Impact], gold: Mapping[str, int]) -> Scores:
    """An SOP ranks by its best section."""
    ranked = list(dict.fromkeys(each.sop_id for each in found))
    ideal = sorted(gold.values(), reverse=True)[:10]
    dcg = find_dcg([gold.get(sop_id, 0) for sop_id in ranked[:10]])
    return Scores(dcg / find_dcg(ideal), len(set(ranked[:5]) & set(gold)) / len(gold))


def find_dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def find_ece(shown: Shown) -> float:
    """The expected calibration error, in ten bins of equal width."""
    bins: defaultdict[int, float] = defaultdict(float)
    for odds, is_right in shown:
        probability = to_probability(odds)
        bins[min(9, int(probability * 10))] += probability - is_right
    return sum(map(abs, bins.values())) / max(1, len(shown))


def read_set(folder: Path) -> tuple[list[Sop], list[Query]]:
    gold: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in iter_rows(folder / "gold.jsonl"):
        gold[row["query"]][row["target"]] = row["grade"]
    sections = [
        Section(row["id"], row["sop"], (row["title"],), row["text"]) for row in iter_rows(folder / "sections.jsonl")
    ]
    rows = list(iter_rows(folder / "queries.jsonl"))
    return make_sops(sections), [make_query(row["text"], row.get("source", row["id"]), gold[row["id"]]) for row in rows]


def iter_rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def make_sops(sections: Sequence[Section]) -> list[Sop]:
    ordered = sorted(sections, key=lambda each: each.sop_id)
    return [
        Sop(sop_id, title="", owner="", path="", sections=tuple(same))
        for sop_id, same in groupby(ordered, lambda each: each.sop_id)
    ]


def make_query(text: str, source_id: str, gold: Mapping[str, int]) -> Query:
    passages = tuple(Passage(PassageOp.ADDED, (), "", line) for line in text.split("\n") if line.strip())
    judgement = Judgement(ChangeKind.SUBSTANTIVE, "", Severity.MEDIUM, "", passages, find_citations(text))
    return Query(Asked(judgement, source_id, language=find_language(text)), sum_stems(passages), gold)


def invent_set() -> tuple[list[Sop], list[Query]]:
    """Every rule has one word of the procedure that it touches, one of another, two of its own, and what all share."""
    rng = random.Random(4)
    sections = []
    for number, (ours, _) in enumerate(SUBJECTS):
        for part in range(2):
            text = (
                f"The desk handles every {ours} case, step {part}, before the end of the week and keeps a note of it."
            )
            sections.append(Section(f"sop-{number}#{part}", f"sop-{number}", (f"Step {part}",), text))
    queries = []
    for _ in range(90):
        number, misleading = rng.sample(range(len(SUBJECTS)), 2)
        theirs = SUBJECTS[number][1]
        hint, other = rng.choice(SUBJECTS[number][0].split()), rng.choice(SUBJECTS[misleading][0].split())
        text = f"Handle every {other} case and every {hint} case before the end of the week: {theirs}."
        queries.append(make_query(text, "", {f"sop-{number}": 1}))
    return make_sops(sections), queries


if __name__ == "__main__":
    sys.exit(main())
