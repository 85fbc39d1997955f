"""The keys of `sources.yaml`, as pydantic models: what each may hold, what it means, and the JSON Schema for editors.

A rule on the form of one value lives here, with the words for a value that breaks it. Rules that join several values
(one of `url` and `urls`, ids that stand once) are in `monitor.sources`, because they must be told with all the others.

Does not do: reading files, line numbers.
"""

from __future__ import annotations

import re
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic.json_schema import GenerateJsonSchema

from monitor.model import Audience, Pack, Person, Range, Role, Source
from monitor.sources import selectors
from monitor.sources.due import INTERVAL, check_cron, parse_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal[
    "html", "pdf", "docx", "json", "rss", "atom",
    "federal-register", "regulations-gov", "ecfr", "congress", "govinfo", "legiscan",
    "cellar", "have-your-say", "legislation-gov-uk", "govuk", "legislation-gov-au", "legisinfo", "oireachtas",
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(Kind)

_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_JURISDICTION = r"^([A-Z]{2}(-[A-Z0-9]{1,3})?|global)$"
_EVERY = rf"^({INTERVAL}|\S+(\s+\S+){{4}})$"
_HOLD = rf"^(0|{INTERVAL})$"
_CHANNEL = r"^[CG][A-Z0-9]{6,}$"
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
_MEMBER = r"^[UW][A-Z0-9]{6,}$"
_MAIL = r"^[^@\s<>]+@[^@\s<>]+$"
_SPACE = re.compile(r"\s")
_WAY_OUT = r"^(email:[^@\s<>]+@[^@\s<>]+|webhook:https?://\S+|apprise:[a-z0-9]+(-[a-z0-9]+)*)$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_SLA = rf"^{INTERVAL}$"

ADVICE = {
    _SLUG: "may hold only small letters, digits and single hyphens, such as child-safety.",
    _JURISDICTION: "is no jurisdiction. Write an ISO country (US, and GB for the UK), a region (US-CA), EU or global.",
    _EVERY: 'is no interval. Write 30m, 12h, 1d or a cron line such as "0 6 * * mon-fri".',
    _HOLD: "is no duration. Write 30m, 1h, 2d or 0.",
    _CHANNEL: "is no channel id. It is such as C0123456789 and stands in Slack under channel name, About.",
    _TIME: 'is no time of day. Write it as HH:MM, such as "09:00".',
    _MEMBER: "is no id of a Slack member. It is such as U0123456789 and stands in the profile, under More.",
    _MAIL: "is no e-mail address.",
    _WAY_OUT: "is no way out. Write email:ADDRESS, webhook:https://… or apprise:NAME.",
    _DAY: "is no day. Write it as 2026-07-02.",
    _SLA: "is no duration. Write 12h or 3d.",
}
"""What to say of a text that does not have the form of its pattern."""


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    """The ISO 3166 country codes, as the time zone database lists them."""
    lines = (files("tzdata.zoneinfo") / "iso3166.tab").read_text(encoding="utf-8").splitlines()
    return frozenset(line[:2] for line in lines if not line.startswith("#"))


def _check_jurisdiction(text: str) -> str:
    if text not in {"EU", "global"} and text[:2] not in _countries():
        raise ValueError(f'"{text}" {ADVICE[_JURISDICTION]}')
    return text


def _check_every(text: str) -> str:
    if parse_interval(text) is None:
        try:
            check_cron(text)
        except ValueError as error:
            raise ValueError(
                f'"{text}" is no cron line: {error}. Write minute, hour, day, month and weekday in UTC, such as '
                '"0 6 * * mon-fri", or 30m, 12h, 1d.'
            ) from error
    return text


def _check_day(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f'"{text}" {ADVICE[_DAY]}') from error
    return text


def _check_url(text: str) -> str:
    fault = _find_url_fault(text)
    if fault:
        raise ValueError(f'"{text}" is no address: {fault}. Write it whole, such as https://example.org/rules.')
    return text


def _find_url_fault(text: str) -> str | None:
    if _SPACE.search(text):
        return "it holds a space, which is %20 in an address"
    try:
        parts = urlsplit(text)
        _ = parts.port  # reading it checks it
    except ValueError as error:
        return str(error)
    if parts.scheme not in {"http", "https"}:
        return "it begins with neither https:// nor http://"
    return None if parts.hostname else "it names no host"


def _check_timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        close = get_close_matches(text, available_timezones(), n=1)
        hint = f"Did you mean {close[0]}?" if close else "Write a name such as Europe/Berlin or UTC."
        raise ValueError(f'"{text}" is no time zone. {hint}') from error
    return text


Name = Annotated[str, StringConstraints(min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=_SLUG)]
Jurisdiction = Annotated[str, StringConstraints(pattern=_JURISDICTION), AfterValidator(_check_jurisdiction)]
Channel = Annotated[str, StringConstraints(pattern=_CHANNEL)]
Url = Annotated[str, AfterValidator(_check_url), WithJsonSchema({"type": "string", "pattern": r"^https?://\S+$"})]
Selector = Annotated[str | Range, PlainValidator(selectors.read_selector), WithJsonSchema(selectors.SCHEMA)]
Every = Annotated[str, StringConstraints(pattern=_EVERY), AfterValidator(_check_every)]
Day = Annotated[str, StringConstraints(pattern=_DAY), AfterValidator(_check_day)]
Hold = Annotated[
    str,
    StringConstraints(pattern=_HOLD),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _HOLD}, {"const": 0}]}),
]
Timezone = Annotated[str, AfterValidator(_check_timezone)]
TimeOfDay = Annotated[str, StringConstraints(pattern=_TIME)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Member = Annotated[str, StringConstraints(pattern=_MEMBER)]
Mail = Annotated[str, StringConstraints(pattern=_MAIL)]
WayOut = Annotated[str, StringConstraints(pattern=_WAY_OUT)]
Sla = Annotated[str, StringConstraints(pattern=_SLA)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class SourceEntry(_Entry):
    """One thing that is watched: a page, several pages that make one document, a PDF or a feed."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["url"]}, {"required": ["urls"]}]})

    id: Slug = Field(
        description="Unique and lasting: the history is kept under it. Small letters, digits and hyphens.",
        examples=["ofcom-online-safety"],
    )
    name: Name = Field(description="What people call it, as digests show it.", examples=["Ofcom online safety hub"])
    publisher: Name = Field(description="Who publishes it.", examples=["Ofcom"])
    jurisdiction: Jurisdiction = Field(
        description="Whose rule it is: an ISO country, a region such as US-CA, EU, or global.",
        examples=["GB", "US-CA", "EU", "global"],
    )
    kind: Kind = Field(
        description="How it is read: an HTML page, a PDF, or what holds many documents: a feed (rss and atom) or the "
        "interface of a publisher.",
        examples=["html"],
    )
    url: Url | None = Field(
        None, description="Where it is. Give url or urls.", examples=["https://www.ofcom.org.uk/online-safety"]
    )
    urls: list[Url] | None = Field(
        None,
        min_length=1,
        description="Several addresses, combined in this order into one document.",
        examples=[["https://example.org/rules/1", "https://example.org/rules/2"]],
    )
    select: list[Selector] = Field(
        [],
        description="CSS selectors of what to keep, and ranges between two. Left out: the main content.",
        examples=[["main"], [{"start_before": "h1", "end_before": "footer"}]],
    )
    remove: list[Selector] = Field(
        [],
        description="CSS selectors of what to drop from what is kept, and ranges between two.",
        examples=[[".share", ".related"], [{"start_before": "#related", "end_after": "footer"}]],
    )
    topics: list[Slug] = Field([], description="What it is about.", examples=[["child-safety", "privacy"]])
    audience: list[Slug] = Field(
        [], description="Ids of the audiences that are told. Left out: all of them.", examples=[["uk-desk"]]
    )
    every: Every = Field(
        "12h",
        description="How often to ask: minutes, hours or days, or a cron line of five fields in UTC.",
        examples=["12h", "30m", "1d", "0 6 * * mon-fri"],
    )
    hold: Hold | None = Field(
        None,
        description="How long a change must last before people are told. Left out: 1h for pages, 0 for feeds.",
        examples=["1h", "30m", "0"],
    )
    pack: Slug | None = Field(None, description="Id of the pack that switches it on and off.", examples=["gb"])
    render: bool = Field(
        default=False,
        description="True for a page that is empty without a browser. It takes the extra browser and a Chromium.",
        examples=[False],
    )
    enabled: bool | None = Field(
        None,
        description="False to stop asking; what was recorded stays. True to ask though the pack is off. "
        "Left out: as its pack says.",
        examples=[False],
    )
    note: Name | None = Field(
        None,
        description="Why it is off, or what to know of it.",
        examples=["The address is a guess: try it first"],
    )
    checked: Day | None = Field(
        None,
        description="The last day on which anything proved the address. Left out: nothing with a date did.",
        examples=["2026-07-02"],
    )

    def to_source(self, packs: Mapping[str, Pack]) -> Source:
        """The Source that this entry declares, among these packs by id."""
        pack = packs.get(self.pack or "")
        return Source(
            id=self.id,
            name=self.name,
            publisher=self.publisher,
            jurisdiction=self.jurisdiction,
            kind=self.kind,
            urls=tuple(self.urls or [self.url or ""]),
            select=tuple(self.select),
            remove=tuple(self.remove),
            topics=tuple(self.topics),
            audience=tuple(self.audience),
            every=self.every,
            hold=parse_interval(self.hold) if self.hold else None,
            render=self.render,
            enabled=(pack is None or pack.enabled) if self.enabled is None else self.enabled,
            pack=self.pack,
            note=self.note,
            checked=date.fromisoformat(self.checked) if self.checked else None,
        )


class PackEntry(_Entry):
    """Sources that are switched on and off together."""

    id: Slug = Field(description="What sources name it by.", examples=["gb"])
    name: Name = Field(description="What people call it.", examples=["United Kingdom"])
    enabled: bool = Field(
        default=True, description="False to switch off its sources, but those with `enabled: true`.", examples=[False]
    )

    def to_pack(self) -> Pack:
        """The Pack that this entry declares."""
        return Pack(id=self.id, name=self.name, enabled=self.enabled)


class AudienceEntry(_Entry):
    """Who is told: a team with a local time, a channel and a choice of subjects."""

    id: Slug = Field(description="What sources name it by.", examples=["uk-desk"])
    name: Name = Field(description="What people call it.", examples=["UK desk"])
    timezone: Timezone = Field("UTC", description="Where its day begins and ends.", examples=["Europe/London"])
    digest_at: TimeOfDay = Field("09:00", description="Local time of the daily digest, HH:MM.", examples=["09:00"])
    slack_channel: Channel | None = Field(
        None, description="Slack channel id. Left out: the digest goes to files only.", examples=["C0123456789"]
    )
    topics: list[Slug] = Field([], description="Only these topics. Left out: all.", examples=[["privacy"]])
    jurisdictions: list[Jurisdiction] = Field(
        [], description="Only these, their regions, and what is global. Left out: all.", examples=[["EU", "IE"]]
    )
    owners: list[Name] = Field(
        [],
        description="Only changes that touch SOPs of these owners. Left out: all changes.",
        examples=[["Maria Lopez", "appeals-team@example.org"]],
    )
    weekly_on: Weekday | None = Field(
        None, description="Weekday of a weekly roll-up, beside the daily digest. Left out: none.", examples=["mon"]
    )
    alerts: bool = Field(
        default=True,
        description="False to leave grave and urgent changes to the daily digest too.",
        examples=[True],
    )
    send_to: list[WayOut] = Field(
        [],
        description="Other ways out: e-mail, a webhook, or a service of apprise by the name of its setting.",
        examples=[["email:uk-desk@example.org", "webhook:https://hooks.example.org/policy", "apprise:teams"]],
    )
    lead: Name | None = Field(
        None, description="Who is told of what nobody decided in time: a name under people.", examples=["Sam Okafor"]
    )
    sla: Sla | None = Field(
        None, description="How long a change may stay undecided before the lead is told.", examples=["3d"]
    )

    def to_audience(self) -> Audience:
        """The Audience that this entry declares."""
        return Audience(
            id=self.id,
            name=self.name,
            timezone=self.timezone,
            digest_at=self.digest_at,
            slack_channel=self.slack_channel,
            topics=tuple(self.topics),
            jurisdictions=tuple(self.jurisdictions),
            owners=tuple(self.owners),
            weekly_on=self.weekly_on,
            alerts=self.alerts,
            send_to=tuple(self.send_to),
            lead=self.lead,
            sla=parse_interval(self.sla) if self.sla else None,
        )


class PersonEntry(_Entry):
    """Somebody who owns SOPs, decides, or is reminded."""

    name: Name = Field(description="As SOPs name their owner.", examples=["Maria Lopez"])
    slack: Member | None = Field(
        None, description="Slack member id: to mention and remind them.", examples=["U0123456789"]
    )
    email: Mail | None = Field(None, description="Where SOPs name owners so.", examples=["maria@example.org"])
    timezone: Timezone = Field("UTC", description="Where their day begins and ends.", examples=["Europe/London"])
    role: Literal["reader", "specialist", "lead"] = Field(
        "specialist",
        description="What they may do at the desk: look (reader), decide as well (specialist), lead.",
        examples=["lead"],
    )

    def to_person(self) -> Person:
        """The Person that this entry declares."""
        return Person(self.name, self.slack, self.email, self.timezone, Role(self.role))


class SourcesFile(_Entry):
    """What Policy Monitor watches, and whom it tells."""

    audiences: list[AudienceEntry] = Field(
        [], min_length=1, description="Who is told. Left out: the audiences that sources name, or one, everyone."
    )
    people: list[PersonEntry] = Field([], description="Who owns SOPs, decides and leads, and how to reach them.")
    packs: list[PackEntry] = Field([], description="Sources that are switched on and off together.")
    sources: list[SourceEntry] = Field(min_length=1, description="What is watched.")


ENTRIES: dict[str, type[BaseModel]] = {
    "sources": SourceEntry,
    "audiences": AudienceEntry,
    "people": PersonEntry,
    "packs": PackEntry,
}
"""The model of an entry by the list it stands in."""


class _EditorSchema(GenerateJsonSchema):
    def field_title_should_be_set(self, _schema: Any) -> bool:
        """No field has a title: editors would show "Id" beside `id`."""
        return False


def json_schema() -> dict[str, Any]:
    """The JSON Schema of `sources.yaml`, for editors. `docs/sources.schema.json` is this, and a test keeps it so."""
    schema = SourcesFile.model_json_schema(schema_generator=_EditorSchema)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | schema
