"""Telling people: what changed becomes a Digest, a Digest becomes Deliveries, Deliveries reach channels.

    compose   which Changes one Audience is told of, once; stored with its Deliveries in one transaction
    grouping  the same change in several documents as one item
    wording   the words that every form of a Digest shares;  quotes  the few words of a Passage that are shown
    text      Markdown and plain text;  blocks  Slack messages;  preview  Slack messages as an HTML file
    send      the outbox: one sender, known outcomes;  slack, files  one module for each channel

Does not do: finding changes or SOPs touched, reading `sources.yaml`. SQL is in `monitor.store`.
"""
