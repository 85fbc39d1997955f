"""Which of the blocks that stand in one text only belong together: moved, reworded, split, joined, or nothing of it."""

import pytest

from compare.texts import paragraphs
from monitor.compare.alignment import pairing
from monitor.compare.alignment.blocks import align, find_passages
from monitor.compare.alignment.pairing import Place, affordable_share
from monitor.model import Block, BlockKind, PassageOp

ADDED, REMOVED, REWORDED, MOVED = PassageOp.ADDED, PassageOp.REMOVED, PassageOp.REWORDED, PassageOp.MOVED

STAYS = [
    "Everybody here is welcome.",
    "Harassment is not allowed.",
    "Report what you see to us.",
    "A person decides on it.",
]
LONG = "We keep what you send us for at most ninety days and then delete it from every system."


def rows(*texts):
    return [Block(BlockKind.ROW, text, ("Fees",)) for text in texts]


def found(before, after):
    return [(passage.op, passage.before, passage.after) for passage in find_passages(align(before, after))]


def test_a_block_that_moved_and_was_slightly_reworded_is_one_reworded_passage_at_its_new_place():
    other = LONG.replace("ninety", "thirty")
    assert found(paragraphs(LONG, *STAYS), paragraphs(*STAYS, other)) == [(REWORDED, LONG, other)]


def test_a_block_that_moved_and_says_something_else_now_is_removed_and_added():
    other = "We keep what you send us because an authority asked us to, and tell nobody about that."
    assert [op for op, _, _ in found(paragraphs(LONG, *STAYS), paragraphs(*STAYS, other))] == [REMOVED, ADDED]


def test_a_long_section_that_moved_is_one_passage_though_blocks_of_it_stand_elsewhere_too():
    section = [
        "Appeals and reviews",
        "Yes",
        "Ask the desk within a month of it.",
        "Yes",
        "A second person looks at it.",
    ]
    before, after = paragraphs(*section, "Yes", *STAYS, "Yes", LONG), paragraphs("Yes", *STAYS, "Yes", LONG, *section)
    (moved,) = found(before, after)
    assert moved == (MOVED, "\n".join(section), "\n".join(section))


@pytest.mark.parametrize("slight", ["Yes", "No", "|", "12", "$5", "\u662f"])
def test_a_slight_block_that_stands_elsewhere_now_did_not_move(slight):
    assert [op for op, _, _ in found(paragraphs(slight, *STAYS), paragraphs(*STAYS, slight))] == [REMOVED, ADDED]


def test_a_heading_that_stands_there_twice_did_not_move_from_one_place_to_another():
    before = paragraphs("Example one", *STAYS, LONG, "Example one")
    after = paragraphs(*STAYS, "Example one", LONG, "Example one")
    assert [op for op, _, _ in found(before, after)] == [REMOVED, ADDED]


@pytest.mark.parametrize("point", ["Hate speech", "Nudity", "\u4ec7\u6068\u8a00\u8bba"])
def test_a_point_of_a_list_that_stands_in_another_place_of_it_moved(point):
    assert [op for op, _, _ in found(paragraphs(point, *STAYS), paragraphs(*STAYS, point))] == [MOVED]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Last updated: 3 May 2024", "Last updated: 1 June 2025"),
        ("Effective May 11, 2023", "Effective January 1, 2026"),
        ("Stand: 1. Mai 2024", "Stand: 15. M\u00e4rz 2025"),
        ("Derni\u00e8re mise \u00e0 jour : 3 mai 2024", "Derni\u00e8re mise \u00e0 jour : 1 juin 2025"),
        ("Version 4.1", "Version 5.0"),
        ("Contact: Jane Doe", "Contact: Omar El-Sayed"),
        ("Minimum age: thirteen", "Minimum age: sixteen"),
    ],
)
def test_a_short_line_with_the_same_frame_is_reworded(before, after):
    old, new = paragraphs(STAYS[0], before, STAYS[1]), paragraphs(STAYS[0], after, LONG, STAYS[1])
    assert (REWORDED, before, after) in found(old, new)


def test_points_of_a_list_that_share_only_its_boilerplate_are_not_one_reworded():
    before = paragraphs("Content that promotes gambling", "Content that promotes smoking")
    after = paragraphs("Content that promotes weapons", "Content that promotes scams")
    assert [op for op, _, _ in found(before, after)] == [REMOVED, ADDED]


def test_a_point_of_a_list_with_a_word_of_its_own_is_reworded_also_among_new_ones():
    before = paragraphs("Content that promotes gambling")
    after = paragraphs("Content that promotes weapons", "Content that promotes or praises gambling")
    assert (REWORDED, "Content that promotes gambling", "Content that promotes or praises gambling") in found(
        before, after
    )


def test_points_of_a_list_in_which_only_numbers_changed_are_reworded_one_by_one():
    before = paragraphs("Strikes within 30 days", "Strikes within 60 days", "Strikes within 90 days")
    after = paragraphs("Strikes within 20 days", "Strikes within 40 days", "Strikes within 80 days")
    assert [op for op, _, _ in found(before, after)] == [REWORDED] * 3


