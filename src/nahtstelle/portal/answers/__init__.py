"""How answers leave the site: as files, in ranges, and remembered for the next visitor."""
