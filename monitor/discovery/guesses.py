"""Who publishes a page, whose rule it is, what people call it and by which id it goes.

What `sources.yaml` says of other addresses of the same host goes before anything that a page says of itself: a file
should call one publisher by one name.

Does not do: topics (`topics`), reading pages (`looks`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import TypeAdapter, ValidationError

from monitor.sources.keys import Jurisdiction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from monitor.model import Source

AGREED = 0.75
"""Share of the neighbours that must say the same for it to be said of another one."""
MOST_ID_WORDS = 5
GLOBAL = "global"


def _words_of(text: str) -> frozenset[str]:
    return frozenset(text.split())


_GENERIC = _words_of("io ai me tv co ly gg fm cc ws to sh ms im so vc st gl la app")
"""Country codes that anybody uses, wherever they are."""
_ENDINGS = {"uk": "GB", "gov": "US", "mil": "US", "eu": "EU"}
_REGIONS = {"eea": "EU", "eu": "EU", "dsa": "EU", "uk": "GB", "usa": "US"}
"""What words of an address call a region, beside the codes of countries; `dsa` is the Digital Services Act."""
_COUNTRIES = _words_of("us gb au nz ca ie sg jp kr br mx de fr es it nl pl se dk fi ch pt za")
"""Codes that stand for a country where they are a whole part of a path, and not the language of the page."""
_STATES = dict(
    re.findall(
        r"(\w+)=(\w+)",
        "alabama=AL alaska=AK arizona=AZ arkansas=AR california=CA colorado=CO connecticut=CT delaware=DE florida=FL "
        "georgia=GA hawaii=HI idaho=ID illinois=IL indiana=IN iowa=IA kansas=KS kentucky=KY louisiana=LA maine=ME "
        "maryland=MD massachusetts=MA michigan=MI minnesota=MN mississippi=MS missouri=MO montana=MT nebraska=NE "
        "nevada=NV newhampshire=NH newjersey=NJ newmexico=NM newyork=NY northcarolina=NC northdakota=ND ohio=OH "
        "oklahoma=OK oregon=OR pennsylvania=PA rhodeisland=RI southcarolina=SC southdakota=SD tennessee=TN texas=TX "
        "utah=UT vermont=VT virginia=VA washington=WA westvirginia=WV wisconsin=WI wyoming=WY",
    )
)
"""As they stand before `.gov`, by name or by code."""
_SECOND = _words_of("co com org gov gob gouv govt go ac edu net or ne gv nic parliament police nhs")
"""What stands before the code of a country in `ofcom.org.uk`."""
_SEPARATORS = re.compile(r"\s+[|–—·•»«:-]\s+|\s*[|»]\s*|:\s+")
_WORDS = re.compile(r"[a-z0-9]+")
_STOPWORDS = _words_of(
    "a an and the of for to in on our your with by at from about und der die das des de du la le les et y el los en di"
    " e il home page official site welcome html htm index aspx php"
)
_jurisdictions: TypeAdapter[str] = TypeAdapter(Jurisdiction)


def find_neighbours(known: Iterable[Source], url: str) -> tuple[Source, ...]:
    """The sources at the same host; where there are none, at other hosts of its domain."""
    host = host_of(url)
    hosts = {each: {host_of(other) for other in each.urls} for each in known}
    same = tuple(each for each in hosts if host in hosts[each])
    return same or tuple(each for each in hosts if find_domain(host) in set(map(find_domain, hosts[each])))


def agree(values: Iterable[str]) -> str:
    """What most of these say; "" where they do not agree."""
    counted = Counter(values)
    value, count = max(counted.items(), key=lambda each: each[1], default=("", 0))
    return value if count >= AGREED * counted.total() else ""


def host_of(url: str) -> str:
    """The host of an address in small letters, without `www.`."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def find_domain(host: str) -> str:
    """The part of a host that somebody registered: `ofcom.org.uk`, `tiktok.com`."""
    labels = host.split(".")
    return ".".join(labels[-3:] if labels[-2:-1] and labels[-2] in _SECOND else labels[-2:])


def guess_publisher(neighbours: Iterable[Source], said: Sequence[str], title: str, url: str) -> str:
    """As the file calls it, else the name that the host bears out, else what the page says first.

    `said` is what the page calls its publisher, the surest first; a claim behind the name is left out.
    """
    host = host_of(url)
    label = host if host.rpartition(".")[2].isdigit() else find_domain(host).partition(".")[0]
    parts = [part.strip() for each in said for part in _SEPARATORS.split(each)]
    named = [*parts, *(part.strip() for part in reversed(_SEPARATORS.split(title)[1:]))]
    borne_out = next((each for each in named if _fits(each, label)), "")
    return agree(each.publisher for each in neighbours) or borne_out or next(iter(parts), "") or label.capitalize()


