"""What several parts of the site show: maps, pictures, sheets, rows of seams, sources."""
