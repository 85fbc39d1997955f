"""The gate: what publishers answer instead of a page is told apart from pages, short ones too."""

import pytest

from extract.answers import POLICY, as_html, as_markdown, as_plain, iter_pages
from monitor.errors import ExtractionError
from monitor.extract import extract
from monitor.extract.quality import OVERRULE, kilobytes
from monitor.model import ProblemKind

BLOCKED, EMPTY, LOGIN, OUTAGE = ProblemKind.BLOCKED, ProblemKind.EMPTY, ProblemKind.LOGIN, ProblemKind.OUTAGE
SOFT_404 = ProblemKind.SOFT_404
ERROR_PAGES = list(iter_pages("errors.txt"))
ERROR_PARTS = [(problem, page) for problem, _, page in iter_pages("parts.txt")]
FOOTER = "".join(
    f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "About", "Careers", "Press", "Blog", "Help")
)


def doubt_of(body: bytes, media_type: str = "text/html", **options) -> ExtractionError | None:
    try:
        extract(body, media_type, charset="utf-8", **options)
    except ExtractionError as doubt:
        return doubt
    return None


def problem_of(body: bytes, media_type: str = "text/html", **options) -> ProblemKind | None:
    doubt = doubt_of(body, media_type, **options)
    return doubt.problem if doubt else None


@pytest.mark.parametrize(("problem", "title", "page"), ERROR_PAGES)
def test_an_error_page_is_no_document(problem: str, title: str, page: str) -> None:
    assert problem_of(as_html(page, title)) == problem


@pytest.mark.parametrize(("problem", "title", "page"), ERROR_PAGES)
def test_an_error_page_is_known_without_its_title(problem: str, title: str, page: str) -> None:
    assert problem_of(as_markdown(page), "text/markdown") == problem


@pytest.mark.parametrize(
    ("problem", "page"), [(problem, page) for problem, _, page in ERROR_PAGES if "](" not in page and problem != EMPTY]
)
def test_an_error_page_is_known_without_its_headings(problem: str, page: str) -> None:
    assert problem_of(as_plain(page), "text/plain") == problem


@pytest.mark.parametrize(("problem", "part"), ERROR_PARTS)
@pytest.mark.parametrize("order", ["{part}\n{policy}", "{policy}\n{part}", "{policy}\n{part}\n{policy}"])
def test_an_error_page_is_found_as_one_part_of_a_combined_text(problem: str, part: str, order: str) -> None:
    page = order.format(part=part, policy=POLICY)
    assert (problem_of(as_html(page)), problem_of(as_markdown(page), "text/markdown")) == (problem, problem)


@pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, _, page in iter_pages("real.txt")])
def test_a_real_page_is_left_alone(page: str) -> None:
    answers = [(as_html(page), "text/html"), (as_markdown(page), "text/markdown"), (as_plain(page), "text/plain")]
    assert [problem_of(*answer) for answer in answers] == [None, None, None]


@pytest.mark.parametrize(("problem", "title", "page"), ERROR_PAGES)
def test_the_same_words_within_a_policy_are_left_alone(problem: str, title: str, page: str) -> None:
    quoted = " ".join(page.split())
    assert problem_of(as_html(f"{POLICY}\nSome pages say: {quoted}")) is None


def test_a_doubt_that_a_person_overruled_does_not_return() -> None:
    body = as_html("# Page not found\nTry searching or go back to the homepage.", "Rules")
    doubt = doubt_of(body)
    assert doubt is not None
    assert (doubt.problem, doubt.mark) == (SOFT_404, "soft-404: page not found")
    assert doubt.advice.endswith(OVERRULE)
    assert doubt_of(body, accepted={doubt.mark}) is None
    assert problem_of(body, accepted={"soft-404: not found"}) is SOFT_404


@pytest.mark.parametrize(("problem", "title", "page"), ERROR_PAGES)
def test_every_doubt_about_words_can_be_overruled(problem: str, title: str, page: str) -> None:
    accepted: set[str] = set()
    while doubt := doubt_of(as_html(page, title), accepted=accepted):
        assert doubt.mark not in {"", *accepted}
        accepted.add(doubt.mark)


def test_an_answer_without_any_text_cannot_be_overruled() -> None:
    doubt = doubt_of(b"<body></body>")
    assert doubt is not None
    assert (doubt.problem, doubt.mark, OVERRULE in doubt.advice) == (EMPTY, "", False)


