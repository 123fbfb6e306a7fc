"""Editions: the areas of one publisher at one date, in files that never change once verified."""
