"""CELLAR, the store of the EU's Publications Office: acts and proposals of a window, or one act with its text.

    /webapi/rdf/sparql?types=…&since=…&about=…&words=…   how many there are, then what is known of each
    /resource/celex/32022R2065                           what is known of the act, which texts there are, the newest one

The parameters of the first are ours, and whoever declares it writes no SPARQL:

    types    codes of the kinds of documents, such as `REG,DIR,PROP_REG`; the default is TYPES
    since    the earliest date of the document; it appears in CELLAR some weeks later
    about    a CELEX number: what amends, corrects, repeals, implements or is based on that act, or proposes to
    words    any of these stands in the English title, `minors,online platforms`

The documents of a text are asked for by their own address (`monitor.celex`): the address of the act leads there by a
redirect to plain http, or to a choice of several.

Does not do: other languages than English; queries of one's own.
"""

from __future__ import annotations

import json
from typing import ClassVar
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from monitor.celex import MAX_DOCUMENTS, find_celex, list_texts
from spiders.interface import Conversation, InterfaceSpider, set_query

TYPES = (
    "REG", "REG_DEL", "REG_IMPL", "DIR", "DIR_DEL", "DIR_IMPL", "DEC", "DEC_DEL", "DEC_IMPL",
    "PROP_REG", "PROP_DIR", "PROP_DEC",
)  # fmt: skip
"""Acts and proposals, by the Publications Office's authority table `resource-type`."""

_SPARQL = "/webapi/rdf/sparql"
_AUTHORITY = "http://publications.europa.eu/resource/authority"
_PREFIXES = "PREFIX cdm: <http://publications.europa.eu/ontology/cdm#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
_ENGLISH = f"cdm:expression_uses_language <{_AUTHORITY}/language/ENG>"
_RELATIONS = (
    "resource_legal_amends_resource_legal",
    "resource_legal_corrects_resource_legal",
    "resource_legal_repeals_resource_legal",
    "resource_legal_implicitly_repeals_resource_legal",
    "resource_legal_completes_resource_legal",
    "resource_legal_implements_resource_legal",
    "resource_legal_based_on_resource_legal",
    "resource_legal_proposes_to_amend_resource_legal",
)
_LISTS = {
    "forces": "?work cdm:resource_legal_date_entry-into-force ?force",
    "deadlines": "?work cdm:resource_legal_date_deadline ?deadline",
    "transpositions": "?work cdm:directive_date_transposition ?transposition",
    "ends": "?work cdm:resource_legal_date_end-of-validity ?end",
    "in_force": "?work cdm:resource_legal_in-force ?standing",
    "repealers": "?repeal cdm:resource_legal_repeals_resource_legal ?work ; cdm:resource_legal_id_celex ?repealer",
    "withdrawn": "?dossier cdm:dossier_contains_work ?work ; cdm:dossier_withdrawn-proposal ?withdrawal",
}
"""What a work may have several of: the name of the list, and how its members are found, as the last variable."""


class CellarSpider(InterfaceSpider):
    name = "cellar"
    kinds = frozenset({"cellar"})
    zone: ClassVar[ZoneInfo] = ZoneInfo("Europe/Brussels")
    accept = "application/sparql-results+json,application/xhtml+xml,text/html,*/*;q=0.1"
    cut_short = frozenset({"x-sql-state", "x-sparql-maxrows"})

    def converse(self, url: str) -> Conversation:
        parts = urlsplit(url)
        if celex := find_celex(url):
            yield _ask(url, _facts(_one(celex)))
            texts = list_texts((yield ask_for_texts(url)).content, url)
            ahead = list(texts[-1].urls[:MAX_DOCUMENTS]) if texts else []
            while ahead:
                yield ahead.pop(0)
        elif parts.path == _SPARQL and "query" not in parse_qs(parts.query):
            found = _window(parts.query)
            yield _ask(url, f"SELECT (COUNT(DISTINCT ?celex) AS ?total) WHERE {{ {found} }}")
            yield _ask(url, _facts(found))
        else:
            yield url


