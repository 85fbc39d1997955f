"""Laws of the United States and its states by number: codes, regulations, session laws.

Does not do: acts by name (`names`); the states' ways of citing (`states.toml`), but for California's.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from monitor.compare.citations.mention import Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGN = r"(?:\\?§{1,2}|Sec(?:tions?|s?\.)|Parts?|Chapters?|Ch\.|Title)?\s*"
_SECTION = r"(?P<section>\d+[A-Za-z]{0,2}(?![A-Za-z])(?:[.-]\d+[A-Za-z]?)*)"
_PIN = r"(?P<pin>(?:\(\w{1,4}\))*)"

_FEDERAL = re.compile(
    r"[1-9](?<![\w.]\d)(?P<tens>\d?)\s*(?P<code>U\.?\s?S\.?\s?C(?:ode)?|C\.?\s?F\.?\s?R)(?![A-Za-z])\.?\s*(?:A\.\s*)?"
    + _SIGN
    + r"(?P<section>\d+[A-Za-z]{0,2}(?![A-Za-z])(?:\.\d+(?:-\d+)?)?(?:aa|dd-\d)?)"
    + _PIN,
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\s*(?:,|and|&|or|,\s*and)\s*(?:§{1,2}\s*)?(?P<section>\d{3,}[A-Za-z]{0,2}(?![\w/])(?:\.\d+)?)" + _PIN
)
_TITLE = re.compile(
    r"Title\s+(?P<title>\d{1,2}),?\s+(?:of\s+(?:the\s+)?)?(?:United\s+States|U\.?\s?S\.?)\s+Code,?\s*"
    + _SIGN
    + _SECTION
    + _PIN,
    re.IGNORECASE,
)
_OF_TITLE = re.compile(
    r"[S§](?<!\wS)(?:ection|ec\.)?\s*(?P<section>\d+[A-Za-z]{0,2})(?P<pin>(?:\(\w{1,4}\))*)\s+of\s+Title\s+(?P<title>\d{1,2}),?\s+"
    r"(?:of\s+(?:the\s+)?)?(?:United\s+States|U\.?\s?S\.?)\s+Code",
    re.IGNORECASE,
)
_PUBLIC_LAW = re.compile(
    r"P(?<!\w\w)(?:ub(?:lic|\.)\s*L(?:aw|\.)|\.\s?L\.|L)\s*(?:No\.?\s*)?(?P<law>\d{2,3}[-\u2010-\u2015]\d{1,4})"
    r"(?:,?\s*[Dd]iv(?:ision|\.)\s*(?P<division>[A-Z]{1,2})\b)?"
)
_STATUTES = re.compile(r"\d(?<!\w\d)\d{0,2}\s+Stat\.\s+(?P<at>\d{1,4})(?:\s*\(\d{4}\))?")
_REGISTER = re.compile(r"\d(?<!\w\d)\d?\s+(?:Fed\.\s?Reg\.|F\.?R\.?)\s+(?P<at>\d{1,3},?\d{3})(?!\d)")

_CALIFORNIA = (
    ("civ", r"Civ(?:il|\.)"),
    ("pen", r"Pen(?:al|\.)"),
    ("bpc", r"Bus(?:iness|\.)\s*(?:&|and)\s*Prof(?:essions?|\.)"),
    ("gov", r"Gov(?:ernment|'t|\u2019t|\.)"),
    ("hsc", r"Health\s*(?:&|and)\s*Saf(?:ety|\.)"),
    ("edc", r"Educ(?:ation|\.)"),
    ("ins", r"Ins(?:urance|\.)"),
    ("lab", r"Lab(?:or|\.)"),
    ("fam", r"Fam(?:ily|\.)"),
    ("fin", r"Fin(?:ancial|\.)"),
    ("corp", r"Corp(?:orations?|\.)"),
    ("ccp", r"Code\s*(?:of\s*)?Civ(?:il|\.)\s*Proc(?:edure|\.)"),
)
"""As the state's legislature abbreviates its codes (leginfo.legislature.ca.gov)."""
_CALIFORNIAN = "|".join(rf"(?P<{name}>{pattern})" for name, pattern in _CALIFORNIA)
_CAL_CODE = re.compile(
    rf"C(?<!\w\w)(?:al(?:ifornia|\.)(?:['\u2019]s)?\s+|(?=ivil\s+Code|al\.))(?:{_CALIFORNIAN}|ivil)\s*(?:Code,?)?\s*"
    + _SIGN
    + r"(?P<section>\d+(?:\.\d+)*[a-z]?(?![\w]))"
    + _PIN,
    re.IGNORECASE,
)
_OF_CAL_CODE = re.compile(
    r"[S§](?<!\wS)(?:ections?|ec\.|§)?\s*(?P<section>\d+(?:\.\d+)*)(?P<pin>(?:\(\w{1,4}\))*)(?:\s*(?:,|et\.?\s*seq\.?,?))?\s+of\s+(?:the\s+)?"
    rf"(?:California(?:['\u2019]s)?|Cal\.)\s+(?:{_CALIFORNIAN})\s*Code",
    re.IGNORECASE,
)

