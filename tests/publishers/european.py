"""The European Union: what its invented interfaces hold, and local servers that answer in their forms.

The names, states, limits and errors are those of the real interfaces; the laws are invented.
"""

from __future__ import annotations

import re

from publishers.interfaces import answered
from spiders.cellar import CellarSpider
from spiders.have_your_say import HaveYourSaySpider

SPARQL = "/webapi/rdf/sparql"
CELEX = "/resource/celex/32090R0901"
JSON = "application/sparql-results+json"
WORK = "ab12cd34-0000-11ef-a000-01aa75ed71a1"
FACTS = (
    "celex",
    "date",
    "forces",
    "deadlines",
    "transpositions",
    "ends",
    "in_force",
    "repealers",
    "withdrawn",
    "title",
)

# CELLAR


def results(variables, *found):
    """An answer of the endpoint; a variable without a value is left out of its row."""
    bindings = [
        {name: {"type": "literal", "value": value} for name, value in row.items() if value is not None} for row in found
    ]
    return {
        "head": {"link": [], "vars": list(variables)},
        "results": {"distinct": False, "ordered": True, "bindings": bindings},
    }


def act(celex="32090R0901", **values):
    """What CELLAR knows of an act. Lists without a member are empty strings."""
    usual = {
        "celex": celex,
        "date": "2090-06-13",
        "forces": "2090-08-01,2092-02-02",
        "deadlines": "",
        "transpositions": "",
        "ends": "9999-12-31",
        "in_force": "1",
        "repealers": "",
        "withdrawn": "",
        "title": "Regulation (EU) 2090/901 of 13\xa0June 2090 on trial accounts of minors (Text with EEA relevance)",
    }
    return usual | values


def window(*acts, total=None):
    """The two answers about a window: how many acts there are, and what is known of each."""
    count = str(len(acts) if total is None else total)
    return [results(["total"], {"total": count}), results(FACTS, *acts)]


def item(number, document="DOC_1", manifestation="03"):
    """The address of a document as CELLAR names it: plain http, whatever was asked."""
    return f"http://publications.europa.eu/resource/cellar/{WORK[:-2]}{number:02}.0006.{manifestation}/{document}"


def text(celex, address, kind="xhtml"):
    """A row of the list of texts."""
    return {"celex": celex, "format": kind, "item": address}


def texts(*found):
    return results(["celex", "format", "item"], *found)


PUBLISHED = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>L_209000901EN.000101.fmx.xml</title></head><body>
<table><col width="20%"/><tbody><tr><td/><td><p class="oj-hd-uniq">2090/901</p></td>
  <td><p class="oj-hd-date">12.7.2090</p></td></tr></tbody></table>
<hr class="oj-separator"/>
<div class="eli-container">
 <div class="eli-main-title" id="tit_1"><p class="oj-doc-ti">REGULATION (EU) 2090/901</p></div>
 <div class="eli-subdivision" id="pbl_1"><p class="oj-normal">Whereas:</p>
  <div class="eli-subdivision" id="rct_1"><table><tbody><tr><td><p class="oj-normal">(1)</p></td>
   <td><p class="oj-normal">Minors need care.</p></td></tr></tbody></table></div></div>
 <div class="eli-subdivision" id="enc_1"><div id="cpt_I">
  <p class="oj-ti-section-1" id="d1e1">CHAPTER I</p>
  <div class="eli-title"><p class="oj-ti-section-2"><span class="oj-bold">GENERAL PROVISIONS</span></p></div>
  <div class="eli-subdivision" id="art_1"><p class="oj-ti-art">Article 1</p>
   <div class="eli-title" id="art_1.tit_1"><p class="oj-sti-art">Trial accounts</p></div>
   <div id="001.001"><p class="oj-normal">1.&#160;&#160;&#160;A trial account <a id="ntc5" href="#ntr5">(<span
     class="oj-super oj-note-tag">5</span>)</a>, as listed in the <a href="#anx_I">Annex</a>, ends after:</p>
    <table><col width="4%"/><tbody><tr><td valign="top"><p class="oj-normal">(a)</p></td><td>
     <p class="oj-normal">14 days;</p>
     <table><tbody><tr><td><p class="oj-normal">(i)</p></td><td><p class="oj-normal">counted in Brussels;</p></td></tr>
     </tbody></table></td></tr></tbody></table></div>
   <div id="001.002"><p class="oj-normal">2.&#160;&#160;&#160;This Article applies to hosts.</p></div></div>
  <div class="eli-subdivision" id="art_2"><p class="oj-ti-art">Article 2</p>
   <table class="oj-table"><tbody><tr><th><p class="oj-tbl-hdr">Age</p></th><th><p class="oj-tbl-hdr">Fee</p></th></tr>
    <tr><td><p class="oj-tbl-txt">13</p></td><td><p class="oj-tbl-txt">None</p></td></tr></tbody></table></div>
  </div><div class="oj-final"><p class="oj-normal">Done at Nowhere, 13 June 2090.</p></div></div></div>