def ask_for_texts(url: str) -> str:
    """The URL that lists all English texts of the act at `url`, consolidated ones too (`monitor.celex.list_texts`).

    A consolidated text is linked to every act that it has taken in, so only those whose number is derived from this
    act's are its own.
    """
    celex = find_celex(url)
    return _ask(
        url,
        "SELECT DISTINCT ?celex ?format ?item WHERE { "
        f"{{ {_one(celex)} }} UNION {{ ?act cdm:resource_legal_id_celex {_literal(celex)} . "
        "?work cdm:act_consolidated_consolidates_resource_legal ?act ; cdm:resource_legal_id_celex ?celex . "
        f'FILTER(STRSTARTS(STR(?celex), "0{celex[1:]}-")) }} '
        f"?expression cdm:expression_belongs_to_work ?work ; {_ENGLISH} . "
        "?manifestation cdm:manifestation_manifests_expression ?expression ; cdm:manifestation_type ?format . "
        "?item cdm:item_belongs_to_manifestation ?manifestation . "
        'FILTER(STR(?format) IN ("xhtml", "html")) } ORDER BY ?celex ?format ?item',
    )


def _ask(url: str, query: str) -> str:
    """The question on the host of the declared URL. `format` outweighs the Accept header."""
    endpoint = urlunsplit(urlsplit(url)._replace(path=_SPARQL, query="", fragment=""))
    return set_query(endpoint, query=_PREFIXES + query, format="application/sparql-results+json")


def _facts(found: str) -> str:
    """What is known of each work that is found. Several values of one kind come as one text, joined by commas."""
    lists = " ".join(
        f'(GROUP_CONCAT(DISTINCT {how.rpartition(" ")[2]}; separator=",") AS ?{name})' for name, how in _LISTS.items()
    )
    optional = " ".join(f"OPTIONAL {{ {how} }}" for how in _LISTS.values())
    return (
        f"SELECT ?celex ?date {lists} (SAMPLE(?name) AS ?title) WHERE {{ {found} {optional} "
        f"OPTIONAL {{ ?expression cdm:expression_belongs_to_work ?work ; {_ENGLISH} ; cdm:expression_title ?name }} "
        "} GROUP BY ?celex ?date ORDER BY DESC(?date) ?celex"
    )


def _one(celex: str) -> str:
    """The condition for the work of this number."""
    dated = "?work cdm:resource_legal_id_celex ?celex ; cdm:work_date_document ?date ."
    return f"VALUES ?celex {{ {_literal(celex)} }} {dated}"


def _window(query: str) -> str:
    """The conditions that the parameters of a declared URL stand for."""
    wanted = {name: ",".join(values) for name, values in parse_qs(query).items()}
    types = _split(wanted.get("types", "")) or TYPES
    codes = ", ".join(f"<{_AUTHORITY}/resource-type/{quote(each, safe='')}>" for each in types)
    conditions = [
        "?work cdm:work_has_resource-type ?type ; cdm:resource_legal_id_celex ?celex ; cdm:work_date_document ?date .",
        f"FILTER(?type IN ({codes}))",
    ]
    if since := wanted.get("since"):
        conditions.append(f"FILTER(?date >= {json.dumps(since)}^^xsd:date)")
    if about := wanted.get("about"):
        relations = " ".join(f"cdm:{each}" for each in _RELATIONS)
        conditions.append(f"VALUES ?relation {{ {relations} }} ?work ?relation ?act .")
        conditions.append(f"?act cdm:resource_legal_id_celex {_literal(about)} .")
    if words := _split(wanted.get("words", "")):
        tests = " || ".join(f"CONTAINS(LCASE(STR(?words)), {json.dumps(each.lower())})" for each in words)
        conditions.append(f"?english cdm:expression_belongs_to_work ?work ; {_ENGLISH} ; cdm:expression_title ?words .")
        conditions.append(f"FILTER({tests})")
    return " ".join(conditions)


def _split(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]


def _literal(celex: str) -> str:
    """Numbers are typed there, and an untyped literal may find nothing."""
    return f"{json.dumps(celex)}^^xsd:string"