_STATE_SIGNS = re.compile(r"Stat|Code|ILCS|C\.?R\.?S|Law|NRS|N\.R\.S|RCW|ORS|M\.?G\.?L|N\.?J\.?\s?S")
"""One of these stands in every mention of a state's law."""


def iter_us(text: str) -> Iterator[Mention]:
    """The laws of the United States that a text names by number."""
    yield from _iter_codes(text)
    for pattern in (_TITLE, _OF_TITLE):
        for match in pattern.finditer(text):
            yield Mention(match.start(), match.end(), f"us:usc:{match['title']}/{match['section']}", match["pin"])
    for match in _PUBLIC_LAW.finditer(text):
        law = re.sub(r"[^\d]", "-", match["law"])
        division = f"/div{match['division']}" if match["division"] else ""
        yield Mention(match.start(), match.end(), f"us:publ:{law}{division}")
    for match in _STATUTES.finditer(text):
        yield Mention(match.start(), match.end(), f"us:stat:{match[0].split()[0]}/{match['at']}")
    for match in _REGISTER.finditer(text):
        yield Mention(match.start(), match.end(), f"us:fr:{match[0].split()[0]}/{match['at'].replace(',', '')}")
    yield from _iter_states(text)


def _iter_codes(text: str) -> Iterator[Mention]:
    """A section of a code, and those that follow after a comma or an "and"."""
    for match in _FEDERAL.finditer(text):
        title = match[0][0] + match["tens"]
        norm = f"us:{'usc' if match['code'][0] in 'Uu' else 'cfr'}:{title}"
        yield Mention(match.start(), match.end(), f"{norm}/{match['section']}", match["pin"])
        more = _MORE.match(text, match.end())
        while more:
            yield Mention(more.start("section"), more.end(), f"{norm}/{more['section']}", more["pin"])
            more = _MORE.match(text, more.end())


def _iter_states(text: str) -> Iterator[Mention]:
    if "Cal" in text or "CAL" in text:
        for pattern in (_CAL_CODE, _OF_CAL_CODE):
            for match in pattern.finditer(text):
                code = next((name for name, _ in _CALIFORNIA if match[name]), "civ")
                yield Mention(match.start(), match.end(), f"us-ca:{code}:{match['section']}", match["pin"])
    if _STATE_SIGNS.search(text):
        for norm, pattern in _states():
            for match in pattern.finditer(text):
                yield Mention(match.start(), match.end(), norm.format(**match.groupdict()), match["pin"])


@cache
def _states() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = tomllib.loads((files(__package__) / "states.toml").read_text("utf-8"))
    return tuple((row["norm"], re.compile(row["pattern"] + _PIN)) for row in table["state"])