def test_a_paragraph_that_was_split_and_reworded_is_one_passage():
    before = "Report harassment to the desk within a day. Keep what you saw for a year, as a copy."
    after = ["Report harassment to the desk within two days.", "Keep what you saw for a year, as a copy."]
    assert found(paragraphs(*STAYS[:2], before, STAYS[2]), paragraphs(*STAYS[:2], *after, STAYS[2])) == [
        (REWORDED, before, "\n".join(after))
    ]


def test_paragraphs_that_were_joined_and_reworded_are_one_passage():
    before = ["Name the account.", "Report harassment to the desk within a day.", "Keep what you saw for a year."]
    after = "Name the account. Report harassment to our desk within two days. Keep what you saw for a year."
    assert found(paragraphs(STAYS[0], *before, STAYS[2]), paragraphs(STAYS[0], after, STAYS[2])) == [
        (REWORDED, "\n".join(before), after)
    ]


def test_a_new_paragraph_beside_a_reworded_one_is_not_taken_for_a_part_of_it():
    before = "Report harassment to the desk within a day."
    after = ["Report harassment to the desk within two days.", "Photographs need the consent of all who can be seen."]
    assert [op for op, _, _ in found(paragraphs(before), paragraphs(*after))] == [REWORDED, ADDED]


def test_a_rule_that_stands_nearly_whole_in_a_much_longer_one_is_reworded():
    before = "We disclose data only where a request is based on a valid legal process or an emergency."
    after = before[:-1] + (
        " exists, which we judge by the law of the country, by the rights of all people concerned, by the harm that"
        " would be done if we waited, and by what other companies of our size were asked for in the year before."
    )
    assert [op for op, _, _ in found(paragraphs(before), paragraphs(after))] == [REWORDED]


def test_rows_are_paired_by_their_first_cell_though_all_else_changed():
    before = rows("Plan | Fee", "Basic | none | 10 users", "Team | 5 a month | 50 users")
    after = rows("Plan | Fee", "Solo | none | one user", "Team | 9 a quarter | no limit", "Firm | ask us | no limit")
    assert (REWORDED, "Team | 5 a month | 50 users", "Team | 9 a quarter | no limit") in found(before, after)


def test_rows_whose_first_cell_is_not_their_own_are_paired_by_the_first_two():
    before = rows("EU | Germany | 14 days", "EU | France | 7 days")
    after = rows("EU | France | one month", "EU | Spain | one month")
    assert (REWORDED, "EU | France | 7 days", "EU | France | one month") in found(before, after)


def test_a_row_inserted_among_many_similar_ones_is_one_passage():
    table = [f"Article {number} | fine of {number % 7} units | region {number % 11}" for number in range(2000)]
    new = "Article 1000a | fine of 3 units | region 5"
    assert found(rows(*table), rows(*table[:1000], new, *table[1000:])) == [(ADDED, "", new)]


def test_a_new_column_is_one_passage_with_a_line_for_each_row():
    table = [f"Plan {number} | {number} users" for number in range(30)]
    wider = [f"{row} | since {1990 + number}" for number, row in enumerate(table)]
    assert found(rows(*table), rows(*wider)) == [(REWORDED, "\n".join(table), "\n".join(wider))]


def count_comparisons(monkeypatch):
    compared = []
    extract = pairing.process.extract_iter

    def counting(wording, near, **options):
        compared.append(len(near))
        return extract(wording, near, **options)

    monkeypatch.setattr(pairing.process, "extract_iter", counting)
    return compared


def test_rows_that_all_changed_are_paired_with_their_neighbours_under_the_ceiling(monkeypatch):
    compared = count_comparisons(monkeypatch)
    before = paragraphs(*(f"row {number} costs nothing at all" for number in range(1000)))
    after = paragraphs(*(f"the row {number} costs something at all" for number in range(1000)))
    found = find_passages(align(before, after))
    assert [passage.op for passage in found] == [REWORDED] * 1000
    assert all(passage.before.split()[1] == passage.after.split()[2] for passage in found)
    assert sum(compared) <= 3 * pairing.MAX_PAIRS < 1000 * 1000


@pytest.mark.parametrize(
    ("sizes", "share"),
    [
        ([], 1.0),
        ([(10, 10, 20)], 1.0),
        ([(1000, 1000, 5)], pairing.MAX_PAIRS / 1_000_000),
        ([(250, 250, 5)] * 16, pairing.MAX_PAIRS / 1_000_000),
        ([(20, 20, 5000)], pairing.MAX_WORD_CELLS / 100_000**2),
    ],
)
def test_the_ceilings_of_work_hold_for_all_places_together(sizes, share):
    places = [
        Place(dict.fromkeys(range(old), "w" * words), dict.fromkeys(range(new), "w" * words))
        for old, new, words in sizes
    ]
    assert affordable_share(places) == pytest.approx(share)
