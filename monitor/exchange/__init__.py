"""Lists of sources from and for other programs.

    opml     lists of feeds, as feed readers write and read them
    ota      declarations of Open Terms Archive
    taking   what such a list declares → entries of `sources.yaml`, without what is watched already
    tables   Sources as JSON and as CSV

Whoever reads a list gives a Listing: Candidates, and remarks on what was not read. What a Candidate says is foreign and
is checked as what people write in `sources.yaml` is checked; one that cannot be used is named and the others are taken.

Does not do: fetching, writing `sources.yaml` (`monitor.sources.edit`), printing.
"""
