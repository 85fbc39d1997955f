"""Addresses that publishers with an interface show to people → the query that watches the same.

An interface says when a rule binds and that it was withdrawn (`docs/publishers.md`), where its pages often turn robots
away. What has no sure counterpart has none, and the page itself is watched.

Does not do: asking the interface, or knowing whether it has what the address names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Interface:
    """What an entry says of a query to an interface, as far as its address tells."""

    kind: str
    url: str
    name: str
    publisher: str
    jurisdiction: str
    key: str = ""
    """The variable of the environment that must hold a key; "" = none is wanted."""


class _Query(NamedTuple):
    kind: str
    url: str
    name: str


class _House(NamedTuple):
    publisher: str
    jurisdiction: str
    key: str = ""


_DATA_GOV = "DATA_GOV_API_KEY"
_HOUSES = {
    "federal-register": _House("Office of the Federal Register", "US"),
    "regulations-gov": _House("Regulations.gov", "US", _DATA_GOV),
    "ecfr": _House("Office of the Federal Register", "US"),
    "congress": _House("Congress", "US", _DATA_GOV),
    "govinfo": _House("Government Publishing Office", "US", _DATA_GOV),
    "legiscan": _House("LegiScan", "US", "LEGISCAN_API_KEY"),
    "cellar": _House("Publications Office of the EU", "EU"),
    "have-your-say": _House("European Commission", "EU"),
    "legislation-gov-uk": _House("The National Archives", "GB"),
    "govuk": _House("GOV.UK", "GB"),
    "legislation-gov-au": _House("Office of Parliamentary Counsel", "AU"),
    "legisinfo": _House("Parliament of Canada", "CA"),
    "oireachtas": _House("Houses of the Oireachtas", "IE"),
}
_WINDOW = "conditions[publication_date][gte]={since:365d}"
_FR_OWN = re.compile(r"fields|per_page|page|order|format")
"""What the spider sets itself."""
_CHAMBERS = {
    "senate-bill": "s",
    "house-bill": "hr",
    "senate-resolution": "sres",
    "house-resolution": "hres",
    "senate-joint-resolution": "sjres",
    "house-joint-resolution": "hjres",
    "senate-concurrent-resolution": "sconres",
    "house-concurrent-resolution": "hconres",
}
_ACTS = {"reg": "R", "dir": "L", "dec": "D"}
"""The letter in CELEX by the type in the European Legislation Identifier (`reg_impl` and `reg_del` are `reg`)."""
_UK_DOCUMENT = re.compile(
    r"/(?:id/)?((?:ukpga|uksi|ukla|asp|ssi|anaw|asc|wsi|nia|nisr|mwa|eur|eudr|eudn|ukdsi|sdsi|nidsr)/\d{4}/\d+"
    r"(?:/(?:section|article|part|schedule|chapter|regulation)/[\w/-]+?)?)(?:/(?:contents|enacted|made|data\.\w+))?/?"
)
_GOVUK_PATH = re.compile(
    r"/(?:government/(?:publications|consultations|news|speeches|statistics|calls-for-evidence|collections|case-studies)"
    r"|guidance)/[\w/-]+"
)


def find_interface(url: str) -> Interface | None:
    """The query that watches what stands at this address, where its publisher has an interface for it."""
    parts = urlsplit(url)
    read = _READERS.get((parts.hostname or "").removeprefix("www."))
    query = read(unquote(parts.path).rstrip("/") or "/", parts.query) if read else None
    return Interface(*query, *_HOUSES[query.kind]) if query else None


def _read_federal_register(path: str, query: str) -> _Query | None:
    base = "https://www.federalregister.gov/api/v1/documents.json?"
    if named := re.fullmatch(r"/(agencies|topics)/([\w-]+)", path):
        conditions = f"conditions[{named[1]}][]={named[2]}&{_WINDOW}"
        return _Query("federal-register", base + conditions, f"Federal Register: {_words(named[2])}")
    asked = [(key, value) for key, value in parse_qsl(query) if not _FR_OWN.match(key)]
    if not asked or not re.fullmatch(r"/documents/search|/api/v1/documents\.\w+", path):
        return None
    conditions = "&".join(f"{key}={quote(value, safe='{:}')}" for key, value in asked)
    if not any(key.startswith("conditions[publication_date]") for key, _ in asked):
        conditions += f"&{_WINDOW}"
    terms = ", ".join(_words(value) for key, value in asked if "date" not in key)
    return _Query("federal-register", base + conditions, f"Federal Register: {terms}")


def _read_regulations_gov(path: str, query: str) -> _Query | None:
    if re.match(r"/v4/(?:documents|dockets)", path):
        return _Query(
            "regulations-gov", f"https://api.regulations.gov{path}{_tail(query)}", "Regulations.gov documents"
        )
    named = re.match(r"/docket/([\w-]+)|/(?:document|comment)/([\w-]+)-\d{4,}", path)
    if not named:
        return None
    docket = named[1] or named[2]
    url = f"https://api.regulations.gov/v4/documents?filter[docketId]={docket}"
    return _Query("regulations-gov", url, f"Docket {docket}")


def _read_ecfr(path: str, query: str) -> _Query | None:
    if path.startswith("/api/versioner/v1/versions/"):
        return _Query("ecfr", f"https://www.ecfr.gov{path}{_tail(query)}", "Code of Federal Regulations")
    named = re.match(r"/(?:current|on/[\d-]+)/title-(\d+)/(?:.*/)?part-(\d+)(?:/|$)", path)
    if not named:
        return None
    url = f"https://www.ecfr.gov/api/versioner/v1/versions/title-{named[1]}.json?part={named[2]}"
    return _Query("ecfr", url, f"{named[1]} CFR part {named[2]}")


def _read_congress(path: str, query: str) -> _Query | None:
    if path.startswith("/v3/bill"):
        return _Query("congress", f"https://api.congress.gov{path}{_tail(query)}", "Bills in Congress")
    named = re.match(r"/bill/(\d+)(?:st|nd|rd|th)-congress/([a-z-]+)/(\d+)(?:/|$)", path)
    if not named or named[2] not in _CHAMBERS:
        return None
    chamber = _CHAMBERS[named[2]]
    url = f"https://api.congress.gov/v3/bill/{named[1]}/{chamber}/{named[3]}"
    return _Query("congress", url, f"{_words(named[2]).capitalize()} {named[3]} (Congress {named[1]})")


def _read_govinfo(path: str, query: str) -> _Query | None:
    if path.startswith(("/collections/", "/published/")):
        return _Query("govinfo", f"https://api.govinfo.gov{path}{_tail(query)}", "GovInfo packages")
    named = re.match(r"/app/collection/([a-z]+)(?:/|$)", path)
    if not named:
        return None
    code = named[1].upper()
    return _Query("govinfo", f"https://api.govinfo.gov/collections/{code}/{{since}}T00:00:00Z", f"GovInfo: {code}")


def _read_legiscan(path: str, query: str) -> _Query | None:
    given = dict(parse_qsl(query))
    if given.get("op") in {"getSearch", "getBill"}:
        asked = urlencode({key: value for key, value in given.items() if key != "key"})
        return _Query("legiscan", f"https://api.legiscan.com/?{asked}", "LegiScan")
    if path == "/gaits/search" and (words := given.get("keyword")):
        state = given.get("state", "ALL")
    elif named := re.fullmatch(r"/([A-Z]{2})/(?:bill|text|votes|comments)/([A-Z]+\d+)(?:/.*)?", path):
        state, words = named.groups()
    else:
        return None
    asked = urlencode({"op": "getSearch", "state": state, "query": words})
    return _Query("legiscan", f"https://api.legiscan.com/?{asked}", f"LegiScan: {state} {words}")


def _read_eu_law(path: str, query: str) -> _Query | None:
    celex = ""
    if named := re.search(r"celex[:/]([0-9A-Z()/_-]+)", f"{path}?{unquote(query)}", re.IGNORECASE):
        celex = re.sub(r"^0(.*?)-\d{8}$", r"3\1", named[1].upper())  # the act, not one of its consolidated texts
    elif named := re.match(r"/eli/(reg|dir|dec)(?:_\w+)?/(\d{4})/(\d+)(?:/|$)", path):
        celex = f"3{named[2]}{_ACTS[named[1]]}{int(named[3]):04}"
    if not re.fullmatch(r"[356]\d{4}[A-Z]{1,2}\d{4}(?:\(\d+\))?", celex):
        return None
    return _Query("cellar", f"https://publications.europa.eu/resource/celex/{celex}", f"EU act {celex}")


def _read_have_your_say(path: str, query: str) -> _Query | None:
    base = "https://ec.europa.eu/info/law/better-regulation/brpapi/"
    if named := re.match(r".*/have-your-say/initiatives/(\d+)(?:-([^/_]+))?", path):
        name = _words(named[2] or f"initiative {named[1]}")
        return _Query("have-your-say", f"{base}groupInitiatives/{named[1]}", f"Have your say: {name}")
    if not re.fullmatch(r".*/have-your-say/initiatives(?:_\w\w)?", path):
        return None
    asked = urlencode([each for each in parse_qsl(query) if each[0] in {"text", "topic", "feedbackStatus"}])
    url = f"{base}searchInitiatives?{asked or 'feedbackStatus=OPEN'}"
    return _Query("have-your-say", url, "Have your say: initiatives of the European Commission")


def _read_legislation_gov_uk(path: str, query: str) -> _Query | None:
    base = "https://www.legislation.gov.uk"
    if re.match(r"/(?:new|update|changes)(?:/|$)", path):
        feed = path if path.endswith("/data.feed") else f"{path}/data.feed"
        return _Query("legislation-gov-uk", f"{base}{feed}{_tail(query)}", f"legislation.gov.uk: {_words(path)}")
    named = _UK_DOCUMENT.fullmatch(path)
    if not named:
        return None
    return _Query("legislation-gov-uk", f"{base}/{named[1]}/data.xml", f"legislation.gov.uk: {named[1]}")


def _read_govuk(path: str, query: str) -> _Query | None:
    base = "https://www.gov.uk"
    if named := re.fullmatch(r"/search/([\w-]+?)(?:\.atom)?", path):
        asked = f"{base}/search/{named[1]}.atom{_tail(query)}"
        return _Query("govuk", asked, f"GOV.UK: {_words(named[1])}")
    if named := re.fullmatch(r"/government/organisations/([\w-]+?)(?:\.atom)?", path):
        return _Query("govuk", f"{base}/search/all.atom?organisations[]={named[1]}", f"GOV.UK: {_words(named[1])}")
    content = path.removeprefix("/api/content")
    if content == path and not _GOVUK_PATH.fullmatch(path):
        return None
    return _Query("govuk", f"{base}/api/content{content}", f"GOV.UK: {_words(content.rpartition('/')[2])}")


def _read_legislation_gov_au(path: str, query: str) -> _Query | None:
    base = "https://api.prod.legislation.gov.au"
    if path.startswith("/v1/"):
        asked = quote(path, safe="/()'")
        return _Query("legislation-gov-au", f"{base}{asked}{_tail(query)}", "Laws of Australia")
    named = re.match(r"/(?:Details/|Series/)?([CF]\d{4}[ALNB]\d{5})(?:/|$)", path)
    return (
        _Query("legislation-gov-au", f"{base}/v1/Titles('{named[1]}')", f"Australian law {named[1]}") if named else None
    )


def _read_legisinfo(path: str, query: str) -> _Query | None:
    base = "https://www.parl.ca/legisinfo/en"
    if named := re.match(r"/legisinfo/\w\w/bill/(\d+-\d+)/([cs]-\d+)(?:/|$)", path, re.IGNORECASE):
        bill = named[2].lower()
        return _Query(
            "legisinfo", f"{base}/bill/{named[1]}/{bill}/json", f"Bill {bill.upper()} (Parliament {named[1]})"
        )
    session = dict(parse_qsl(query)).get("parlsession", "")
    if not re.match(r"/legisinfo/\w\w/bills", path) or not re.fullmatch(r"\d+-\d+", session):
        return None
    return _Query("legisinfo", f"{base}/bills/json?parlsession={session}", f"Bills of Canada's Parliament {session}")


def _read_oireachtas(path: str, query: str) -> _Query | None:
    base = "https://api.oireachtas.ie/v1/legislation"
    if path == "/v1/legislation":
        return _Query("oireachtas", f"{base}{_tail(query)}", "Bills before the Oireachtas")
    if named := re.match(r"/\w\w/bills/bill/(\d{4})/(\d+)(?:/|$)", path):
        return _Query("oireachtas", f"{base}?bill_year={named[1]}&bill_no={named[2]}", f"Bill {named[2]} of {named[1]}")
    if not re.fullmatch(r"/\w\w/bills", path):
        return None
    return _Query("oireachtas", f"{base}?date_start={{since:180d}}", "Bills before the Oireachtas")


def _tail(query: str) -> str:
    return f"?{query}" if query else ""


def _words(slug: str) -> str:
    return " ".join(re.split(r"[-_/\s]+", slug)).strip()


_READERS: dict[str, Callable[[str, str], _Query | None]] = {
    "federalregister.gov": _read_federal_register,
    "regulations.gov": _read_regulations_gov,
    "api.regulations.gov": _read_regulations_gov,
    "ecfr.gov": _read_ecfr,
    "congress.gov": _read_congress,
    "api.congress.gov": _read_congress,
    "govinfo.gov": _read_govinfo,
    "api.govinfo.gov": _read_govinfo,
    "legiscan.com": _read_legiscan,
    "api.legiscan.com": _read_legiscan,
    "eur-lex.europa.eu": _read_eu_law,
    "data.europa.eu": _read_eu_law,
    "publications.europa.eu": _read_eu_law,
    "ec.europa.eu": _read_have_your_say,
    "have-your-say.ec.europa.eu": _read_have_your_say,
    "legislation.gov.uk": _read_legislation_gov_uk,
    "gov.uk": _read_govuk,
    "legislation.gov.au": _read_legislation_gov_au,
    "api.prod.legislation.gov.au": _read_legislation_gov_au,
    "parl.ca": _read_legisinfo,
    "oireachtas.ie": _read_oireachtas,
    "api.oireachtas.ie": _read_oireachtas,
}
"""By host, without `www.`."""
