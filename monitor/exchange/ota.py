"""The declarations of Open Terms Archive: a folder of JSON files, one a service, with its terms by their type.

    {"name": "Example",
     "terms": {"Privacy Policy": {"fetch": "https://…", "select": {"startBefore": "h1", "endBefore": "footer"}}}}

Terms become one source, also where several addresses are combined: what is said above them holds for each that does
not say otherwise. Addresses that are read in different ways (other selectors, or a PDF among pages) become a source for
each way, because a source has one: the selectors of all together would keep too much of some and, with ranges, nothing
of others. Filters are programs and are not taken, nor are the histories of declarations.

Does not do: finding the declarations on the net, texts that were archived (`monitor.backfill`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

import yaml
from pydantic import AliasChoices, BaseModel, BeforeValidator, Field, ValidationError

from monitor.discovery.guesses import slug
from monitor.discovery.topics import guess_topics
from monitor.errors import ConfigurationError
from monitor.exchange.taking import Candidate, Listing
from monitor.model import Pack
from monitor.sources.selectors import read_selector

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

FOLDERS = ("declarations", "services")
"""Where the declarations are in a repository; the second before 2022."""
_HISTORY = ".history.json"
_PROGRAMS = ".filters.js"
_NAMED = 5
"""So many files are named, where none can be read."""
_TOPICS = {
    "Brand Guidelines": "ip",
    "Data Controller Agreement": "privacy",
    "Data Processor Agreement": "privacy",
    "Deceased Users": "privacy",
    "In-App Purchases Policy": "monetisation",
    "Live Policy": "community-guidelines",
    "Marketplace Buyers Conditions": "consumer-protection",
    "Marketplace Sellers Conditions": "terms",
    "Quality Guidelines": "community-guidelines",
    "Ranking Parameters Description": "transparency",
    "Reports List": "transparency",
    "Restricted Use Policy": "ads",
    "Trackers Policy": "privacy",
    "User Consent Policy": "privacy",
}
"""What terms are about whose type (in the repository `terms-types`) does not say it."""
CATALOGUE_TOPICS = frozenset({
    "ads", "age-assurance", "ai-deepfakes", "app-store", "appeals-complaints", "child-safety", "community-guidelines",
    "consumer-protection", "csam", "data-access", "data-requests", "developer-terms", "dsa-systemic-risk", "elections",
    "fraud-spam", "harassment", "hate", "ip", "misinformation", "monetisation", "privacy", "regulated-goods",
    "self-harm", "sexual-content", "terms", "terrorism", "transparency", "violence",
})  # fmt: skip
"""The topics of the catalogue that is shipped (docs/sources.md)."""
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_REGION = re.compile(r"\(([^()]+)\)\s*$")
_REGIONS = {
    "eu": "EU", "eea": "EU", "europe": "EU", "european union": "EU", "uk": "GB", "united kingdom": "GB",
    "great britain": "GB", "usa": "US", "united states of america": "US",
}  # fmt: skip

_Selectors = Annotated[list[Any], BeforeValidator(lambda given: given if isinstance(given, list) else [given])]


class _Reading(BaseModel):
    """How a page is read; None = what is said above it, if anything is."""

    select: _Selectors | None = None
    remove: _Selectors | None = None
    filters: list[str | dict[str, Any]] = Field(default=[], alias="filter")
    scripts: bool = Field(default=False, alias="executeClientScripts")


class _Page(_Reading):
    fetch: str


class _Terms(_Reading):
    fetch: str | None = None
    combine: list[_Page] = []


class _Service(BaseModel):
    name: str
    terms: dict[str, Any] = Field(validation_alias=AliasChoices("terms", "documents"))


def read_ota(folder: Path) -> Listing:
    """What the repository at `folder`, or the folder of its declarations, declares.

    Raises ConfigurationError where there are no declarations, or none that can be read.
    """
    home, clone = _find_home(folder.resolve())
    names = sorted(each.name for each in home.iterdir() if each.is_file())
    declarations = [name for name in names if name.endswith(".json") and not name.endswith(_HISTORY)]
    pack = _name_pack(clone)
    found = [each for name in declarations for each in _iter_service(home / name, pack)]
    candidates = tuple(each for each in found if isinstance(each, Candidate))
    refused = tuple(each for each in found if isinstance(each, str))
    if not candidates:
        raise ConfigurationError(_say_none(folder, refused))
    remarks = []
    for suffix, what in ((_HISTORY, "how terms were declared before"), (_PROGRAMS, "filters, which are programs")):
        number = sum(name.endswith(suffix) for name in names)
        remarks += [f"*{suffix} is not read ({number:,}): {what}"] if number else []
    return Listing(candidates, tuple(remarks), refused)


def _find_home(folder: Path) -> tuple[Path, Path]:
    """The folder of the declarations and that of the clone, whichever of them is named."""
    below = next((folder / name for name in FOLDERS if (folder / name).is_dir()), None)
    if below:
        return below, folder
    return folder, folder.parent if folder.name in FOLDERS else folder


def _say_none(folder: Path, refused: Sequence[str]) -> str:
    what = "no declaration in it can be read" if refused else "no declarations in it"
    first = [f"  {each}" for each in refused[:_NAMED]]
    more = [f"  and {len(refused) - _NAMED:,} more"] if len(refused) > _NAMED else []
    advice = "Name a clone of a repository of declarations of Open Terms Archive, such as pga-declarations."
    return "\n".join([f"{folder}: {what}. {advice}", *first, *more])


def _name_pack(clone: Path) -> Pack:
    """After the collection, as its metadata or else its folder names it."""
    short = clone.name.removesuffix("-declarations")
    try:
        metadata = yaml.safe_load((clone / "metadata.yml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        metadata = None
    told = metadata if isinstance(metadata, dict) else {}
    return Pack(
        f"ota-{slug(str(told.get('id') or short))}".rstrip("-"), f"{told.get('name') or short} (Open Terms Archive)"
    )


def _iter_service(path: Path, pack: Pack) -> Iterator[Candidate | str]:
    """What one file declares; in words what of it cannot be read or taken."""
    try:
        service = _Service.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        yield f"{path.name}: no declaration of a service ({_explain(error)})"
        return
    for title, given in service.terms.items():
        try:
            terms = _Terms.model_validate(given)
        except ValidationError as error:
            yield f"{service.name}, {title}: no declaration of terms ({_explain(error)})"
        else:
            if terms.fetch or terms.combine:
                yield from _iter_terms(service.name, title, terms, pack)
            else:
                yield f"{service.name}, {title}: has no `fetch`"


def _explain(error: OSError | ValidationError) -> str:
    if isinstance(error, OSError):
        return str(error.strerror)
    first = error.errors()[0]
    return ": ".join([*map(str, first["loc"]), first["msg"]])


def _iter_terms(service: str, title: str, terms: _Terms, pack: Pack) -> Iterator[Candidate]:
    pages = terms.combine or [_Page(fetch=terms.fetch or "")]
    filters = list(dict.fromkeys(_name_filter(each) for page in [terms, *pages] for each in page.filters))
    ways = _group(pages, terms)
    remarks = tuple(_iter_remarks([terms, *pages], filters, len(ways)))
    has_scripts = any(page.scripts for page in [terms, *pages])
    knows = {"note": f"Open Terms Archive also runs {', '.join(filters)} on it"} if filters else {}
    for number, way in enumerate(ways, 1):
        common = {
            "id": slug(f"{slug(service) or pages[0].fetch.partition('//')[2].partition('/')[0]} {title}") or "terms",
            "name": f"{service} {title}" + (f" ({number} of {len(ways)})" if len(ways) > 1 else ""),
            "publisher": service,
            "jurisdiction": _find_region(service) or "global",
            "topics": _find_topics(title),
        }
        needs = {"render": True} if has_scripts and way["kind"] == "html" else {}
        yield Candidate(f"{service}, {title}", common | _spread(way) | needs | knows, pack, remarks)


def _iter_remarks(pages: Sequence[_Reading], filters: Sequence[str], ways: int) -> Iterator[str]:
    for fault in dict.fromkeys(fault for page in pages for fault in _find_faults(page.remove or [])):
        yield f"taken without a part of `remove`: {fault}"
    if filters:
        yield f"taken without its filters: {', '.join(filters)}"
    if ways > 1:
        yield f"its addresses are read in {ways} ways, so there is a source for each"


def _group(pages: Sequence[_Page], terms: _Terms) -> list[dict[str, Any]]:
    """The ways in which the pages are read, each with its addresses, in order."""
    ways: dict[str, dict[str, Any]] = {}
    for page in pages:
        way = _read_way(page, terms)
        urls = ways.setdefault(repr(way), way | {"urls": []})["urls"]
        urls += [page.fetch] if page.fetch not in urls else []
    return list(ways.values())


def _read_way(page: _Page, terms: _Terms) -> dict[str, Any]:
    """The keys that say how a page is read. What is not selected from is a PDF, which has nothing to select."""
    select = terms.select if page.select is None else page.select
    remove = terms.remove if page.remove is None else page.remove
    if select is None or _is_pdf(page.fetch):
        return {"kind": "pdf"}
    good = [each for each in remove or [] if not _find_faults([each])]
    return {"kind": "html", "select": [*map(_convert, select)], "remove": [*map(_convert, good)]}


def _is_pdf(url: str) -> bool:
    try:
        return urlsplit(url).path.lower().endswith(".pdf")
    except ValueError:
        return False


def _spread(way: dict[str, Any]) -> dict[str, Any]:
    """With one address under `url`."""
    urls = way["urls"]
    others = {key: value for key, value in way.items() if key != "urls"}
    return others | ({"urls": urls} if len(urls) > 1 else {"url": urls[0]})


def _convert(selector: object) -> object:
    """A range with the names of its ends as `sources.yaml` spells them; anything else as it is."""
    if not isinstance(selector, dict):
        return selector
    return {_HUMP.sub("_", str(key)).lower(): value for key, value in selector.items()}


def _find_faults(selectors: Sequence[object]) -> list[str]:
    faults = []
    for each in selectors:
        try:
            read_selector(_convert(each))
        except ValueError as error:
            faults.append(str(error))
    return faults


def _name_filter(each: str | dict[str, Any]) -> str:
    """A filter is named, or named with what it is given."""
    return each if isinstance(each, str) else ", ".join(each)


def _find_topics(title: str) -> tuple[str, ...]:
    known = _TOPICS.get(title)
    return (known,) if known else guess_topics(title, "", CATALOGUE_TOPICS)


def _find_region(service: str) -> str | None:
    """The jurisdiction that ends the name of a service: `Example (EU)`."""
    found = _REGION.search(service)
    return _regions().get(found[1].strip().lower()) if found else None


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    """ISO 3166 codes by themselves and by the names that the time zone database gives them."""
    lines = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8").lower().splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    return {each: code.upper() for code, name in pairs for each in (code, name)} | _REGIONS
