"""What holds for every two texts, and how much work any two texts can cause at most."""

import random
import re
from collections import Counter
from dataclasses import replace
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.texts import ANY_TEXT, BLOCKS, SENTENCES, TEXTS, paragraphs
from monitor.compare.alignment import blocks, pairing, sequences
from monitor.compare.alignment.blocks import align, find_passages, find_renumbered
from monitor.compare.alignment.words import fold, mark_words, strip_ordinal
from monitor.compare.kinds import compare
from monitor.extract import read
from monitor.model import Block, BlockKind, PassageOp

NEW, GONE = (PassageOp.ADDED, PassageOp.REWORDED), (PassageOp.REMOVED, PassageOp.REWORDED)
STAYING = (None, PassageOp.MOVED)


def wordings(text):
    return [strip_ordinal(fold(block.text)) for block in text if fold(block.text)]


@given(TEXTS)
def test_a_text_compared_with_itself_is_no_change(text):
    assert compare(text, list(text)) is None
    assert find_passages(align(text, list(text))) == ()


@given(TEXTS, TEXTS)
def test_the_old_text_with_the_steps_applied_is_the_new_text(before, after):
    steps = align(before, after)
    assert [block for step in steps for block in step.after if fold(block.text)] == [b for b in after if fold(b.text)]
    for step in steps:
        if step.op in STAYING and wordings(step.before) != wordings(step.after):
            assert fold(" ".join(b.text for b in step.before)) == fold(" ".join(b.text for b in step.after))


@given(TEXTS, TEXTS)
def test_every_old_block_stands_in_one_step_and_in_order_unless_it_is_told_elsewhere(before, after):
    accounted = [block for step in align(before, after) for block in step.before if fold(block.text)]
    assert Counter(accounted) == Counter(block for block in before if fold(block.text))
    kept = [block for step in align(before, after) if step.op is None for block in step.before]
    places = iter(before)
    assert all(block in places for block in kept)


PLAIN = st.lists(SENTENCES.map(lambda text: re.sub(r"[\d().]", "x", text)), max_size=10)


@given(PLAIN, PLAIN)
def test_the_old_words_without_those_that_went_and_with_those_that_came_are_the_new_words(before, after):
    passages = find_passages(align(paragraphs(*before), paragraphs(*after)))
    words = Counter(" ".join(before).split())
    words -= Counter(word for passage in passages if passage.op in GONE for word in passage.before.split())
    words += Counter(word for passage in passages if passage.op in NEW for word in passage.after.split())
    assert words == Counter(" ".join(after).split())


@given(st.lists(ANY_TEXT | SENTENCES, min_size=2, max_size=12), st.randoms())
def test_blocks_in_another_order_have_moved_and_nothing_else_happened(texts, chance: random.Random):
    before = paragraphs(*(f"Rule {chr(0x61 + number) * 4} {text}" for number, text in enumerate(texts)))
    after = chance.sample(before, len(before))
    passages = find_passages(align(before, after))
    assert {passage.op for passage in passages} <= {PassageOp.MOVED}
    assert bool(passages) == (before != after)


TYPOGRAPHY = {"'": "\u2019\u02bc", " ": "\u00a0\u2009\n", "-": "\u2013\u2011", '"': "\u201d\u201e\u00ab"}


@given(TEXTS, st.data())
def test_other_white_space_and_typographic_signs_are_no_passages(text, data):
    def vary(sign):
        return data.draw(st.sampled_from(sign + TYPOGRAPHY.get(sign, "")))

    after = [replace(block, text=f"{''.join(map(vary, block.text))}\u200b") for block in text]
    assert find_passages(align(text, after)) == ()


@given(st.lists(SENTENCES, min_size=1, max_size=5), st.data())
def test_other_entities_are_no_passages(texts, data):
    def spell(sign):
        return data.draw(st.sampled_from([escape(sign), f"&#{ord(sign)};", f"&#x{ord(sign):x};"]))

    plain = "".join(f"<p>{escape(text)}</p>" for text in texts)
    spelled = "".join(f"<p>{''.join(map(spell, text))}</p>" for text in texts)
    before, after = (read(f"<main>{page}</main>".encode(), "text/html").blocks for page in (plain, spelled))
    assert find_passages(align(before, after)) == ()


