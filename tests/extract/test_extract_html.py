import re
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.html import check_selector, close_elements, read_fragment, read_html, read_text
from monitor.model import BlockKind

CODE = "2a" + "".join(f"{ord(letter) ^ 0x2A:02x}" for letter in "desk@example.org")


def kinds_and_texts(markup: str) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in read_fragment(markup)]


@pytest.mark.parametrize(
    ("markup", "blocks"),
    [
        pytest.param("<p>One<p>Two", [("paragraph", "One"), ("paragraph", "Two")], id="paragraphs"),
        pytest.param("<div>Bare text</div>", [("paragraph", "Bare text")], id="text directly in a div"),
        pytest.param(
            "<div>Before<p>within</p>after</div>",
            [("paragraph", "Before"), ("paragraph", "within"), ("paragraph", "after")],
            id="text around a nested block stays in reading order",
        ),
        pytest.param(
            "<p>un<b>fair</b> <i>terms</i></p>", [("paragraph", "unfair terms")], id="inline separates nothing"
        ),
        pytest.param("<p>One<br>line</p>", [("paragraph", "One line")], id="one line break is a space"),
        pytest.param(
            "<p>Do not:<br>(a) post spam,<br/> 2. threaten<br>anybody.</p>",
            [("paragraph", "Do not:"), ("paragraph", "(a) post spam,"), ("paragraph", "2. threaten anybody.")],
            id="a line break before a clause number begins a paragraph",
        ),
        pytest.param(
            "<h2>Rules<br>1. Spam</h2>", [("heading", "Rules 1. Spam")], id="a line break in a heading is a space"
        ),
        pytest.param("<p>You <del>may</del> <s>can</s> must</p>", [("paragraph", "You must")], id="struck out"),
        pytest.param(
            "<figure><img alt=gone><figcaption>Ages</figcaption></figure><table><caption>Fees</caption></table>",
            [("paragraph", "Ages"), ("paragraph", "Fees")],
            id="captions",
        ),
        pytest.param(
            "<p>From 13<sup><a href='#n1'>2</a></sup> on<a href='/x#n2'><sup>[b]</sup></a>, 10<sup>th</sup> grade.</p>",
            [("paragraph", "From 13[2] on[b], 10th grade.")],
            id="footnote marks are no digits of a number",
        ),
        pytest.param(
            "<ol><li id=n1>With a parent. <a href='#r1'>↩</a></li></ol>", [("item", "With a parent.")], id="a footnote"
        ),
        pytest.param(
            "<h2>Spam<a href='#spam'>¶</a></h2><p><a href='#spam'>#</a>One",
            [("heading", "Spam"), ("paragraph", "One")],
            id="permalinks",
        ),
        pytest.param(
            "<p>More<i class='material-icons md'>expand_more</i> <i class='material-icons'>No icon</i></p>",
            [("paragraph", "More No icon")],
            id="names of icons",
        ),
        pytest.param(
            "<a href=/a>List<span class=sr-only> (opens in a new tab)</span></a> <span class=sr-only>read</span>",
            [("paragraph", "List read")],
            id="notes to the blind in links",
        ),
        pytest.param(
            f"<p>Write to <a href='/cdn-cgi/l/email-protection' data-cfemail={CODE}>[email&#160;protected]</a> or "
            "<i data-cfemail=0>[email protected]</i>.",
            [("paragraph", "Write to desk@example.org or [email protected].")],
            id="protected e-mail addresses",
        ),
        pytest.param(
            "One<br> <br/>Two<br><br><br><br>Three",
            [("paragraph", "One"), ("paragraph", "Two"), ("paragraph", "Three")],
            id="two line breaks or more separate paragraphs",
        ),
        pytest.param(
            "<ul><li>A<ul><li>A1</li></ul>more of A</li><li>B</li></ul>",
            [("item", "A"), ("item", "A1"), ("item", "more of A"), ("item", "B")],
            id="each item of a nested list has only its own text",
        ),
        pytest.param(
            "<ol><li>1.1 First</li><li>Second</li></ol>",
            [("item", "1.1 First"), ("item", "Second")],
            id="numbers are kept where they are text and not invented",
        ),
        pytest.param("<ul><li><p>A</p></li></ul>", [("item", "A")], id="a paragraph in an item is the item"),
        pytest.param("<dl><dt>Term<dd>Meaning</dl>", [("item", "Term"), ("item", "Meaning")], id="definition list"),
        pytest.param(
            "<table><tr><th>Age<th>Rule<tr><td>13<td><p>Account</p><p>allowed</p></table>",
            [("row", "Age | Rule"), ("row", "13 | Account allowed")],
            id="one block for each table row",
        ),
        pytest.param(
            "<table><tr><td>a<td><td>c<tr><td> <td></table>", [("row", "a | | c")], id="empty cells hold their place"
        ),
        pytest.param(
            "<table><tr><td><p>One<p>Two</table>",
            [("paragraph", "One"), ("paragraph", "Two")],
            id="a row of one cell is layout",
        ),
        pytest.param(
            "<table><tr><td>Menu<td><h2>Rules</h2><p>One<p>Two</table>",
            [("row", "Menu |"), ("heading", "Rules"), ("paragraph", "One"), ("paragraph", "Two")],
            id="a row that holds a heading is layout",
        ),
        pytest.param(
            "<table><tr><td>Outer<td><table><tr><td>x<td>y</table></table>",
            [("row", "Outer |"), ("row", "x | y")],
            id="a row that holds a table is layout",
        ),
        pytest.param(
            "<blockquote><p>Said.</p></blockquote><p>Not said.",
            [("quote", "Said."), ("paragraph", "Not said.")],
            id="a quote",
        ),
        pytest.param(
            "<pre>First\nparagraph\n \nSecond</pre>",
            [("paragraph", "First paragraph"), ("paragraph", "Second")],
            id="an empty line in preformatted text separates paragraphs",
        ),
        pytest.param(
            "<details><summary>More</summary>Hidden rule</details>",
            [("paragraph", "More"), ("paragraph", "Hidden rule")],
            id="a folded section is read",
        ),
        pytest.param(
            "<h3><button>Bullying</button></h3><div hidden>Not allowed.</div>",
            [("heading", "Bullying"), ("paragraph", "Not allowed.")],
            id="a button is a heading's text, and what it hides is read",
        ),
        pytest.param(
            "<p><button>Agree</button><button>Leave</button></p>", [("paragraph", "Agree Leave")], id="buttons"
        ),
        pytest.param(
            "<!-- no --><script>no</script><style>no</style><noscript>no</noscript><template>no</template>"
            "<svg><title>no</title></svg><iframe>no</iframe><object>no</object><select><option>no</select>"
            "<textarea>no</textarea><p>yes",
            [("paragraph", "yes")],
            id="what no reader sees as text is dropped",
        ),
        pytest.param(
            "<p>A&nbsp;&amp;&shy;B\u200b</p>", [("paragraph", "A &B")], id="entities and invisible characters"
        ),
        pytest.param("<div><div> </div><p></p></div>", [], id="no text, no block"),
    ],
)
def test_elements_become_blocks(markup: str, blocks: list[tuple[str, str]]) -> None:
    assert kinds_and_texts(markup) == blocks


