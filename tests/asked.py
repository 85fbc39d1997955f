"""A publisher's interface as a backfill asks it, without a network: the spider's own conversation, answered by a table.

publisher = Asked(FederalRegisterSpider, federal_register([PROPOSED]))
publisher([Request(…)])              # a Fetch for each, as the crawl process gives them
publisher.questions                  # the URLs that were asked, in order
publisher.fails = {"2026-01-01"}     # whatever names this does not arrive
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from monitor.envelope import MEDIA_TYPE, Answer, pack
from monitor.model import Fetch, Outcome
from store.conftest import NOON


class Asked:
    def __init__(self, spider, respond, at=NOON):
        self.spider, self.respond, self.at = spider, respond, at
        self.questions = []
        self.fails = set()

    def __call__(self, requests):
        for request in requests:
            yield self._fetch(request)

    def _fetch(self, request):
        conversation, answers = self.spider((), None).converse(request.url), []
        question = next(conversation)
        while True:
            self.questions.append(question)
            if any(each in question for each in self.fails):
                return Fetch(request.source_id, request.url, self.at, Outcome.TIMEOUT, detail="no answer in 60 s")
            answer = self._answer(question)
            if answer.status >= 300:
                said = f"{answer.status} {question}"
                return Fetch(
                    request.source_id, request.url, self.at, Outcome.HTTP_ERROR, status=answer.status, detail=said
                )
            answers.append(answer)
            try:
                question = conversation.send(answer)
            except StopIteration:
                headers = {"content-type": MEDIA_TYPE}
                body = pack(answers)
                return Fetch(request.source_id, request.url, self.at, Outcome.OK, 200, headers=headers, body=body)

    def _answer(self, question):
        parts = urlsplit(question)
        said = self.respond(parts.path, parse_qsl(parts.query), {"user-agent": "PolicyMonitor"})
        return Answer(question, said.status, said.headers.get("Content-Type", ""), said.body)
