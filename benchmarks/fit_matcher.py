"""Fit the coefficients of `monitor/impact/weights.py` and show how they do on libraries that they have not seen.

    python benchmarks/fit_matcher.py --root FOLDER [--lexical]

FOLDER holds a folder for each set of rule texts with known procedures: sections.jsonl ({"id", "sop", "title", "text"}),
queries.jsonl ({"id", "text"}), gold.jsonl ({"query", "target" (an SOP), "grade"}); a query may name a `group` (only
sections of that group stand in its library) and an SOP to `drop`.

The proportions of the measures are set by hand (`PROPORTIONS`): free, they rank worse than so (nDCG@10 .56 against .59
on 283 rules), because they say nearly the same. What is fitted is what calibrates: their scale, the level, the bias.
Each set counts the same. Printed are, for each set, nDCG@10 and recall@5 of the likeness and of what it is made of, and
the calibration error (ECE) of the ten best SOPs: fitted on all sets, on all others, and with a new intercept after 100
decisions.

Does not do: writing the numbers into the product.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitor.impact import SHIPPED, Meaning, build_index, load_meaning
from monitor.impact.calibration import recalibrate, to_probability
from monitor.impact.likeness import Setting, compare
from monitor.impact.query import build_questions
from monitor.model import Passage, PassageOp, Section, Sop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.impact.weights import Coefficients, Measures

PROPORTIONS = {
    False: {"words": 1.0, "phrases": 0.4, "feedback": 0.6, "support": 0.5, "meaning": 4.5, "heading": 1.5},
    True: {"words": 1.0, "phrases": 0.2, "feedback": 0.5, "support": 0.3, "meaning": 0.0, "heading": 0.0},
}
"""With a sentence model, and without (--lexical)."""
SHOWN = 10
DECISIONS = 100
DRAWS = 20


@dataclass(frozen=True)
class Answer:
    """What stands for one query: its SOPs with the measures of each section of theirs, and which are right."""

    sections: list[tuple[str, Measures]]
    gold: dict[str, int]

    def best(self, coefficients: Coefficients) -> list[tuple[str, Measures]]:
        """Each SOP with its best section, best first."""
        best: dict[str, Measures] = {}
        for sop_id, measures in sorted(self.sections, key=lambda each: -coefficients.odds(each[1])):
            best.setdefault(sop_id, measures)
        return list(best.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--sets", nargs="*", help="Only these folders of it; leave out what is not in English.")
    parser.add_argument("--lexical", action="store_true", help="Without a sentence model.")
    options = parser.parse_args()
    names = options.sets or sorted(each.parent.name for each in options.root.glob("*/gold.jsonl"))
    meaning = None if options.lexical else load_meaning()
    sets = {name: list(_answer(options.root / name, meaning)) for name in names}
    fitted = fit(sets, lexical=options.lexical)
    print(fitted)
    for name, answers in sets.items():
        others = {other: each for other, each in sets.items() if other != name}
        unseen = fit(others, lexical=options.lexical) if others else fitted
        print(f"{name}: {_describe(answers, fitted, unseen)}")


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _answer(folder: Path, meaning: Meaning | None) -> Iterator[Answer]:
    gold: dict[str, dict[str, int]] = defaultdict(dict)
    for row in _read(folder / "gold.jsonl"):
        gold[row["query"]][row["target"]] = row["grade"]
    sections, queries = _read(folder / "sections.jsonl"), _read(folder / "queries.jsonl")
    for group in sorted({query.get("group") for query in queries}, key=str):
        index = build_index(_library([each for each in sections if group is None or each.get("group") == group]))
        setting = Setting(index, meaning, "en", SHIPPED)
        for query in queries:
            if query.get("group") == group:
                yield _measure(query, setting, gold[query["id"]])


def _library(rows: list[dict[str, Any]]) -> list[Sop]:
    rows = sorted(rows, key=lambda row: row["sop"])
    sections = [Section(row["id"], row["sop"], tuple(row["title"].split(" \u203a ")), row["text"]) for row in rows]
    return [
        Sop(sop_id, "", "", "", sections=tuple(each))
        for sop_id, each in groupby(sections, key=lambda each: each.sop_id)
    ]


def _measure(query: dict[str, Any], setting: Setting, gold: dict[str, int]) -> Answer:
    passages = [Passage(PassageOp.ADDED, (), "", line) for line in query["text"].split("\n") if line.strip()]
    found: list[tuple[str, Measures]] = []
    for question in build_questions(passages):
        for number, likeness in compare(question, setting, frozenset()).items():
            sop_id = setting.index.entries[number].sop.id
            if sop_id != query.get("drop"):
                found.append((sop_id, likeness.measures))
    return Answer(found, gold)


def fit(sets: dict[str, list[Answer]], *, lexical: bool) -> Coefficients:
    """The coefficients whose ten best SOPs of each query are calibrated best over all sets."""
    shipped = SHIPPED.lexical if lexical else SHIPPED.joined
    raw = replace(shipped, bias=0.0, level=0.0, **PROPORTIONS[lexical])
    features, right, weights = [], [], []
    for answers in sets.values():
        shown = [(each, sop in answer.gold) for answer in answers for sop, each in answer.best(raw)[:SHOWN]]
        features += [[raw.odds(each), 0.0 if lexical else each.level] for each, _ in shown]
        right += [is_right for _, is_right in shown]
        weights += [1000 / len(shown)] * len(shown)
    model = LogisticRegression(C=1e6, max_iter=5000).fit(features, right, sample_weight=weights)
    scale, level = (round(float(each), 2) for each in model.coef_[0])
    scaled = {name: round(scale * share, 2) for name, share in PROPORTIONS[lexical].items()}
    return replace(raw, bias=round(float(model.intercept_[0]), 2), level=level, **scaled)


def _describe(answers: list[Answer], fitted: Coefficients, unseen: Coefficients) -> str:
    alone = replace(fitted, **dict.fromkeys(PROPORTIONS[True], 0.0))
    systems = {"all": fitted, "words alone": replace(alone, words=1.0), "meaning alone": replace(alone, meaning=1.0)}
    ranked = {name: [[sop for sop, _ in answer.best(each)] for answer in answers] for name, each in systems.items()}
    ranked["rank fusion"] = [_fuse(*pair) for pair in zip(ranked["words alone"], ranked["meaning alone"], strict=True)]
    quality = ", ".join(
        f"{name} {_ndcg(answers, each):.3f}/{_recall(answers, each):.3f}" for name, each in ranked.items()
    )
    errors = (_ece(_shown(answers, fitted)), _ece(_shown(answers, unseen)), _ece_after_decisions(answers, fitted))
    return f"nDCG@10/recall@5 {quality}; ECE %.3f, unseen %.3f, after {DECISIONS} decisions %.3f" % errors


def _fuse(one: list[str], other: list[str]) -> list[str]:
    """Reciprocal rank fusion with the usual constant of 60."""
    scores: dict[str, float] = defaultdict(float)
    for ranked in (one, other):
        for rank, sop in enumerate(ranked, 1):
            scores[sop] += 1 / (60 + rank)
    return sorted(scores, key=lambda sop: -scores[sop])


def _ndcg(answers: list[Answer], ranked: list[list[str]]) -> float:
    def gain(grades: list[int]) -> float:
        return sum((2.0**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades[:10]))

    each = [
        gain([answer.gold.get(sop, 0) for sop in sops]) / gain(sorted(answer.gold.values(), reverse=True))
        for answer, sops in zip(answers, ranked, strict=True)
    ]
    return float(np.mean(each))


def _recall(answers: list[Answer], ranked: list[list[str]]) -> float:
    each = [
        len({*sops[:5]} & answer.gold.keys()) / len(answer.gold) for answer, sops in zip(answers, ranked, strict=True)
    ]
    return float(np.mean(each))


def _shown(answers: list[Answer], coefficients: Coefficients) -> list[tuple[float, bool]]:
    """The log-odds of each SOP shown, and whether it is right."""
    return [
        (coefficients.odds(measures), sop in answer.gold)
        for answer in answers
        for sop, measures in answer.best(coefficients)[:SHOWN]
    ]


def _ece(shown: list[tuple[float, bool]]) -> float:
    """Expected calibration error in ten bins of equal width."""
    bins: dict[int, float] = defaultdict(float)
    for odds, is_right in shown:
        probability = to_probability(odds)
        bins[min(9, int(probability * 10))] += probability - is_right
    return sum(map(abs, bins.values())) / len(shown)


def _ece_after_decisions(answers: list[Answer], coefficients: Coefficients) -> float:
    """The error on the rest, with the intercept of the first decisions; the mean over orders of the queries."""
    errors = []
    for seed in range(DRAWS):
        order = random.Random(seed).sample(answers, len(answers))
        shown = _shown(order, coefficients)
        weights = replace(SHIPPED, joined=coefficients)
        learned = recalibrate(weights, shown[:DECISIONS]).joined.bias - coefficients.bias
        errors.append(_ece([(odds + learned, is_right) for odds, is_right in shown[DECISIONS:]]))
    return float(np.mean(errors))


if __name__ == "__main__":
    main()
