"""The first judgement of a process, made ahead for the commands that are forked from it (`scenarios.world`).

It compiles the expressions, reads the tables and opens the models that every later one needs.
"""

from monitor.compare.kinds import compare
from monitor.extract import extract
from monitor.impact.embedding import find_english, find_multilingual

PAGE = """<main><h1>Rules</h1><h2>Hosts</h2><p>You must be {age} or older to host a livestream.</p>
<p>From {day} March 2026, Article 28 of the DSA applies to gifts of adults.</p><h2>Related articles</h2>
<p>Last updated: {day} March 2026</p></main>"""

OLD, NEW = (extract(PAGE.format(age=16 + day, day=day).encode(), "text/html").blocks for day in (1, 2))
compare(OLD, NEW)

if english := find_english(None):
    english.embed("Hosts must be adults.")
find_multilingual()