<hr class="oj-note"/><p class="oj-note"><a id="ntr5" href="#ntc5">(<span class="oj-super">5</span>)</a> OJ L 1.</p>
<div class="eli-container" id="anx_1"><p class="oj-doc-ti">ANNEX</p><p class="oj-doc-ti">Accounts</p>
<p class="oj-normal">All of them.</p></div>
</body></html>
"""
"""An act as the Official Journal has it."""

CONSOLIDATED = """\
<html xmlns="http://www.w3.org/1999/xhtml"><body><div id="document1">
<p class="hd-date">02090R0901 — EN — 27.07.2091 — 001.001</p>
<p class="disclaimer">This text is meant purely as a documentation tool and has no legal effect.</p>
<table><tbody><tr><td><p class="arrow"><a title="32090R0901">►B</a></p></td>
 <td><p class="title-doc-first">REGULATION (EU) 2090/901</p></td></tr></tbody></table>
<p class="hd-modifiers">Amended by:</p>
<table class="hd-modifiers"><tbody><tr><td>►M1</td><td>Regulation (EU) 2091/7</td></tr></tbody></table>
<p class="arrow"><a>▼B</a></p>
<div id="cpt_I"><p class="title-division-1">CHAPTER I</p>
<p class="title-division-2"><span class="boldface">GENERAL PROVISIONS</span></p>
<div class="eli-subdivision" id="art_1"><p class="title-article-norm">Article 1</p>
 <div class="eli-title" id="art_1.tit_1"><p class="stitle-article-norm">Trial accounts</p></div>
 <p class="modref"><a href="http://publications.europa.eu/resource/celex/32091R0007" title="REPLACED">▼M1</a></p>
 <div class="norm"><span class="no-parag">1.  </span><div class="norm inline-element">A trial account (<a
  href="#E0001"><span class="superscript">1</span></a>), as listed in the Annex, ►M1 ends after: ◄
  <div class="grid-container grid-list"><div class="list grid-list-column-1"><span>(a) </span></div>
   <div class="grid-list-column-2"><p class="norm">%s days;</p>
    <div class="grid-container grid-list"><div class="list grid-list-column-1"><span>(i) </span></div>
    <div class="grid-list-column-2"><p class="norm">counted in Brussels;</p></div></div></div></div></div></div>
 <div class="norm"><span class="no-parag">2.  </span><div class="norm inline-element"><p class="modref">▼B</p>
  <p class="norm inline-element">This Article applies to hosts.</p></div></div></div>
<div class="eli-subdivision" id="art_2"><p class="title-article-norm">Article 2</p>
 <table><tbody><tr><th>Age</th><th>Fee</th></tr><tr><td>13</td><td>None</td></tr></tbody></table></div></div>