@given(TEXTS, st.integers(0, 8), st.sampled_from(BlockKind))
def test_a_block_that_came_or_went_is_one_passage(text, place, kind):
    block = Block(kind, "Zebras graze quietly beyond our fences")
    longer = [*text[:place], block, *text[place:]]
    (added,) = find_passages(align(text, longer))
    (removed,) = find_passages(align(longer, text))
    assert (added.op, added.before, added.after) == (PassageOp.ADDED, "", block.text)
    assert (removed.op, removed.before, removed.after) == (PassageOp.REMOVED, block.text, "")


@given(st.lists(ANY_TEXT.filter(fold), min_size=1, max_size=8, unique_by=fold), st.integers(1, 5))
def test_clauses_that_are_only_numbered_anew_are_no_passages(texts, by):
    before = paragraphs(*(f"{number}. Rule {text}" for number, text in enumerate(texts, 1)))
    after = paragraphs(*(f"{number}. Rule {text}" for number, text in enumerate(texts, 1 + by)))
    steps = align(before, after)
    assert find_passages(steps) == ()
    assert len(find_renumbered(steps)) == len(texts)


@given(st.lists(BLOCKS, max_size=4), st.binary(max_size=200))
def test_no_text_is_too_strange_to_be_compared(text, noise):
    strange = [Block(BlockKind.PARAGRAPH, line) for line in noise.decode("latin-1").split("\x00")]
    for before, after in ((text, strange), (strange, text), (strange, strange[::-1])):
        for passage in find_passages(align(before, after)):
            mark_words(passage.before, passage.after)


CHANCE = random.Random(3)
WORDS = ["".join(CHANCE.choices("abcdefghijkl", k=CHANCE.randint(2, 9))) for _ in range(2000)]
LINES = [" ".join(CHANCE.choices(WORDS, k=10)) for _ in range(4000)]
GIANT = " ".join(LINES)
ROWS = [f"Item {number} | costs {number % 7} | region {number % 11} | yes" for number in range(12_000)]
AWKWARD = {
    "repeated_lines": (["Do not post spam here"] * 9000, ["Do not post ads here", "Be kind"] * 5000),
    "one_giant_line": ([GIANT], [" ".join(CHANCE.sample(LINES, len(LINES)))]),
    "one_line_split": ([GIANT], [GIANT[at : at + 70] for at in range(0, len(GIANT), 70)]),
    "wholly_different": (LINES, [" ".join(CHANCE.choices(WORDS, k=10)) for _ in range(4000)]),
    "shuffled_lines": (LINES, CHANCE.sample(LINES, len(LINES))),
    "similar_rows": (ROWS, [f"{row} | new" for row in ROWS]),
    "one_word": (["word " * 100_000], ["word " * 99_000 + "other " * 1000]),
    "short_lines": (WORDS * 8, [f"{word}s" for word in WORDS] * 8),
}


@pytest.mark.parametrize("kind", [BlockKind.PARAGRAPH, BlockKind.ROW])
@pytest.mark.parametrize("name", AWKWARD)
def test_no_text_of_ordinary_size_causes_more_work_than_the_ceilings_allow(monkeypatch, name, kind):
    cells, compared = [], []
    find_longest, extract = sequences._find_longest, pairing.process.extract_iter

    def counting_cells(old, new, max_cells):
        cells.append(len(old) * len(new) if len(old) * len(new) <= max_cells else 0)
        return find_longest(old, new, max_cells)

    def counting_pairs(wording, near, **options):
        compared.append((len(near), len(wording) * sum(map(len, near))))
        return extract(wording, near, **options)

    monkeypatch.setattr(sequences, "_find_longest", counting_cells)
    monkeypatch.setattr(pairing.process, "extract_iter", counting_pairs)
    before, after = ([Block(kind, text) for text in side] for side in AWKWARD[name])
    blocks.align(before, after)
    everything = max(len(before), len(after))
    assert sum(cells) <= 2 * sequences.MAX_CELLS
    assert sum(pairs for pairs, _ in compared) <= 3 * pairing.MAX_PAIRS + 2 * (2 * pairing.NEAR + 1) * everything
    assert sum(words for _, words in compared) <= 3 * pairing.MAX_WORD_CELLS
