"""What an uploaded file is, and whether it may come in: `inspector.inspect` asks a process with limits, and reports.

A file is accepted where its name, its first bytes and its whole structure agree on what it is. Whatever is read of a
stranger's file beyond its first bytes is read in the child (`child`, inside the walls of `walls`); the parent believes
nothing that the child says without looking (`answers`). Knows no model, no setting and nothing of Django.

The first bytes are told apart by a table of our own (`kinds`): a dozen formats come in, so that libmagic's thousand
others would only be other names for "no"; it is a parser in C more, needs a library that a bare Debian lacks, and
misses every fourteenth real .docx.
"""