@pytest.mark.parametrize(
    "script",
    [
        "<script>window._cf_chl_opt = {}</script>",
        "<script src='https://geo.captcha-delivery.com/captcha/'></script>",
        "<div id='px-captcha'></div>",
        "<script>window.gokuProps = {}</script>",
        "<div id='sec-if-cpt-container'></div>",
        "<iframe src='/_Incapsula_Resource?a=1'></iframe>",
        "<script>KPSDK.start()</script>",
        "<script src='https://challenges.cloudflare.com/turnstile/v0/api.js'></script>",
    ],
)
def test_a_challenge_without_words_is_known_by_its_script(script: str) -> None:
    assert problem_of(f"<body>{script}<p>example.com</p></body>".encode(), select=["main"]) is BLOCKED


@pytest.mark.parametrize(
    "script",
    [
        "<script src='/_Incapsula_Resource?a=1'></script>",
        "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        "<script src='https://www.google.com/recaptcha/api.js'></script>",
        "<script src='https://x.token.awswaf.com/challenge.js'></script>",
    ],
)
def test_a_short_page_that_loads_the_script_of_a_service_is_left_alone(script: str) -> None:
    page = as_html("# Code\nThis code was withdrawn. " + "It applied to every service that lets children in. " * 5)
    assert problem_of(page + script.encode()) is None


@pytest.mark.parametrize("name", ["refresh", "'Refresh'", '"refresh"'])
def test_a_page_that_only_leads_on_names_the_address(name: str) -> None:
    doubt = doubt_of(
        f"<meta http-equiv={name} content='0; url=/new/rules'><p>The new rules are elsewhere.</p>".encode()
    )
    assert doubt is not None
    assert (doubt.problem, doubt.mark) == (SOFT_404, "soft-404: leads to /new/rules")


def test_a_policy_that_reloads_itself_is_left_alone() -> None:
    assert problem_of(b"<meta http-equiv=refresh content='900; url=/rules'>" + as_html(POLICY)) is None


def test_a_form_that_asks_for_a_password_is_a_log_in_page() -> None:
    form = b"<p>Enter the name of your organisation</p><form><input name=p type=password></form>"
    assert problem_of(form) is LOGIN


def test_a_policy_with_a_log_in_form_is_left_alone() -> None:
    assert problem_of(as_html(POLICY) + b"<form><input type='password'></form>") is None


@pytest.mark.parametrize(
    ("page", "problem"),
    [("# Page not found", SOFT_404), ("# We'll be back soon", OUTAGE), ("# Sign in\nForgot password?", LOGIN)],
)
def test_where_a_selector_keeps_nothing_the_page_itself_says_why(page: str, problem: ProblemKind) -> None:
    assert problem_of(as_html(page), select=["main"]) == problem


def test_where_a_selector_keeps_nothing_of_a_policy_it_is_lost() -> None:
    assert problem_of(as_html(POLICY), select=["main", "article"]) is ProblemKind.SELECTOR_LOST


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        (f"<h1>Terms</h1><ul>{FOOTER}{FOOTER}</ul><p>© 2026 Example Ltd. All rights reserved.</p>", EMPTY),
        (f"<h1>Terms</h1><ul>{FOOTER}{FOOTER}</ul><p>These rules apply to everybody who posts.</p>", None),
        (f"<h1>Our rules</h1><ul>{FOOTER}</ul><p>Contact: Example Ltd, London</p>", None),
    ],
)
def test_menus_alone_are_no_text(page: str, problem: ProblemKind | None) -> None:
    assert problem_of(page.encode(), select=["body"]) == problem


def test_the_message_shows_what_was_answered_and_what_to_do() -> None:
    assert str(doubt_of(as_html("# Page not found"))) == (
        'soft-404: the answer says that there is no such page ("page not found"). Look for the new address of the page'
        " and correct `url` in sources.yaml. If this is the page, run: monitor sources accept ID"
    )


@pytest.mark.parametrize(("size", "said"), [(0, "0 kB"), (1, "1 kB"), (1_499, "1 kB"), (48_200, "48 kB")])
def test_a_size_is_said_in_kilobytes_and_nothing_is_nothing(size, said):
    assert kilobytes(size) == said
