"""Legal references in a text, in normal form: the law (norm), and behind a `#` the article or section (pin).

| Jurisdiction   | Written                                          | Normal form                          |
|----------------|--------------------------------------------------|--------------------------------------|
| European Union | Regulation (EU) 2022/2065, Article 16            | `eu:reg:2022/2065#art16`             |
|                | Article 6(12) of the DMA; recital 47 of the GDPR | `eu:reg:2022/1925#art6(12)`; `…#rec47` |
|                | Directive 95/46/EC; CELEX:32021D0914             | `eu:dir:1995/46`; `eu:dec:2021/914`  |
| United States  | 18 U.S.C. § 2258A(f); 16 CFR Part 312            | `us:usc:18/2258A#(f)`; `us:cfr:16/312` |
|                | Pub. L. 118-50, Div. H; 138 Stat. 895            | `us:publ:118-50/divH`; `us:stat:138/895` |
|                | 89 Fed. Reg. 1234                                | `us:fr:89/1234`                      |
| its states     | Cal. Civ. Code § 1798.100; 740 ILCS 14           | `us-ca:civ:1798.100`; `us-il:ilcs:740/14` |
| United Kingdom | Online Safety Act 2023, section 64; SI 2003/2426 | `uk:ukpga:2023/50#s64`; `uk:uksi:2003/2426` |
| Germany        | § 5 NetzDG                                       | `de:netzdg#§5`                       |
| France, Brazil | Loi n° 2004-575; Lei nº 13.709/2018              | `fr:loi:2004-575`; `br:lei:13709/2018` |
| Canada         | S.C. 2000, c. 5                                  | `ca:sc:2000/c5`                      |
| Australia …    | Online Safety Act 2021                           | `au:online-safety-act-2021`          |

An act that is cited by name has the norm of the act where its country numbers its acts, else that of the first section
of the code that it made (COPPA: `us:usc:15/6501`).

Does not do: references that need the sentences around them ("that Regulation", "the Act"), cases, treaties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.compare.citations.eu import iter_eu
from monitor.compare.citations.names import iter_names
from monitor.compare.citations.national import iter_national
from monitor.compare.citations.pins import find_pins
from monitor.compare.citations.us import iter_us
from monitor.model import Citation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from monitor.compare.citations.mention import Mention


def find_citations(text: str) -> tuple[Citation, ...]:
    """Each law that the text names, once for every normal form, in reading order."""
    numbered = _without_overlaps([*iter_eu(text), *iter_us(text), *iter_national(text)], [])
    named = iter_names(text, {mention.norm for mention in numbered})
    found: dict[str, Citation] = {}
    for mention in sorted([*numbered, *_without_overlaps(named, numbered)]):
        for citation in _read(text, mention):
            found.setdefault(citation.id, citation)
    return tuple(found.values())


def _without_overlaps(mentions: Iterable[Mention], others: Sequence[Mention]) -> list[Mention]:
    """Those that share no character with `others` or each other; of two that do, the one that begins first."""
    taken = {at for each in others for at in range(each.start, each.end)}
    kept = []
    for mention in sorted(mentions, key=lambda each: (each.start, -each.end)):
        if taken.isdisjoint(range(mention.start, mention.end)):
            kept.append(mention)
            taken.update(range(mention.start, mention.end))
    return kept


def _read(text: str, mention: Mention) -> Iterator[Citation]:
    start, end, pins = find_pins(text, mention)
    for pin in pins:
        yield Citation(text[start:end], f"{mention.norm}#{pin}")
    if not pins:
        yield Citation(text[start:end], mention.norm)