def test_blocks_know_the_headings_above_them() -> None:
    blocks = read_fragment("<p>0</p><h1>A</h1><p>1</p><h3>B</h3><p>2</p><h2>C</h2><p>3</p><h1>D</h1><p>4</p>")
    assert {block.text: block.heading for block in blocks} == {
        "0": (),
        "A": ("A",),
        "1": ("A",),
        "B": ("A", "B"),
        "2": ("A", "B"),
        "C": ("A", "C"),
        "3": ("A", "C"),
        "D": ("D",),
        "4": ("D",),
    }


@pytest.mark.parametrize(
    ("attributes", "path"),
    [
        ('aria-level="1"', ("R",)),
        ('aria-level="3"', ("Top", "R")),
        ("", ("Top", "R")),
        ('aria-level="x"', ("Top", "R")),
    ],
)
def test_an_element_with_the_role_of_a_heading_is_one(attributes: str, path: tuple[str, ...]) -> None:
    blocks = read_fragment(f"<h1>Top</h1><span role=heading {attributes}>R</span>text")
    assert [(block.kind.value, block.heading) for block in blocks[1:]] == [("heading", path), ("paragraph", path)]


def test_a_heading_of_a_whole_paragraph_heads_nothing() -> None:
    blocks = read_fragment(f"<h2>{'long ' * 60}</h2><p>text")
    assert [(block.kind, block.heading) for block in blocks] == [(BlockKind.PARAGRAPH, ())] * 2


def test_a_heading_within_a_heading_ends_the_outer_one() -> None:
    assert kinds_and_texts("<div role=heading>Outer<h3>Inner</h3>rest</div>") == [
        ("heading", "Outer"),
        ("heading", "Inner"),
        ("paragraph", "rest"),
    ]


