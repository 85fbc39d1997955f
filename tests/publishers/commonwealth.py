"""Australia, Canada and Ireland: what their invented interfaces hold, and local servers that answer in their forms.

The names, states, limits and errors are those of the real interfaces; the laws are invented.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from publishers.interfaces import answered
from spiders.legisinfo import LegisInfoSpider
from spiders.legislation_gov_au import LegislationGovAuSpider
from spiders.oireachtas import OireachtasSpider

AMENDED = {
    "affect": "Amend",
    "markdown": "sch 1 (item 7) of the [Invented Accounts Amendment Act 2026 (No. 1)](/C2026A00901)",
    "affectedByTitle": {"titleId": "C2026A00901", "name": "Invented Accounts Amendment Act 2026 (No. 1)"},
    "amendedByTitle": None,
    "dateChanged": None,
}
REPEALED = AMENDED | {"affect": "Repeal", "markdown": "s 3 of the [Invented Repeals Act 2026](/C2026A00902)"}
SPENT = {
    "affect": "Repeal",
    "markdown": "Division 1 of Part 3 of Chapter 3 of the [Legislation Act 2003](/C2004A01224)",
}
SUNSET = {
    "affect": "Repeal",
    "markdown": "Division 1 of Part 4 of Chapter 3 of the [Legislation Act 2003](/C2004A01224)",
}


def version(number="4", start="2026-07-01", **facts):
    """A version of the Invented Accounts Act in the Australian register; `number` None is not compiled yet."""
    usual = {
        "titleId": "C2021A00901",
        "start": f"{start}T00:00:00",
        "retrospectiveStart": f"{start}T00:00:00",
        "end": None,
        "isCurrent": False,
        "isLatest": number is not None,
        "name": "Invented Accounts Act 2021",
        "status": "InForce",
        "registerId": f"C2026C0090{number}" if number else None,
        "registeredAt": "2026-07-02T16:57:25.7089337" if number else None,
        "compilationNumber": number,
        "hasUnincorporatedAmendments": number is None,
        "reasons": [AMENDED],
    }
    return usual | facts


def title(id_="C2021A00901", **facts):
    """A title of the Australian register, an Act in force."""
    usual = {
        "id": id_,
        "name": "Invented Accounts Act 2021",
        "makingDate": "2021-07-23T00:00:00",
        "collection": "Act",
        "subCollection": None,
        "isPrincipal": True,
        "isInForce": True,
        "status": "InForce",
        "hasCommencedUnincorporatedAmendments": False,
        "asMadeRegisteredAt": "2021-07-26T10:17:23.613",
        "seriesType": "Act",
        "year": 2021,
        "number": 901,
        "nameHistory": [{"name": "Invented Accounts Act 2021", "start": "2021-07-23T00:00:00"}],
        "namePossibleFuture": [],
        "statusHistory": [{"status": "InForce", "start": "2022-01-23T00:00:00", "reasons": []}],
        "statusPossibleFuture": [],
    }
    return usual | facts


def ended(status, *reasons, start="2026-09-01", **facts):
    """A title of the Australian register that is law no more."""
    history = [
        {"status": "InForce", "start": "2022-01-23T00:00:00", "reasons": []},
        {"status": status, "start": f"{start}T00:00:00", "reasons": list(reasons)},
    ]
    return title(status=status, isInForce=False, statusHistory=history, **facts)


_MISSING = answered(b"", 404)


def _refused(words):
    message = f"The query specified in the URI is not valid. {words}"
    return answered({"error": {"code": "", "message": message, "details": []}}, 400)


def legislation_gov_au(titles=(), versions=()):
    """At most 100 rows to a question; a single title takes no `$top`; a filter and an order may not go together."""

    def give_title(id_, values):
        if values.keys() - {"$expand", "$select"}:
            return _refused("Query option 'Top' is not allowed.")
        found = next((each for each in titles if each["id"] == id_), None)
        below = {"versions": [each for each in versions if each["titleId"] == id_]} if "$expand" in values else {}
        return answered(found | below) if found else _MISSING

    def give_list(path, kept, values):
        condition = values.get("$filter", "")
        if int(values.get("$top", 0)) > 100:
            return _refused("The limit of '100' for Top query has been exceeded.")
        if condition.endswith("Z") or ("collection" in condition and "$orderby" in values):
            return _refused("It does not fit.")
        since = condition.removeprefix("registeredAt ge ") if condition.startswith("registeredAt ge ") else ""
        found = [each for each in kept if (each.get("registeredAt") or "") >= since]
        skip, top = int(values.get("$skip", 0)), int(values.get("$top", 510))
        total = {"@odata.count": len(found)} if values.get("$count") == "true" else {}
        link = {"@odata.nextLink": f"https://api.prod.legislation.gov.au{path}?$skip={skip + top}"}
        return answered(total | {"value": found[skip : skip + top]} | (link if skip + top < len(found) else {}))

    def respond(path, query, _):
        values, lists = dict(query), {"/v1/Titles": titles, "/v1/Versions": versions}
        if one := re.fullmatch(r"/v1/Titles\('(\w+)'\)", unquote(path)):
            return give_title(one[1], values)
        return give_list(path, lists[path], values) if path in lists else _MISSING

    return respond


def listed_bill(number="C-901", **facts):
    """A bill as a list of LEGISinfo has it."""
    usual = {
        "SearchScore": 0.0,
        "BillId": 13990000 + int(number.partition("-")[2]),
        "BillNumberFormatted": number,
        "ParlSessionCode": "45-1",
        "ParliamentNumber": 45,
        "SessionNumber": 1,
        "LongTitleEn": "An Act respecting invented accounts of minors",
        "LongTitleFr": "Loi concernant les comptes inventés",
        "ShortTitleEn": "Invented Accounts Act",
        "ShortTitleFr": "Loi sur les comptes inventés",
        "BillTypeEn": "House Government Bill",
        "SponsorEn": "Hon. Ann Nobody",
        "OriginatingChamberId": 1,
        "CurrentStatusId": 1,
        "CurrentStatusEn": "At second reading in the House of Commons",
        "LatestCompletedMajorStageEn": "First reading",
        "LatestActivityEn": "Debate at second reading in the House of Commons",
        "LatestActivityDateTime": "2026-03-10T17:30:12.43-04:00",
        "PassedHouseFirstReadingDateTime": "2026-02-03T10:02:53.767-05:00",
        "PassedHouseSecondReadingDateTime": None,
        "PassedHouseThirdReadingDateTime": None,
        "PassedSenateFirstReadingDateTime": None,
        "PassedSenateSecondReadingDateTime": None,
        "PassedSenateThirdReadingDateTime": None,
        "ReceivedRoyalAssentDateTime": None,
        "IsFromCurrentSession": True,
        "DidReinstateFromPreviousSession": False,
        "Highlight": "",
    }
    return usual | facts


def detailed_bill(**facts):
    """The same bill as LEGISinfo answers about it alone."""
    event = {
        "EventTypeId": 60110,
        "EventNameEn": "Introduction and first reading",
        "EventDateTime": "2026-02-03T00:00:00",
    }
    report = event | {
        "EventNameEn": "Committee report presented with amendments",
        "EventDateTime": "2026-05-11T00:00:00",
    }
    usual = {
        "Id": 13990901,
        "NumberCode": "C-901",
        "ParliamentNumber": 45,
        "SessionNumber": 1,
        "LongTitleEn": "An Act respecting invented accounts of minors",
        "ShortTitleEn": "Invented Accounts Act",
        "ShortLegislativeSummaryEn": "<p>This enactment limits <em>trial</em> accounts.</p>",
        "BillDocumentTypeNameEn": "House Government Bill",
        "SponsorPersonName": "Ann Nobody",
        "StatusNameEn": "At report stage in the House of Commons",
        "LatestBillEventTypeNameEn": "Committee report presented with amendments",
        "LatestBillEventChamberNameEn": "House of Commons",
        "LatestBillEventDateTime": "0001-01-01T00:00:00",
        "PassedHouseFirstReadingDateTime": "2026-02-03T10:02:53.767",
        "PassedHouseSecondReadingDateTime": "2026-03-12T15:00:00",
        "ReceivedRoyalAssent": False,
        "ReceivedRoyalAssentDateTime": None,
        "IsSessionOngoing": True,
        "DidReinstateInNextSession": False,
        "BillStages": {
            "BillId": 13990901,
            "HouseBillStages": [
                {"BillStageNameEn": "First reading", "ChamberOrganizationId": 1, "SignificantEvents": [event]},
                {"BillStageNameEn": "Committee", "ChamberOrganizationId": 1, "SignificantEvents": [report, {}]},
            ],
            "SenateBillStages": [],
        },
    }
    return usual | facts


def legisinfo(bills=(), details=()):
    """An array, without pages; a list without a session is elsewhere; what there is not is a page in HTML."""

    def respond(path, query, _):
        values, lower = dict(query), path.lower()
        if lower == "/legisinfo/en/bills/json":
            if session := values.get("parlsession"):
                return answered([each for each in bills if session in {each["ParlSessionCode"], "all"}])
            return answered(b"", 302, Location="/legisinfo/en/overview")
        for each in details:
            if lower == f"/legisinfo/en/bill/45-1/{each['NumberCode'].lower()}/json":
                return answered([each])
        return answered(b"<html><body>A system error has occurred.</body></html>", media_type="text/html")

    return respond


def stage(words, *days, chamber="Dáil Éireann"):
    return {
        "event": {
            "showAs": words,
            "dates": [{"date": day} for day in days],
            "chamber": {"showAs": chamber, "chamberCode": "dail"} if chamber else None,
            "house": None,
            "progressStage": 1,
            "stageCompleted": False,
            "stageOutcome": None,
        }
    }


def irish_bill(number="75", **facts):
    """A result of the Oireachtas: a bill at its Second Stage."""
    usual = {
        "act": None,
        "billNo": number,
        "billType": "Public",
        "billYear": "2026",
        "events": [stage("Published", "2026-02-03")],
        "lastUpdated": "2026-03-11T15:49:43.440000+00:00",
        "longTitleEn": "<p>Bill entitled an Act to limit invented accounts of minors.</p>\n",
        "longTitleGa": "<p>Bille.</p>",
        "mostRecentStage": stage("Second Stage", "2026-03-10"),
        "shortTitleEn": "Invented Accounts Bill 2026",
        "shortTitleGa": "An Bille",
        "sponsors": [
            {"sponsor": {"as": {"showAs": "Minister for Invention"}, "by": {"showAs": None}, "isPrimary": True}},
            {"sponsor": {"as": {"showAs": None}, "by": {"showAs": "Ann Nobody"}, "isPrimary": False}},
        ],
        "stages": [stage("First Stage", "2026-02-03", "2026-02-03"), stage("Second Stage", "2026-03-10")],
        "status": "Current",
        "uri": f"https://data.oireachtas.ie/ie/oireachtas/bill/2026/{number}",
        "versions": [
            {"version": {"date": "2026-02-03", "docType": "bill", "lang": "eng", "showAs": "As Initiated"}},
            {"version": {"date": "2026-02-03", "docType": "bill", "lang": "gle", "showAs": "Mar a Tionscnaíodh"}},
        ],
    }
    return {"bill": usual | facts, "billSort": {"billNoSort": int(number)}, "contextDate": "2026-03-10"}


SIGNED = {
    "actNo": "9",
    "actYear": "2026",
    "dateSigned": "2026-07-21",
    "shortTitleEn": "Invented Accounts Act 2026",
    "statutebookURI": "http://www.irishstatutebook.ie/eli/2026/act/9",
}


def oireachtas(bills=()):
    """50 bills unless told otherwise; their data was touched on the day or after it."""

    def respond(path, query, _):
        if path != "/v1/legislation":
            return answered({"message": "Missing Authentication Token"}, 403)
        values = dict(query)
        found = [each for each in bills if each["bill"]["lastUpdated"] >= values.get("last_updated", "")]
        skip, limit = int(values.get("skip", 0)), int(values.get("limit", 50))
        shown = found[skip : skip + limit]
        counts = {"billCount": len(found), "resultCount": len(found)}
        return answered({"head": {"counts": counts, "lang": "en"}, "results": shown})

    return respond


WHOLE = {
    "legislation-gov-au": [
        {"@odata.count": 2, "value": [version(), ended("Ceased"), title("F2026L00901", statusPossibleFuture=[
            {"status": "Repealed", "start": "2036-04-01T00:00:00", "reasons": [SUNSET]}])]},
        {"value": [version(None, "2027-01-01", end="2027-07-01T00:00:00")]},
    ],
    "legisinfo": [[listed_bill(), detailed_bill(), listed_bill("S-902", CurrentStatusEn="Bill defeated")]],
    "oireachtas": [
        {"head": {"counts": {"billCount": 2}}, "results": [irish_bill(act=SIGNED), irish_bill("76", status="Lapsed")]},
    ],
}  # fmt: skip
SPIDERS = {
    LegislationGovAuSpider: "https://api.prod.legislation.gov.au/v1/Versions",
    LegisInfoSpider: "https://www.parl.ca/legisinfo/en/bills/json?parlsession=45-1",
    OireachtasSpider: "https://api.oireachtas.ie/v1/legislation",
}
