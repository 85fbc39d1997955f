"""What a page carries beside its text, told by element, role and name: consent dialogs, share bars, menus.

Two sets. What is furniture `anywhere` is never text of the document: it is what a component library or a consent
vendor puts into any page. What is furniture at the `edges` (header, banner, sidebar) may hold text, or even the text,
where the page is built oddly; `main_content` decides by where it stands.

Names are those that publishers give to classes. An id is read for consent vendors only: other ids are often made from
headings (`<section id="feedback">` may be the rule about feedback).

Does not do: looking at text or position.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

NAVIGATION = "nav, [role=navigation]"
_CARRIERS = "html, body, main, [role=main], article, h1, h2, h3, h4, h5, h6"
"""Never furniture by name: scripts and page builders note there what the page has (`has-cookie-banner`)."""
_LANDMARKS = "header, footer, aside, [role=banner], [role=contentinfo], [role=complementary]"
_SECTIONING = ("main", "article", "blockquote")
_OWN_LANDMARKS = ", ".join(
    ["header:has(h1), [role=banner]:has(h1)"]
    + [f"{outer} {inner}" for outer in _SECTIONING for inner in ("header", "footer", "aside")]
)
"""Headers and footers within content belong to the content (HTML standard, 4.3.8), and so do asides there. The header
of a page often holds the title of the document, and under it the day from which it applies."""
_DIALOGS = "dialog, [role=dialog], [role=alertdialog], [aria-modal=true]"
_WIDGETS = (
    "[role=menu], [role=menubar], [role=search], [role=toolbar], [role=tooltip], [role=listbox], search, "
    "[aria-label*=breadcrumb i], [aria-label=pagination i]"
)


def _words(*alternatives: str) -> re.Pattern[str]:
    """Matches names in which one of the alternatives stands as a whole word: `x-share`, `shareBar`, `nav__share`."""
    return re.compile(rf"(?<![a-z])(?:{'|'.join(alternatives)})(?![a-z])")


_VENDORS = re.compile(
    r"(?<![a-z0-9])(?:onetrust[-_](?!cookie-policy)|ot-sdk-(?:btn|show)|optanon(?!-cookie-policy)|cybotcookiebot"
    r"|cookiebotwidget|trust(?:e|arc)[-_](?:consent|overlay|box|banner|bar|notice|popup)|consent_blackbar|usercentrics"
    r"|uc-(?:banner|overlay|privacy)|didomi-(?:host|popup|notice|consent)|qc-cmp|osano-cm|iubenda-cs|termly-(?:consent"
    r"|banner|code)|cky-|cmplz-(?:cookiebanner|manage)|moove_gdpr|borlabs|klaro|cc-(?:window|banner|revoke|main)\b"
    r"|cm-wrapper|cc--main|tarteaucitron|axeptio|hs-(?:eu-cookie|banner)|sp_message|evidon|fc-consent|ccc(?:-|\b)"
    r"|cookiefirst|cookiescript|cookieconsent|fs-cc-|coi-?(?:overlay|banner)|ensbanner|ensnotify|ketch-|transcend-"
    r"|wt-cli|cli-(?:modal|bar)|cookie-law-info|sliding-popup|ppms_cm|shopify-pc__|cmp(?:box|wrapper)\b|cmp-?container"
    r"|metomic|termsfeed-com|adroll_consent|_evh-ric|lanyard_root|truendo|secure-privacy|cookie-?hub|pandectes)"
)
"""Containers that consent management vendors put into the page; not their cookie lists (`ot-sdk-cookie-policy`,
`CookieDeclaration`, `cmplz-document`), which are text of a cookie policy."""

_ANYWHERE = _words(
    r"(?:eu-?)?(?:cookies?|consent|gdpr|ccpa)-?(?:banner|bar|pop-?up|modal|dialog|overlay|alert|message|prompt|toast"
    r"|compliance|manager|wall|widget|preference-?cent(?:er|re)|disclaimer|notification|settings-?modal)",
    r"share(?:-?(?:this|bar|buttons?|links?|icons?|tools?|list|widget|menu|options))?|social-?(?:share|sharing|links?"
    r"|media|icons?|buttons?|bar|list)|sharedaddy|addtoany|addthis|a2a|sharethis|shareaholic",
    r"bread-?crumbs?",
    r"(?:related|recommended|suggested|similar|popular|trending|recent|promoted)-?(?:articles?|posts?|contents?|links?"
    r"|reading|stories|pages?|topics?|resources?|news|guides?|blogs?)|article-relatives|recently-viewed(?:-articles)?",
    r"(?:was-?this-?)?helpful|article-?(?:votes?|rating)|(?:page|article|doc|docs|site|content|user|help)-?(?:feedback"
    r"|rating|survey)|feedback-?(?:form|widget|survey|prompt|bar|buttons?|section|component|module)|csat|star-?rating",
    r"skip-?(?:links?|nav(?:igation)?|to-?(?:main-?)?content|to-?main)",
    r"(?:languages?|lang|locale|country|region)-?(?:switch(?:er)?|select(?:or|ion)?|pick(?:er)?|menu|drop-?down|list"
    r"|choos(?:er)?|nav)",
    r"pagination|pager|(?:back|return|scroll)-?to-?top|print-?(?:button|link|page)|copy-?(?:button|link)|edit-?(?:this-?)?"
    r"page|newsletter(?:-?(?:form|signup|sign-?up|box|section))?|subscribe-?(?:form|box|section|widget)|nav-?bar"
    r"|mega-?menu|hamburger|login-?(?:form|modal)|search-?(?:box|form|bar|results?)|chat-?(?:widget|bot)",
)
_EDGES = _words(
    r"(?:site|page|global|main|top|app|home-?page|doc|section|wrapper|container)?-?(?:header|footer|masthead)",
    r"(?:sub|side|top|main|sticky|primary|secondary|mobile|mega|quick|legal)?-?(?:nav|navs|menu|navigation|links)",
    r"side-?bar|rail|drawer|off-?canvas|toolbar|tool-?tip|pop-?up|modal|toast",
    r"(?:[a-z]+-)?(?:banner|cta|promo|promotion|announcement|call-?to-?action)(?:-bar)?|advert(?:isement)?|ads?|ad-slot",
    r"newsletter|subscribe|sign-?up|log-?in|search|languages?|social|follow-us|app-?(?:store|download)|related|cookies?-?(?:notice|info|settings|preferences|law)"
    r"|copyright|colophon|feedback|survey|recommended|recirculation",
)
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def find_furniture(page: LexborHTMLParser) -> tuple[frozenset[int], frozenset[int]]:
    """The `mem_id`s of what is furniture anywhere: told by what it is, and told by its name only."""
    sure = _ids(page, f"{NAVIGATION}, {_DIALOGS}, {_WIDGETS}") | (_ids(page, _LANDMARKS) - _ids(page, _OWN_LANDMARKS))
    named = set()
    for node in page.css("[class], [id]"):
        attributes = node.attributes
        names, own_id = attributes.get("class") or "", attributes.get("id") or ""
        if _has_vendor_name(own_id) or _has_vendor_name(names):
            sure.add(node.mem_id)
        elif names and _has_any_name(names):
            named.add(node.mem_id)
    carriers = _ids(page, _CARRIERS)
    return frozenset(sure - carriers), frozenset(named - carriers)


def _ids(page: LexborHTMLParser, selector: str) -> set[int]:
    return {node.mem_id for node in page.css(selector)}


def is_edge(node: LexborNode) -> bool:
    """Whether it has the name of what stands around a text: header, footer, sidebar, banner."""
    return node.tag in {"header", "footer", "aside"} or _has_edge_name(node.attributes.get("class") or "")


# A site repeats few names many times, within a page and from page to page.
@lru_cache(maxsize=8192)
def _has_vendor_name(names: str) -> bool:
    return bool(_VENDORS.search(names.lower()))


@lru_cache(maxsize=8192)
def _has_any_name(names: str) -> bool:
    return bool(_ANYWHERE.search(_spell(names)))


@lru_cache(maxsize=8192)
def _has_edge_name(names: str) -> bool:
    return bool(_EDGES.search(_spell(names)))


def _spell(names: str) -> str:
    return _HUMP.sub("-", names).replace("_", "-").lower()
