"""Where two texts agree and where they do not: blocks first, then the words inside a reworded one.

    blocks      which blocks stand in both texts, and what became of the others
    pairing     which removed and added blocks belong together
    words       folding, and the changed words inside a passage;  hunks, datewords  so that people can read the marks
    sequences   the arithmetic under both

Does not do: judging what a change means (`monitor.compare.noise`, `monitor.compare.severity`).
"""
