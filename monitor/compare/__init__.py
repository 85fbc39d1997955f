"""Two texts of one Document in, one Judgement out.

    alignment    which blocks stand in both texts, what became of the others, which words changed
    noise        the verdict on each changed passage: rule text, wording, or nothing to be read
    kinds        the kind of the whole change, why, and the Judgement
    severity     how grave it is and what it is about;  summary  in one line;  quoting  its words
    dates        what happens when;  citations  which laws are named
    grouping     whether two documents changed in the same way

Does not do: kinds that need a history (`reverted`, `re-extracted`), SQLite, network, clock.
"""