def test_link_targets_stand_apart_from_the_text() -> None:
    block, wrapped = read_fragment(
        '<p>See <a href="/a?utm_source=x&id=2">the <b>list</b></a>, <a href="#top">top</a>, <a href="/a?id=2">again</a>'
        ' <a href="javascript:void(0)">run</a> <a>nowhere</a> <a href="/icon"><img alt="no"></a></p>'
        '<a href="https://example.org/b"><div>Whole box</div></a>'
    )
    assert (block.text, block.links) == ("See the list, top, again run nowhere", ("/a?id=2",))
    assert (wrapped.text, wrapped.links) == ("Whole box", ("https://example.org/b",))


PAGE = """<html><head><title>Rules &amp; more</title></head><body>
<nav>Home</nav><div class=a>A<div class=b>B</div><div class=share>Share</div></div><p>between</p><div class=c>C</div>
</body></html>"""


@pytest.mark.parametrize(
    ("select", "remove", "texts"),
    [
        ([".a"], [], ["A", "B", "Share"]),
        ([".a"], [".share"], ["A", "B"]),
        ([".c", ".a"], [".share", "nav"], ["A", "B", "C"]),
        ([".b", ".a", "div"], [".share"], ["A", "B", "C"]),
        ([".none"], [], []),
        ([".none", ".none2"], [], []),
        ([".a"], [".a"], []),
        ([], [".share"], ["A", "B", "between", "C"]),
    ],
)
def test_selectors_keep_and_remove_in_document_order_and_once(
    select: list[str], remove: list[str], texts: list[str]
) -> None:
    assert [block.text for block in read_html(PAGE, select=select, remove=remove).blocks] == texts


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        pytest.param(
            "<header>H</header><main>The rules in full.</main><footer>F</footer>", "The rules in full.", id="main"
        ),
        pytest.param("<nav>N</nav><div role=main>The rules.</div><aside>A</aside>", "The rules.", id="role main"),
        pytest.param("<p>Menu</p><article>The rules.</article>", "The rules.", id="article"),
        pytest.param(
            "<main>Hi</main><div>The rules are beside it.</div>", "Hi The rules are beside it.", id="beside main"
        ),
        pytest.param(
            "<header>H</header><nav>N</nav><div>Rules</div><footer>F</footer>", "Rules", id="landmarks are left out"
        ),
        pytest.param(
            "<main><header>Title</header>Rules<nav>N</nav><footer>Note</footer></main>",
            "Title Rules Note",
            id="header and footer of the content belong to it",
        ),
        pytest.param("<header>All there is</header>", "All there is", id="nothing but landmarks"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_without_selectors_the_main_content_is_kept(body: str, kept: str) -> None:
    assert " ".join(block.text for block in read_html(f"<body>{body}</body>").blocks) == kept


@pytest.mark.parametrize(
    ("markup", "title"),
    [(PAGE, "Rules & more"), ("<h1>Our <b>rules</b></h1><p>x", "Our rules"), ("<p>x", ""), ("<svg><title>icon", "")],
)
def test_the_title_is_that_of_the_head_or_the_first_heading(markup: str, title: str) -> None:
    assert read_html(markup).title == title


def test_a_protected_address_is_a_link_of_its_own() -> None:
    plain, outside, inside, bare = read_fragment(
        "<p><a href='mailto:desk@example.org'>desk@example.org</a>"
        f"<p><a href='/cdn-cgi/l/email-protection#{CODE}'>desk@example.org</a>"
        f"<p><a href='/cdn-cgi/l/email-protection#{CODE}'><i data-cfemail={CODE}>[email protected]</i></a>"
        f"<p><a href='/cdn-cgi/l/email-protection' data-cfemail={CODE}>[email protected]</a>"
    )
    assert plain.links == ("mailto:desk@example.org",)
    assert outside == inside == bare
    assert bare.links == ("/cdn-cgi/l/email-protection#desk@example.org",)


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        ("<html lang=en-gb>", "en-GB"),
        ("<html lang=' FR '>", "fr"),
        ("<html lang=zh_hant_tw>", "zh-Hant-TW"),
        ("<html lang=es-419>", "es-419"),
        ("<html lang=de-CH-1996>", "de-CH"),
        ("<html xml:lang=pt-BR>", "pt-BR"),
        ("<html lang><meta http-equiv=Content-Language content='da, en'>", "da"),
        ("<html lang=und><meta property='og:locale' content=nb_NO>", "nb-NO"),
        ("<html lang={{lang}}>", ""),
        ("<html lang=x-default>", ""),
        ("<html lang=english>", ""),
        ("<html>", ""),
    ],
)
def test_the_language_is_the_declared_one(markup: str, language: str) -> None:
    assert read_html(markup).language == language


