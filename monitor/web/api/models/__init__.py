"""The shapes in which the API answers: our own, so that what programs rely on stays when a view or a table changes.

    shared       what several answers have: Decisions, Standings, marked text
    inbox, change, deciding, procedures, sources, texts, search, calendar, numbers, told

A model whose fields are called like those of a view's dataclass is made by `model_validate`; where the shape is another
one, or words are to be found for it, a function `tell_…` makes it. Days are as precise as they are written (2026-12-01,
2026-12 or 2026), times are in UTC, "" stands for what is not known. pydantic reads the annotations, so that the modules
here, as those of the routes, do without `from __future__ import annotations`.

Does not do: asking the views (the routes beside this package).
"""
