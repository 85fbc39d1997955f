"""CELEX numbers, and which texts of an act CELLAR lists under them.

    32022R2065            Regulation (EU) 2022/2065, as published
    32022R2065R(01)       its first corrigendum
    02022R2065-20240101   its consolidated text, as of 1 January 2024
    52020PC0825           a proposal of the Commission

Does not do: asking CELLAR (`spiders.cellar`), reading texts (`monitor.publishers`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from monitor.envelope import part, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FORMATS = ("xhtml", "html")
"""The best first: older acts have the second one only."""
MAX_DOCUMENTS = 50
"""Of one text that are asked for. Most have one; the pictures of a text are documents as well."""

_ADDRESS = re.compile(r"/resource/celex/(?P<celex>\d[0-9A-Z()/_-]{5,40})")
_CORRIGENDUM = re.compile(r"(?P<act>.+)R\((?P<number>\d+)\)")
_AS_OF = re.compile(r".+-(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)")
_DOCUMENT = re.compile(r"/resource/cellar/[0-9a-f]{8}-[0-9a-f-]{27}[.0-9]*/DOC_(?P<number>\d{1,3})")


@dataclass(frozen=True, slots=True)
class ActText:
    """One English text of an act."""

    celex: str
    day: date | None
    """The day as of which it is consolidated; None = as published."""
    urls: tuple[str, ...]
    """Its documents in their order, mostly one: each is (X)HTML, or a picture in it."""


def find_celex(url: str) -> str:
    """The number in the address of an act, `/resource/celex/32022R2065`; "" where it is none."""
    named = _ADDRESS.fullmatch(unquote(urlsplit(url).path))
    return named["celex"] if named else ""


def find_corrected(celex: str) -> str:
    """The number of the act that a corrigendum corrects; "" for everything else."""
    named = _CORRIGENDUM.fullmatch(celex)
    return named["act"] if named else ""


def list_texts(listing: Mapping[str, Any], url: str) -> tuple[ActText, ...]:
    """The texts in an answer to `spiders.cellar.ask_for_texts(url)`: as published, then consolidated, the oldest first.

    Their URLs are on the host of `url`: the answer names paths only, in CELLAR's own form. Superseded consolidated
    texts may be withdrawn: such a URL answers with 404.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for celex, kind, path in _iter_documents(listing):
        found.setdefault(celex, {}).setdefault(kind, set()).add(path)
    site = urlsplit(url)
    texts = [
        ActText(celex, _find_day(celex), tuple(f"{site.scheme}://{site.netloc}{path}" for path in _best(by_kind)))
        for celex, by_kind in found.items()
    ]
    return tuple(sorted(texts, key=lambda each: (each.day or date.min, each.celex)))


def _iter_documents(listing: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """CELEX, format and path of each document."""
    for row in rows(part(listing, "results"), "bindings"):
        celex, kind, item = (str(part(row, name).get("value")) for name in ("celex", "format", "item"))
        path = _find_path(item)
        if kind in FORMATS and _DOCUMENT.fullmatch(path):
            yield celex, kind, path


def _find_path(address: str) -> str:
    """The path of a URL; "" where it is none."""
    try:
        return urlsplit(address).path if address.startswith("http") else ""
    except ValueError:
        return ""


def _best(by_kind: Mapping[str, set[str]]) -> list[str]:
    """The documents of the best format, of each manifestation DOC_2 before DOC_10."""
    paths = next(by_kind[kind] for kind in FORMATS if kind in by_kind)
    return sorted(paths, key=lambda each: (each.rpartition("/")[0], int(each.rpartition("_")[2])))


def _find_day(celex: str) -> date | None:
    named = _AS_OF.fullmatch(celex)
    try:
        return date(int(named["year"]), int(named["month"]), int(named["day"])) if named else None
    except ValueError:
        return None
