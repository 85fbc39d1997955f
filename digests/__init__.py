"""Telling people: what changed becomes a Digest, a Digest becomes Deliveries, Deliveries reach channels.

What is told, and when:

    compose    every Digest that is due, stored once with its Deliveries in one transaction
    due        when one is due, by the clock of whoever is told;  reminding  which open items somebody is told of
    grouping   the same change in several documents as one item

How it looks:

    wording    the words that every form of a Digest shares;  lists  what it lists in one line each
    quotes     the few words of a Change that are shown;  escape  texts from outside, made harmless
    text       Markdown and plain text;  letter  the HTML of an e-mail;  jsonform  facts as JSON
    blocks     Slack messages, made of  entries  (a Change, a line),  states  (what is decided),  kit  (Block Kit)
               and put together by  parts;  preview, drawing  messages, modals and App Home as an HTML file

How it gets there:

    channels   the ways out, and what each is handed;  slack, mail, webhook, services, files  one module for each
    send       the outbox: one sender, known outcomes;  revising  messages that are there show who decided what

Does not do: finding changes or SOPs touched, deciding, reading `sources.yaml`. SQL is in `monitor.store`.
"""
