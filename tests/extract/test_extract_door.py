import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ExtractionError
from monitor.extract import _FORMS, EXTRACTOR, extract, recipe
from monitor.model import ProblemKind

PAGE = "<title>Rules</title><nav>Home</nav><main><h1>Rules</h1><p>We remove spam – and tell you why.</p></main>"
HTML = PAGE.encode()


def problem_of(body: bytes, media_type: str, **options) -> tuple[ProblemKind, str]:
    with pytest.raises(ExtractionError) as caught:
        extract(body, media_type, **options)
    assert caught.value.advice
    return caught.value.problem, caught.value.detail


@pytest.mark.parametrize("media_type", ["text/html", "TEXT/HTML", "application/xhtml+xml", ""])
def test_a_page_is_read(media_type: str) -> None:
    found = extract(HTML, media_type, expect="html")
    assert (found.title, found.blocks[-1].text) == ("Rules", "We remove spam – and tell you why.")


def test_the_declared_charset_is_used() -> None:
    assert extract(PAGE.encode("cp1252"), "text/html", charset="windows-1252") == extract(HTML, "text/html")


def test_xhtml_closes_its_own_elements() -> None:
    body = b'<body><p>We remove <a id="x"/>spam, and <script src="a.js"/>tell you why.</p></body>'
    assert extract(body, "application/xhtml+xml").blocks[0].text == "We remove spam, and tell you why."


def test_plain_text_and_markdown_are_read() -> None:
    body = b"# Rules\n\nWe remove spam and bots."
    assert [block.text for block in extract(body, "text/markdown").blocks] == ["Rules", "We remove spam and bots."]
    assert [block.text for block in extract(body, "text/plain").blocks] == ["# Rules", "We remove spam and bots."]


@pytest.mark.parametrize("media_type", ["application/pdf", "application/octet-stream", "text/html"])
def test_what_begins_as_a_pdf_is_one_whatever_the_header_says(write_pdf: Callable[..., bytes], media_type: str) -> None:
    body = write_pdf([[("We remove spam and bots.", 11, 700)]])
    assert extract(body, media_type, expect="pdf").blocks[0].text == "We remove spam and bots."


@pytest.mark.parametrize(
    ("body", "media_type", "options", "detail"),
    [
        (HTML, "text/html", {"expect": "pdf"}, "the answer is HTML, not a PDF"),
        (HTML, "text/html", {"expect": "json"}, "the answer is HTML, not JSON"),
        (b"{}", "text/json", {"expect": "docx"}, "the answer is JSON, not a DOCX"),
        (b"%PDF-1.7", "text/html", {"expect": "html"}, "the answer is PDF, not a page (HTML)"),
        (
            b"We remove spam.",
            "text/plain",
            {"expect": "html", "select": ["main"]},
            "the answer is plain text, not a page",
        ),
        (b"{}", "application/json", {"expect": "html"}, "the answer is JSON, not a page (HTML)"),
        (b"GIF89a", "image/gif", {}, "the answer is image/gif, not HTML, PDF, DOCX, JSON, plain text or Markdown"),
    ],
)
def test_an_answer_of_another_type_is_refused(body: bytes, media_type: str, options: dict, detail: str) -> None:
    problem, found = problem_of(body, media_type, **options)
    assert problem is ProblemKind.WRONG_TYPE
    assert found.startswith(detail)


@pytest.mark.parametrize("media_type", ["application/json", "application/vnd.api+json", "text/plain", "text/html"])
def test_json_is_read_where_it_is_expected_whatever_the_header_says(media_type: str) -> None:
    body = b' {"body": "We remove spam and bots."}'
    assert extract(body, media_type, expect="json").blocks[0].text == "We remove spam and bots."


def test_html_under_the_name_of_a_pdf_is_unreadable() -> None:
    assert problem_of(HTML, "application/pdf", expect="pdf")[0] is ProblemKind.UNREADABLE


