"""Whether an answer can be the next text of a document that is known."""

import pytest

from extract.answers import POLICY, as_markdown
from monitor.errors import ExtractionError
from monitor.extract import read
from monitor.extract.continuity import check_continuity
from monitor.model import Extract, ProblemKind

SOFT_404, SHRUNK, WRONG_LANGUAGE = ProblemKind.SOFT_404, ProblemKind.SHRUNK, ProblemKind.WRONG_LANGUAGE
URL = "https://www.example.com/legal/rules"
OTHER = (
    "# Welcome\nMeet the people who build our products. We hire engineers, designers and writers in twelve cities, and"
    " our newest office opens in spring with room for two hundred."
)
GERMAN = (
    "# Regeln\nSie dürfen den Dienst nicht nutzen, um anderen zu schaden. Wir entfernen solche Inhalte, wenn wir sie"
    " finden oder wenn sie uns gemeldet werden, und nennen die Regel, gegen die sie verstoßen."
)


def page(text: str, language: str = "") -> Extract:
    found = read(as_markdown(text), "text/markdown")
    return Extract(found.title, found.blocks, language)


def doubt_of(before: str, after: Extract, **options) -> ExtractionError | None:
    try:
        check_continuity(page(before).blocks if before else (), after, **options)
    except ExtractionError as doubt:
        return doubt
    return None


def problem_of(before: str, after: str, **options) -> ProblemKind | None:
    doubt = doubt_of(before, page(after), **options)
    return doubt.problem if doubt else None


ELSEWHERE = [
    "https://www.example.com/",
    "https://www.example.com/en-gb/",
    "https://example.com/index.html",
    "https://www.example.com/legal",
    "https://www.example.com/login?next=/legal/rules",
    "https://www.example.com/accounts/sign-in",
    "https://www.example.com/404",
    "https://www.example.com/legal/not-found.html",
    "https://consent.example.com/consent?continue=x",
    "https://www.other.example/legal/rules",
    "https://validate.guard.example/challenge",
]
SAME = [
    URL,
    "http://www.example.com/legal/rules",
    "https://example.com/legal/rules/",
    "https://help.example.com/legal/rules",
    "https://www.example.com/en-GB/legal/rules",
    "https://www.example.com/intl/legal/rules.html",
    "https://www.example.com/legal/rules?hl=en#top",
    "https://www.example.com/legal/community-rules",
    "https://www.example.com/policies/rules",
    "",
]


@pytest.mark.parametrize("final_url", ELSEWHERE)
def test_an_unlike_text_from_elsewhere_is_a_soft_404(final_url: str) -> None:
    doubt = doubt_of(POLICY, page(OTHER), url=URL, final_url=final_url)
    assert doubt is not None
    assert (doubt.problem, doubt.mark) == (SOFT_404, f"soft-404: {final_url}")


@pytest.mark.parametrize("final_url", SAME)
def test_a_rewrite_at_the_same_address_is_left_alone(final_url: str) -> None:
    assert problem_of(POLICY, OTHER, url=URL, final_url=final_url) is None


@pytest.mark.parametrize("final_url", ELSEWHERE)
def test_a_known_text_is_welcome_from_anywhere(final_url: str) -> None:
    assert problem_of(POLICY, f"{POLICY}\n{OTHER}", url=URL, final_url=final_url) is None


@pytest.mark.parametrize(
    ("url", "final_url", "problem"),
    [
        (URL, "https://www.example.com/", SOFT_404),
        (URL, "https://www.example.com/login", SOFT_404),
        (URL, "https://www.other.example/legal/rules", None),
        (URL, "https://www.example.com/legal", None),
        ("https://www.example.com/", "https://www.example.com/en/", None),
        ("https://www.example.com/login/terms", "https://www.example.com/login/terms-of-use", None),
        ("https://www.gov.example.gov.uk/a", "https://www.other.gov.uk/a", None),
    ],
)
def test_a_first_answer_is_doubted_only_where_no_document_lives(
    url: str, final_url: str, problem: ProblemKind | None
) -> None:
    assert problem_of("", OTHER, url=url, final_url=final_url) is problem


