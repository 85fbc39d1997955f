"""What is kept of a page when nobody has said with selectors what to keep."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.html import read_html

RULES = "".join(
    f"<h2>{number}. {subject}</h2><p>You must not post {subject.lower()}, and we remove it once we learn of it.</p>"
    "<ul><li>This holds for text, pictures and sound alike.</li><li>It does not hold for news and research.</li></ul>"
    for number, subject in enumerate(["Spam", "Threats", "Fraud", "Forged papers"], 1)
)
MENU = (
    "<ul>"
    + "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in ["Prices", "Blog", "Careers", "Help"])
    + "</ul>"
)


def kept(body: str) -> list[str]:
    return [block.text for block in read_html(f"<body>{body}</body>").blocks]


RULES_ALONE = kept(f"<div>{RULES}</div>")

FURNITURE = {
    "menu without a landmark": MENU,
    "menu in a box named header": f"<div class='site-header'><span>Acme</span>{MENU}</div>",
    "footer with a mailing list": (
        f"<div class='page_footer'>{MENU}<p>News about us, once in a month and never more often: join our list.</p>"
        "<form><input><button>Join</button></form></div>"
    ),
    "copyright line and links": f"<div><div>© 2026 Acme Inc. – All rights reserved.</div>{MENU}</div>",
    "promotion": "<div class='top-banner'>Meet us at the fair on 17 October! <a href='/fair'>Register</a></div>",
    "call to action": "<section class='section_cta25'><h3>Start today</h3><a href='/go'>Try it</a> Free.</section>",
    "skip link": "<a class='skip-link' href='#main'>Skip to content</a>",
    "breadcrumb": "<div class='breadcrumbs'><a href='/'>Home</a> › <a href='/legal'>Legal</a> › Rules</div>",
    "breadcrumb by its label": "<ol aria-label='Breadcrumbs'><li><a href='/'>Home</a></li><li>Rules</li></ol>",
    "share bar": "<div class='shareBar'><button>Share</button><span>1,204 shares</span></div>",
    "related articles": (
        "<section class='related-articles'><h3>Related</h3><p><a href='/a'>How to report a post</a> Reporting takes a"
        " minute and stays between us and you.</p></section>"
    ),
    "was this helpful": "<div class='article-votes'><p>Was this helpful?</p><button>Yes</button> 42 out of 60</div>",
    "survey": "<div class='page-feedback'>Tell us what you think of this page, it takes less than a minute.</div>",
    "language menu": "<div class='language-menu'>English <a href='/de'>Deutsch</a> <a href='/fr'>Français</a></div>",
    "language list by its role": "<ul role='listbox'><li>English</li><li>Deutsch</li></ul>",
    "dialog": "<div role='dialog'><p>Before you go on, choose the country that you live in, please.</p></div>",
    "modal": "<div aria-modal='true'>You have been signed out because you were away for a long time.</div>",
    "consent vendor by id": (
        "<div id='onetrust-consent-sdk'><p>We and our 812 partners store information on your device.</p></div>"
    ),
    "consent vendor by class": "<div class='cky-consent-bar'><p>We use cookies to make this site work.</p></div>",
    "consent without a vendor": "<div class='js-cookie-banner'><p>We use cookies to make this site work.</p></div>",
    "aside": "<aside><p>Our new report is out: read how many posts we removed in the last year.</p></aside>",
    "search": "<div role='search'><label>Search the help centre</label><input></div>",
    "toolbar": "<div role='toolbar'><button>Copy</button><button>Print</button></div>",
}


@pytest.mark.parametrize("place", ["before", "after", "before in a wrapper", "after in a wrapper"])
@pytest.mark.parametrize("furniture", FURNITURE.values(), ids=FURNITURE)
def test_what_stands_around_the_text_is_left_out(furniture: str, place: str) -> None:
    if place.endswith("wrapper"):
        furniture = f"<div><div>{furniture}</div></div>"
    text = f"<div><div>{RULES}</div></div>"
    assert kept(furniture + text if place.startswith("before") else text + furniture) == RULES_ALONE


INSIDE = [
    "related articles",
    "was this helpful",
    "share bar",
    "breadcrumb",
    "survey",
    "language menu",
    "dialog",
    "consent vendor by id",
    "consent without a vendor",
    "toolbar",
]


@pytest.mark.parametrize("tag", ["main", "article", "div"])
@pytest.mark.parametrize("name", INSIDE)
def test_furniture_between_paragraphs_is_left_out(name: str, tag: str) -> None:
    half = RULES.index("<h2>3.")
    assert kept(f"<{tag}>{RULES[:half]}{FURNITURE[name]}{RULES[half:]}</{tag}>") == RULES_ALONE


TEXT = {
    "list of links": "<h2>Processors</h2><ul><li><a href='//a.example'>A</a></li><li><a href='/b'>B</a></li></ul>",
    "paragraph of links": "<p><a href='/terms'>Terms of use</a></p>",
    "contact": "<div>Write to <a href='mailto:desk@example.org'>desk@example.org</a></div>",
    "contents": "<ul><li><a href='#one'>1. Spam</a></li><li><a href='/rules#one'>2. Fraud</a></li></ul><i id=one></i>",
    "folded section": "<div hidden aria-hidden='true'><p>Appeals are decided within ten days of a report.</p></div>",
    "heading that unfolds": "<div><button aria-expanded='false'>Appeals</button><div hidden>Write to us.</div></div>",
    "tab": "<div role='tablist'><button role='tab'>Adults</button></div><div role='tabpanel'>From 18 on.</div>",
    "a section whose name is a heading's": "<section id='feedback'><h2>Feedback</h2><p>Yours is ours.</p></section>",
    "vendor's list of cookies": "<div id='ot-sdk-cookie-policy'><table><tr><td>sid<td>1 day</table></div>",
    "box about cookies": "<div class='cookie-policy'><p>A cookie is a small file.</p></div>",
    "date": "<div class='date'>Effective 1 May 2026</div>",
    "copyright rules": "<h2>Copyright – DMCA takedowns</h2>",
    "an advertising rule": "<div class='rule'>Ads must be marked.</div>",
}


@pytest.mark.parametrize("text", TEXT.values(), ids=TEXT)
@pytest.mark.parametrize("place", ["first", "last"])
def test_text_stays_at_the_ends_of_the_content_too(text: str, place: str) -> None:
    alone = kept(f"<div>{text}</div>")
    body = f"<div>{text}{RULES}</div>" if place == "first" else f"<div>{RULES}{text}</div>"
    assert kept(f"{MENU}{body}{MENU}") == (alone + RULES_ALONE if place == "first" else RULES_ALONE + alone)


@pytest.mark.parametrize(
    "opening",
    [
        "<div class='hero-banner'><h1>Rules</h1><p>Effective 1 May 2026</p></div>",
        "<header><nav>Home</nav><h1>Rules</h1><p>Effective 1 May 2026</p></header>",
        f"<div class='header'>{MENU}<div><h1>Rules</h1><p>Effective 1 May 2026</p></div></div>",
    ],
)
def test_the_title_and_the_day_below_it_stay_wherever_they_stand(opening: str) -> None:
    assert kept(f"{opening}<div>{RULES}</div>") == ["Rules", "Effective 1 May 2026", *RULES_ALONE]


@pytest.mark.parametrize(
    "body",
    [
        f"<body class='has-cookie-banner share'><main class='related-content'>{RULES}</main>",
        f"<div class='page-feedback'>{RULES}</div>",
        f"<div role='dialog'>{RULES}</div>",
        f"<footer>{RULES}</footer>",
        f"<nav>{RULES}</nav>",
        f"<div class='cky-modal'>{RULES}</div>{MENU}",
        f"<a href='/x'><div>{RULES}</div></a>",
        f"<app-root><app-content>{RULES}</app-content></app-root>",
    ],
)
def test_what_holds_most_of_the_text_stays_whatever_its_name(body: str) -> None:
    assert set(RULES_ALONE) <= set(kept(body))


def test_a_page_of_nested_furniture_keeps_its_text() -> None:
    body = "<div class='share'>" * 6 + RULES + "</div>" * 6
    assert kept(body) == RULES_ALONE


def test_an_index_of_links_is_no_menu_where_there_is_nothing_else() -> None:
    assert kept(f"<main><h1>Policies</h1>{MENU}</main>") == ["Policies", "Prices", "Blog", "Careers", "Help"]


def test_a_short_notice_stays() -> None:
    assert kept(f"{MENU}<div><p>Withdrawn.</p></div>") == [*kept(MENU), "Withdrawn."]


def test_a_page_of_frames_has_no_text() -> None:
    assert read_html("<frameset><frame src=/rules></frameset>").blocks == ()


def test_several_articles_are_read_one_after_the_other() -> None:
    half = RULES.index("<h2>3.")
    assert kept(f"<article>{RULES[:half]}</article>{MENU}<article>{RULES[half:]}</article>") == RULES_ALONE


PIECES = st.lists(st.sampled_from(sorted(FURNITURE)), max_size=4, unique=True)


@given(PIECES, PIECES)
def test_the_same_text_is_kept_whatever_stands_around_it(above: list[str], below: list[str]) -> None:
    body = (
        "".join(FURNITURE[name] for name in above) + f"<div>{RULES}</div>" + "".join(FURNITURE[name] for name in below)
    )
    assert kept(body) == RULES_ALONE


@pytest.mark.parametrize("opening", ["<div>", "<nav>", "<main>", "<article class=share>", "<x-y>"])
def test_deep_nesting_costs_little(opening: str) -> None:
    assert kept(opening * 3_000 + RULES)[-1] == RULES_ALONE[-1]


def test_a_main_part_inside_another_one_is_read_once():
    assert kept(f"<div role='main'><main>{RULES}</main></div>") == RULES_ALONE
