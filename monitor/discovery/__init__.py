"""From an address to a source: what stands there, how to watch it, and what to call it.

    looks        one answer → a Look: its kind, title, publisher, feeds, and how it would be read
    selectors    which elements to keep and drop;  naming  which names in a page last;  parts  which part is kept
    survey       what is kept and dropped, in words;  steadiness  what differs between two looks
    feeds        feeds that a page links to;  publishers  pages of publishers with an interface
    guesses      publisher, jurisdiction, name and id;  topics  what it is about
    proposals    all of it → an entry of `sources.yaml`, with notes;  advice  what to do where nothing can be watched

Everything is pure: answers in, facts out. What is guessed is a proposal, and a person decides.

Does not do: fetching (`monitor.crawl`), writing the file (`monitor.sources.edit`), printing (`monitor.cli.add`).
"""
