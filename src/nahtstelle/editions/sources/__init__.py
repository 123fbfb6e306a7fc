"""One reader per publisher's format; each refuses what it cannot read, with file, row and what to do."""