@pytest.mark.parametrize(
    ("select", "detail"),
    [
        (["main .field"], 'selector "main .field" keeps nothing of this 48 kB page'),
        (["#a", ".b"], 'selectors "#a", ".b" keep nothing of this 48 kB page'),
        (["nav b"], 'selector "nav b" keeps nothing of this 48 kB page'),
    ],
)
def test_selectors_that_keep_nothing_are_named(select: list[str], detail: str) -> None:
    body = PAGE.replace("Home", "Home<b></b>").encode() + b"<p>filler</p>" * 3684
    assert problem_of(body, "text/html", select=select) == (ProblemKind.SELECTOR_LOST, detail)


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", "text/html"),
        (b"<div id=root></div><noscript>You need to enable JavaScript to run this app.</noscript>", "text/html"),
        (b"<h1>Privacy policy</h1>", "text/html"),
        (b"<h1>Community rules</h1><p>Updated: 18 May 2022", "text/html"),
        (b"<main><p>Loading...</p></main>", "text/html"),
        (b" \n\n ", "text/plain"),
        (b"12 May", "text/markdown"),
    ],
)
def test_no_text_or_nearly_none_is_empty(body: bytes, media_type: str) -> None:
    assert problem_of(body, media_type)[0] is ProblemKind.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "<p>This page was withdrawn.</p>",
        "<p>We do not sell your data.</p>",
        "<p>本指引已于今日撤回。</p>",
        "<p>Политика отменена.</p>",
        "".join(
            f"<h2>{heading} and what they mean</h2>" for heading in ["Bots", "Spam", "Minors", "Adverts", "Appeals"]
        ),
    ],
)
def test_short_but_real_pages_pass(text: str) -> None:
    assert extract(text.encode(), "text/html").blocks


CHALLENGES = [
    "<title>Just a moment...</title><body><script>window._cf_chl_opt={cvId:'3'}</script></body>",
    "<title>Access denied</title><p>You have no permission.<p>Reference 18.2f https://errors.edgesuite.net/18.2f",
    "<html><head><script src='https://ct.captcha-delivery.com/c.js'></script></head><body></body></html>",
    "<body><p>Please verify you are human by completing the action below.</p></body>",
    "<body><h1>Pardon Our Interruption</h1><p>As you were browsing something made us think you were a bot.</p></body>",
    "<body><iframe src='/_Incapsula_Resource?x=1'></iframe></body>",
    "<body><h1>Making sure you’re not a bot!</h1></body>",
]


@pytest.mark.parametrize("select", [(), ("main .policy",)])
@pytest.mark.parametrize("markup", CHALLENGES)
def test_a_bot_wall_is_blocked_and_not_a_lost_selector(markup: str, select: tuple[str, ...]) -> None:
    assert problem_of(markup.encode(), "text/html", select=select)[0] is ProblemKind.BLOCKED


SENTENCE = "<p>We may ask you to verify you are human before you post; our partners set cookies for that purpose.</p>"


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param(
            PAGE + "<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>",
            id="a protected page's own script",
        ),
        pytest.param(PAGE + SENTENCE + "<p>And so on.</p>" * 60, id="a sentence about challenges in a policy"),
        pytest.param(
            PAGE + "<script src='https://js.captcha-delivery.com/tags.js'></script>" + "<p>More rules.</p>" * 120,
            id="a service's script on a page of some length",
        ),
    ],
)
def test_a_real_page_with_signs_of_a_protection_service_passes(markup: str) -> None:
    assert extract(markup.encode(), "text/html", select=["main"]).blocks


def test_a_short_kept_part_of_a_long_page_is_no_bot_wall() -> None:
    body = PAGE + "<script>_cf_chl_opt</script>" + "<p>Much more text of this page.</p>" * 60
    assert len(extract(body.encode(), "text/html", select=["main"]).blocks) == 2


def test_the_recipe_names_extractor_and_selectors() -> None:
    assert recipe("pdf", (), ()) == f"pdf/{EXTRACTOR}"
    assert recipe("html", ("main", "#b"), (".share",)) == f"html/{EXTRACTOR} select: main, #b remove: .share"


def test_problems_and_extracts_can_be_sent_from_a_worker_process() -> None:
    with pytest.raises(ExtractionError) as caught:
        extract(b"", "text/html")
    sent = pickle.loads(pickle.dumps(caught.value))
    assert (sent.problem, sent.detail, sent.advice) == (
        caught.value.problem,
        caught.value.detail,
        caught.value.advice,
    )
    found = extract(HTML, "text/html")
    assert pickle.loads(pickle.dumps(found)) == found
    assert pickle.loads(pickle.dumps(extract)) is extract


BEGINNINGS = st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04word/", b"{", b'["', b"<p>", b"# ", b"\xef\xbb\xbf"])


@given(
    st.builds(bytes.__add__, BEGINNINGS, st.binary()),
    st.sampled_from([*_FORMS, "application/x+json", "image/png"]),
    st.sampled_from([None, "utf-8", "latin-1"]),
)
def test_any_bytes_give_blocks_or_a_problem_and_always_the_same(
    body: bytes, media_type: str, charset: str | None
) -> None:
    def read() -> object:
        try:
            return extract(body, media_type, charset=charset)
        except ExtractionError as error:
            return str(error)

    assert read() == read()
