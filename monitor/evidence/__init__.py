"""Evidence: whether what is stored is what the monitor wrote, and files that show it to others.

    database   the whole database against its Seals
    rows       which rows prove one Change, with their Seals;  contents  the files that follow from these rows
    dossier    what proves one Change, as files;  pages  the comparison as HTML and text, and what a reader is told
    bundle     those files as one ZIP, and whether such a ZIP is as it was written
    warc       Snapshots as a web archive

Does not do: sealing (`monitor.store.seals`); proving that whoever holds the machine did not write a new chain. What
shows that are heads that were kept elsewhere.
"""