def test_two_publishers_under_one_national_suffix_are_two() -> None:
    answer = {"url": "https://one.gov.uk/rules", "final_url": "https://two.gov.uk/rules"}
    assert problem_of(POLICY, OTHER, **answer) is SOFT_404


def test_another_language_is_doubted_by_its_name() -> None:
    doubt = doubt_of(POLICY, page(GERMAN))
    assert doubt is not None
    assert (doubt.problem, doubt.mark) == (WRONG_LANGUAGE, "wrong-language: de")


def test_where_the_text_is_too_short_the_declared_language_counts() -> None:
    doubt = doubt_of(POLICY, page("# 2026", language="fr-CA"))
    assert doubt is not None
    assert (doubt.problem, doubt.mark) == (WRONG_LANGUAGE, "wrong-language: fr")


@pytest.mark.parametrize(
    "after",
    [
        POLICY.replace("harm", "harass").replace("rule", "norm"),
        f"{POLICY}\n{GERMAN}",
        POLICY.replace("content", "colour programme behaviour"),
    ],
)
def test_the_same_language_is_left_alone(after: str) -> None:
    assert problem_of(POLICY, after) is None


HEADINGS = "\n".join(block for block in POLICY.split("\n") if block.startswith("#"))
PARTS = POLICY.split("\n")


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("\n".join(PARTS[:6]), id="the end is missing"),
        pytest.param(HEADINGS, id="headings without their text"),
        pytest.param("\n".join([*PARTS[:4], *PARTS[4::2]]), id="the first section and the headings of the others"),
        pytest.param(PARTS[-2], id="a last heading"),
    ],
)
def test_a_text_cut_as_pages_load_in_part_has_shrunk(after: str) -> None:
    doubt = doubt_of(POLICY, page(after))
    assert doubt is not None
    assert doubt.problem is SHRUNK
    assert doubt.mark.startswith("shrunk: ")
    assert len(doubt.mark) == len("shrunk: 0123456789ab")


@pytest.mark.parametrize(
    "after",
    [
        pytest.param("\n".join(PARTS[:14]), id="half of it"),
        pytest.param("\n".join(["Updated on 4 March 2026 to say less in fewer words.", *PARTS[:4]]), id="a new date"),
        pytest.param("\n".join([*PARTS[2:4], *PARTS[12:14]]), id="two sections of twelve"),
        pytest.param("# Rules\nBe kind to others. We remove what harms them.", id="a rewrite in two sentences"),
        pytest.param("# Rules\nThis policy was withdrawn on 4 March 2026.", id="a withdrawal"),
    ],
)
def test_a_shortened_policy_is_left_alone(after: str) -> None:
    assert problem_of(POLICY, after) is None


def test_a_short_text_may_lose_most_of_its_words() -> None:
    assert problem_of("\n".join(PARTS[:4]), "\n".join(PARTS[:2])) is None


def test_the_mark_of_a_shrunken_text_is_that_of_this_text_alone() -> None:
    cuts = [doubt_of(POLICY, page("\n".join(PARTS[:length]))) for length in (4, 4, 6)]
    first, again, other = [doubt.mark for doubt in cuts if doubt]
    assert first == again != other


@pytest.mark.parametrize(
    ("after", "address"),
    [(OTHER, ELSEWHERE[0]), (GERMAN, ""), ("\n".join(PARTS[:6]), ""), (GERMAN, ELSEWHERE[-1])],
)
def test_doubts_that_a_person_overruled_do_not_return(after: str, address: str) -> None:
    accepted: set[str] = set()
    while doubt := doubt_of(POLICY, page(after), url=URL, final_url=address, accepted=accepted):
        assert doubt.mark not in {"", *accepted}
        accepted.add(doubt.mark)
    assert accepted