def test_a_title_with_markup_is_read_as_text() -> None:
    assert read_text("<b>New</b> rules &lt;13") == "New rules <13"


def test_a_self_closing_element_of_xhtml_does_not_swallow_the_page() -> None:
    xhtml = '<p><a id="x"/>One</p><script src="a.js" /><p>Two<br/>lines</p>'
    assert close_elements(xhtml) == '<p><a id="x"></a>One</p><script src="a.js" ></script><p>Two<br/>lines</p>'


@pytest.mark.parametrize("selector", ["main", "#terms > section", '[as="main"]', "p:not(.x):has(a)", ".a, .b"])
def test_a_good_selector_has_no_complaint(selector: str) -> None:
    assert check_selector(selector) is None


@pytest.mark.parametrize("selector", ["", "main >", "div[", "a:nope", ":contains(x)", "> p"])
def test_a_bad_selector_is_named(selector: str) -> None:
    assert (check_selector(selector) or "").startswith(f'"{selector}" is no CSS selector')


@pytest.mark.parametrize("tags", ["<b>", "<svg>", "<table><tbody><tr><td>", "<a href=#x>"])
def test_a_hundred_thousand_nested_elements_are_read(tags: str) -> None:
    read_html(tags * (100_000 // tags.count("<")) + "deep")


def test_text_below_deep_nesting_is_kept() -> None:
    assert kinds_and_texts("<div>" * 3_000 + "deep") == [("paragraph", "deep")]


WORDS = st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=6)
TAGS = """
    div p section h1 h2 h5 ul li ol dl dt dd blockquote table tr td th thead pre details summary main article aside form
    header center fieldset
"""
CONTAINERS = TAGS.split()
INLINE = ["b", "a href='/x'", "span", "em", "button", "custom-tag", "sup", "span role=heading"]
HIDDEN = ["script", "style", "template", "noscript", "iframe", "textarea", "select"]


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(CONTAINERS + INLINE)
    several = st.lists(inner, max_size=4).map("".join)
    return st.builds(lambda tag, text: f"<{tag}>{text}</{tag.split()[0]}>", tags, several)


PIECES = st.one_of(
    WORDS.map(lambda word: f" §{word} "),
    st.sampled_from([" <br> ", "<hr>", "\n\n", "&nbsp;", "<!-- gone -->", "<img alt=gone>"]),
    st.sampled_from(HIDDEN).map(lambda tag: f"<{tag}>gone</{tag}>"),
)
MARKUP = st.lists(st.recursive(PIECES, _wrapped, max_leaves=25), max_size=6).map("".join)


def marked_words(text: str) -> Counter[str]:
    return Counter(re.findall(r"§\w+", unicodedata.normalize("NFC", text)))


@given(MARKUP)
def test_no_word_is_lost_and_none_comes_twice(markup: str) -> None:
    assert marked_words(" ".join(block.text for block in read_fragment(markup))) == marked_words(markup)


def _rewrite(markup: str) -> str:
    """The same page as another program would write it."""
    markup = re.sub(r"(?<=>)(?=<)(?!<(?:br|/?pre))", "<!-- build 7 -->", markup.replace("&nbsp;", "&#xa0;"))
    return re.sub(r"<(/?)(\w+)", lambda tag: f"<{tag[1]}{tag[2].upper()}", markup).replace("href=", "data-v=7\n href=")


@given(MARKUP)
def test_comments_entities_case_and_attributes_change_nothing(markup: str) -> None:
    assert read_html(_rewrite(markup)) == read_html(markup)


@given(
    st.lists(
        st.sampled_from(["<p>", "</p>", "<li>", " ", "\n", "\t", "&nbsp;", "&#32;", "One", "two&shy;", "<b>", "</b>"])
    )
)
def test_the_kind_of_white_space_changes_nothing(pieces: list[str]) -> None:
    spaced = ["  \n\t " if piece in {" ", "\n", "\t", "&nbsp;", "&#32;"} else piece for piece in pieces]
    assert read_html("".join(spaced)).blocks == read_html("".join(pieces)).blocks


@given(st.text())
def test_the_same_text_gives_the_same_blocks_and_never_fails(markup: str) -> None:
    assert read_html(markup) == read_html(markup)


@given(MARKUP)
def test_blocks_are_single_lines_in_normal_form(markup: str) -> None:
    for block in read_fragment(markup):
        assert block.text == " ".join(block.text.split())
        assert block.text
