"""Local servers that answer as the interfaces of publishers do, with what is awkward about each.

    with Interface(federal_register([PROPOSED])) as publisher: ... crawl publisher.url("/api/v1/documents.json?…") ...

What they hold is invented; the forms, limits and errors are those of the real ones.

Does not do: searching; every condition that no test needs is ignored.
"""

from __future__ import annotations

import json
import time
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from local_site import Answer, Site, Visit
from publishers.register import PROPOSED

KEY = "invented-key-0123456789"


class Interface(Site):
    """A publisher on loopback whose answers are made by `respond(path, query, headers)`, query as a list of pairs."""

    def __init__(self, respond):
        super().__init__()
        self.respond = respond

    def answer(self, path, asked):
        parts = urlsplit(path)
        robots = path == "/robots.txt"
        found = Answer(404) if robots else self.respond(parts.path, parse_qsl(parts.query), asked)
        self.requests.append(Visit(path, asked, found.status, time.monotonic()))
        return found

    @property
    def asked(self):
        """What was asked, robots.txt left out."""
        return [visit for visit in self.requests if visit.path != "/robots.txt"]


def answered(content, status=200, media_type="application/json", **headers):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Answer(status, body, {"Content-Type": media_type, **headers})


def federal_register(documents):
    """An unknown field is refused, an awkward `per_page` is 20, and beyond page 50 comes page 1 again."""

    def respond(path, query, _):
        values = dict(query)
        if path != "/api/v1/documents.json":
            return answered({"status": 404}, 404)
        if unknown := {value for name, value in query if name == "fields[]"} - set(PROPOSED):
            return answered({"errors": {"fields": f"{sorted(unknown)} are not valid"}}, 400)
        since = values.get("conditions[publication_date][gte]", "")
        until = values.get("conditions[publication_date][lte]", "9999")
        found = sorted(
            (each for each in documents if since <= each["publication_date"] <= until),
            key=lambda each: each["publication_date"],
            reverse=True,
        )
        size = int(values.get("per_page", 20))
        size = size if 2 <= size <= 1000 else 20
        number = int(values.get("page", 1))
        number = number if 1 <= number <= 50 and number * size <= 10_000 else 1
        rows = found[(number - 1) * size : number * size]
        if not found:
            return answered({"count": 0, "description": "None"})
        more = number * size < len(found)
        link = {"next_page_url": f"https://www.federalregister.gov{path}?page={number + 1}"} if more else {}
        return answered({"count": len(found), "total_pages": -(-len(found) // size), "results": rows} | link)

    return respond


def regulations_gov(documents, *, today="2026-03-02"):
    """A key in a header; names of filters as they are written; pages of 5 to 250, at most 20 of them."""

    def respond(path, query, headers):
        values = dict(query)
        if headers.get("x-api-key") != KEY:
            return answered({"error": {"code": "API_KEY_INVALID", "message": "An invalid api_key was supplied."}}, 403)
        if path != "/v4/documents":
            one = next((each for each in documents if path == f"/v4/documents/{each['id']}"), None)
            return answered({"data": one}) if one else answered({"errors": [{"title": "Not found"}]}, 404)
        known = {"filter[agencyId]", "filter[lastModifiedDate][ge]", "sort", "page[size]", "page[number]"}
        size, number = int(values.get("page[size]", 25)), int(values.get("page[number]", 1))
        if set(values) - known or not 5 <= size <= 250 or not 1 <= number <= 20:
            return answered({"errors": [{"status": "400", "title": "Bad Request"}]}, 400)
        since = datetime.fromisoformat(values.get("filter[lastModifiedDate][ge]", "2000-01-01 00:00:00"))
        since = since.replace(tzinfo=ZoneInfo("America/New_York"))
        found = [each for each in documents if datetime.fromisoformat(each["attributes"]["lastModifiedDate"]) >= since]
        rows = found[(number - 1) * size : number * size]
        meta = {
            "aggregations": {"postedDate": [{"label": "Last 3 Days", "toDate": f"{today} 23:59:59", "docCount": 0}]},
            "hasNextPage": number * size < len(found),
            "pageNumber": number,
            "pageSize": size,
            "totalElements": len(found),
        }
        return answered({"data": rows, "meta": meta}, media_type="application/vnd.api+json;charset=utf-8")

    return respond


def ecfr(versions, text, *, up_to_date="2026-02-27"):
    """A text of a later day than the title is up to date as of does not exist."""

    def respond(path, query, _):
        base = "/api/versioner/v1"
        if path == f"{base}/titles.json":
            title = {"number": 16, "name": "Commercial Practices", "up_to_date_as_of": up_to_date, "reserved": False}
            return answered({"titles": [title], "meta": {"date": "2026-03-02", "import_in_progress": False}})
        if path == f"{base}/versions/title-16.json":
            return answered({"content_versions": versions, "meta": {"title": "16", "result_count": str(len(versions))}})
        if path == f"{base}/full/{up_to_date}/title-16.xml" and dict(query) == {"part": "999"}:
            return answered(text, media_type="application/xml")
        return answered({"error": "The requested date is past the title's most recent issue date"}, 404)

    return respond


def congress(bills, below):
    """XML unless JSON is asked for; `limit` of 20 unless told otherwise. `below`: lists by path."""

    def respond(path, query, headers):
        values = dict(query)
        if headers.get("x-api-key") != KEY:
            return answered({"error": {"code": "API_KEY_MISSING"}}, 403)
        if values.get("format") != "json":
            return answered(b"<?xml version='1.0'?><api-root/>", media_type="application/xml")
        one = next((each for each in bills if path == f"/v3/bill/119/s/{each['number']}"), None)
        if one:
            return answered({"bill": one, "request": {"format": "json"}})
        key = path.rpartition("/")[2]
        rows = {"119": bills}.get(key, below.get(path, []))
        offset, limit = int(values.get("offset", 0)), min(int(values.get("limit", 20)), 250)
        more = offset + limit < len(rows)
        following = {"next": f"https://api.congress.gov{path}?offset={offset + limit}&limit={limit}"} if more else {}
        name = {"119": "bills", "text": "textVersions"}.get(key, key)
        return answered({name: rows[offset : offset + limit], "pagination": {"count": len(rows)} | following})

    return respond


def govinfo(packages, *, size=2):
    """The next page is a whole address with a cursor, on the publisher's own host. Pages are small here."""

    def respond(path, query, headers):
        if headers.get("x-api-key") != KEY:
            return answered({"message": "API rate limit exceeded"}, 429, **{"Retry-After": "3600"})
        mark = dict(query).get("offsetMark", "")
        start = 0 if mark == "*" else int(mark.removeprefix("AoE/"))
        host = "https://api.govinfo.gov"
        more = f"{host}{path}?offsetMark=AoE%2F{start + size}&pageSize={size}" if start + size < len(packages) else None
        return answered(
            {"count": len(packages), "message": None, "nextPage": more, "packages": packages[start : start + size]}
        )

    return respond


def legiscan(bills, *, size=2):
    """Every answer has status 200, also an error; the results of a search are no list."""

    def respond(_, query, __):
        values = dict(query)
        if values.get("key") != KEY:
            return answered({"status": "ERROR", "alert": {"message": f"Invalid API Key {values.get('key')}"}})
        if values["op"] == "getBill":
            one = next((each for each in bills if str(each["bill_id"]) == values["id"]), None)
            return answered({"status": "OK", "bill": one})
        page = int(values.get("page", 1))
        rows = bills[(page - 1) * size : page * size]
        total = -(-len(bills) // size)
        summary = {"page": f"{page} of {total}", "page_current": page, "page_total": total, "count": len(bills)}
        return answered(
            {"status": "OK", "searchresult": {"summary": summary} | {str(at): row for at, row in enumerate(rows)}}
        )

    return respond