def _fits(name: str, label: str) -> bool:
    """Whether a host of this label can be that of this name: `gla` is the Greater London Authority's."""
    said, short = _spell(name), "".join(word[0] for word in name.lower().split())
    return bool(said) and (_spell(label) in said or said in _spell(label) or short == _spell(label))


def guess_jurisdiction(neighbours: Iterable[Source], language: str, url: str) -> str:
    """As the address names a region, else as the file says of this host, else by the end of the host."""
    known = [each.jurisdiction for each in neighbours]
    named = "" if is_local(url) else next(_iter_regions(url, language), "")
    if named and (not known or named in known or agree(known) == GLOBAL):
        return named
    if known:
        return agree(known) or (GLOBAL if GLOBAL in known else known[0])
    return _place_host(host_of(url))


def is_local(url: str) -> bool:
    """Whether the host itself belongs to a country, a state or a union, and so do ids of what it publishes."""
    return _place_host(host_of(url)) != GLOBAL


def _place_host(host: str) -> str:
    *_, before, last = ["", *host.split(".")]
    if last == "gov" and (before in _STATES or before.upper() in _STATES.values()):
        return f"US-{_STATES.get(before, before.upper())}"
    if last in _GENERIC and before not in _SECOND:
        return GLOBAL
    return _read_jurisdiction(_ENDINGS.get(last, last.upper())) or GLOBAL


def _iter_regions(url: str, language: str) -> Iterator[str]:
    """The regions that an address names: by `gl=IE`, by a part of its path (`/us/`), by a word of it (`terms-eea`)."""
    address, own = urlsplit(url), language.partition("-")[0].lower()
    asked = dict(parse_qsl(address.query)).get("gl", "").upper()
    if found := _read_jurisdiction(asked):
        yield found
    for part in address.path.lower().split("/"):
        if part in _COUNTRIES and part != own:
            yield part.upper()
        if "digital-services-act" in part:
            yield "EU"
        yield from (_REGIONS[word] for word in _WORDS.findall(part) if word in _REGIONS and word != own)


def _read_jurisdiction(text: str) -> str:
    try:
        return _jurisdictions.validate_python(text)
    except ValidationError:
        return ""


def guess_title(title: str, heading: str, publisher: str) -> str:
    """What the page is called, without its site: its heading if the title has that too, else how the title begins."""
    parts = [part.strip() for part in _SEPARATORS.split(title) if part.strip()]
    own = [part for part in parts if _spell(part) not in {_spell(publisher), "home", ""}]
    if heading and _spell(heading) in _spell(title) and _spell(heading) != _spell(publisher):
        return heading
    return next(iter(own), "") or heading or title


def guess_name(title: str, publisher: str) -> str:
    """The title, with the publisher where it is not in it: digests show many that are called "Terms of service"."""
    return title if _spell(publisher) in _spell(title) else f"{publisher}: {title}"


def guess_id(
    known: Collection[str], neighbours: Iterable[Source], name: str, publisher: str, place: str, *, path: str = ""
) -> str:
    """An id in the style of the file that none has: the beginning of its neighbours' ids, and words of its name.

    `place` is where it stands: its jurisdiction, as ids begin with it, or "" for what is global. The `path` of its
    address gives the words where the name has none in Latin letters.
    """
    begin = _find_beginning([each.id for each in neighbours]) or slug(f"{place} {publisher}").split("-")
    said = {*begin, *slug(publisher).split("-"), *_STOPWORDS, ""}
    words = [word for word in slug(name).split("-") if word not in said][:MOST_ID_WORDS]
    if "".join(words).isdecimal() or not words:
        words = [word for word in slug(path).split("-") if word not in said][-MOST_ID_WORDS:] or words
    found = "-".join([each for each in begin if each] + words) or "source"
    return next(each for each in _iter_numbered(found) if each not in known)


def _find_beginning(ids: Sequence[str]) -> list[str]:
    """The words with which most of all these begin and then go on, if there are several."""
    begin: list[str] = []
    while len(ids) > 1:
        length = len(begin) + 1
        longer = agree("-".join(each.split("-")[:length]) if each.count("-") >= length else "" for each in ids)
        if not longer:
            break
        begin = longer.split("-")
    return begin


def _iter_numbered(text: str) -> Iterator[str]:
    yield text
    number = 2
    while True:
        yield f"{text}-{number}"
        number += 1


def slug(text: str) -> str:
    """Small letters, digits and single hyphens: what ids are made of. What no Latin letter stands for is left out."""
    plain = unicodedata.normalize("NFKD", unquote(text)).encode("ascii", "ignore").decode().lower().replace("'", "")
    return "-".join(_WORDS.findall(plain))


def _spell(text: str) -> str:
    return "".join(each for each in text.lower() if each.isalnum())
