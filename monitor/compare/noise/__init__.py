"""What a person need not read: the verdict on each changed passage.

    verdicts      all looks, in their order
    form          wording as against form: bullets, numbers, punctuation, the cut of blocks
    ticks         stamps, clocks and counters
    boilerplate   navigation, related links, prompts, buttons
    addresses     link and e-mail addresses within the words
    variants      other languages, and the variants of English;  typos  spelling and articles
    phrases       the words of all of these in some twenty languages (`noise.toml`)

Does not do: naming the kind of the whole change (`monitor.compare.kinds`).
"""