<div id="fnp_1"><p class="norm">Done at Nowhere, 13 June 2090.</p></div>
<p class="footnote">(<a href="#src.E0001" id="E0001"><span class="superscript">1</span></a>) OJ L 1.</p>
<div class="eli-subdivision" id="anx_1"><p class="title-annex-1">ANNEX</p><p class="title-annex-2">Accounts</p>
<p class="norm">All of them.</p></div>
</div></body></html>
"""
"""The same act as a consolidated text has it; its number of days is open."""


def cellar(acts, listing=(), documents=None, *, most=10_000, **headers):
    """Literals are typed, no more than `most` rows are given, and the address of an act leads elsewhere.

    `documents` holds bodies by path; `headers` come with each answer of the endpoint.
    """

    def respond(path, query, _):
        values = dict(query)
        if path != SPARQL:
            if path in (documents or {}):
                return answered(documents[path].encode(), media_type="application/xhtml+xml;charset=UTF-8")
            if path.startswith("/resource/celex/"):
                return answered(b"", 303, Location=item(1))
            return answered(b"<html><body>HTTP Status 404</body></html>", 404, media_type="text/html")
        asked = values.get("query", "")
        if values.get("format") != JSON or not asked.startswith("PREFIX cdm:"):
            return answered(b"Virtuoso 37000 Error SP030: SPARQL compiler", 400, media_type="text/plain")
        found = _find(asked, acts, listing)
        cut = {"X-SPARQL-MaxRows": str(most)} if len(found["results"]["bindings"]) > most else {}
        return answered(found, media_type=JSON, **cut, **headers)

    return respond


def _find(asked, acts, listing):
    since = re.search(r'\?date >= "([^"]*)"\^\^xsd:date', asked)
    number = re.search(r'VALUES \?celex \{ "([^"]*)"\^\^xsd:string \}', asked)
    if "?item" in asked:
        return texts(*(row for row in listing if number and row["celex"][1:10] == number[1][1:]))
    found = [
        each for each in acts if (not since or each["date"] >= since[1]) and (not number or each["celex"] == number[1])
    ]
    return results(["total"], {"total": str(len(found))}) if "COUNT(" in asked else results(FACTS, *found)


# Have Your Say

SEARCH = "/info/law/better-regulation/brpapi/searchInitiatives"
DETAIL = "/info/law/better-regulation/brpapi/groupInitiatives"


def stage(name="OPC_LAUNCHED", status="OPEN", begin="2090/07/02 13:24:32", end="2090/09/07 23:59:59"):
    return {
        "frontEndStage": name,
        "receivingFeedbackStatus": status,
        "feedbackStartDate": begin,
        "feedbackEndDate": end,
        "isCurrent": True,
    }


PLANNED = stage("INIT_PLANNED", "DISABLED", "2090/01/09 15:56:01", None)


def initiative(id_=90901.0, *stages, **facts):
    """An initiative of a search. Numbers are decimals there."""
    usual = {
        "id": id_,
        "initiativeStatus": "ACTIVE",
        "reference": "Ares(2090)901",
        "foreseenActType": "PROP_REG",
        "shortTitle": "Trial Accounts Act",
        "currentStatuses": list(stages) or [stage()],
        "topics": [{"code": "DIGITAL", "label": "Digital economy and society"}],
        "initiativeTranslations": [
            {"value": "Essai sans frais", "language": "FR", "field": "SHORT_TITLE"},
            {"value": "Trial accounts – new act", "language": "EN", "field": "SHORT_TITLE"},
        ],
    }
    return usual | facts


ONE = {
    "id": 90901,
    "shortTitle": "Trial Accounts Act",
    "reference": "Ares(2090)901",
    "initiativeStatus": "ACTIVE",
    "stage": "ADOPTION_WORKFLOW",
    "foreseenActType": "PROP_REG",
    "dossierSummary": "<p>Minors open <b>trial accounts</b>.</p>",
    "topics": [{"code": "DIGITAL", "label": "Digital economy and society"}],
    "publications": [
        {
            "id": 1901,
            "type": "CFE_IMPACT_ASSESS",
            "frontEndStage": "PLANNING_WORKFLOW",
            "receivingFeedbackStatus": "CLOSED",
            "publishedDate": "2090/02/01 10:00:00",
            "endDate": "2090/03/01 23:59:59",
            "totalFeedback": 212,
        },
        {
            "id": 1902,
            "type": "PROP_REG",
            "receivingFeedbackStatus": "UPCOMING",
            "plannedStartDate": "2091/01/10 00:00:00",
            "plannedEndDate": "2091/03/10 23:59:59",
            "endDate": None,
        },
    ],
}
"""One initiative with all its stages, which are called publications there."""


def page(*found, total=None, number=0, last=True):
    """One page of a search."""
    count = len(found) if total is None else total
    return {
        "exactMatch": True,
        "initiativeResultDtoPage": {
            "content": list(found),
            "pageable": {"pageNumber": number, "pageSize": 100},
            "totalPages": number + (1 if last else 2),
            "totalElements": count,
            "last": last,
            "number": number,
            "first": number == 0,
            "numberOfElements": len(found),
            "empty": not found,
        },
    }


def have_your_say(initiatives, *, wraps=False):
    """At most 100 to a page, an unknown parameter is ignored, an order is refused, and any other path is the portal.

    `wraps`: beyond the second page comes the first one again, and no page is the last.
    """

    def respond(path, query, _):
        values = dict(query)
        if path.startswith(DETAIL):
            one = next((each for each in initiatives if path == f"{DETAIL}/{int(each['id'])}"), None)
            return answered(one) if one else answered({"status_code": 404, "message": "general_error"}, 404)
        if path != SEARCH:
            return answered(
                b"<!doctype html><title>EU</title><p>Have your say</p>", media_type="text/html;charset=UTF-8"
            )
        if "sort" in values:
            return answered(b"", 406)
        wanted = values.get("feedbackStatus")
        found = [
            each
            for each in initiatives
            if not wanted or wanted in {status["receivingFeedbackStatus"] for status in each["currentStatuses"]}
        ]
        size, number = min(int(values.get("size", 10)), 100), int(values.get("page", 0))
        number = number % 2 if wraps else number
        part = found[number * size : (number + 1) * size]
        last = not wraps and (number + 1) * size >= len(found)
        return answered(page(*part, total=len(found), number=number, last=last))

    return respond


WHOLE = {
    "cellar": window(act(), act("32090R0901R(01)", title=None), act("52090PC0901", withdrawn="1"), total=2),
    "have-your-say": [
        page(initiative(), initiative(90902.0, PLANNED, stage()), total=2, last=False),
        page(initiative(90903.0, initiativeStatus="ABANDONED")),
        ONE,
    ],
}
"""Answers of each interface, whole and sound."""
SPIDERS = {
    CellarSpider: "https://publications.europa.eu/resource/celex/32090R0901",
    HaveYourSaySpider: f"https://ec.europa.eu{SEARCH}?topic=DIGITAL",
}
