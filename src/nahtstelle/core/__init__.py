"""The pure part: tables and frozen records in, tables and frozen records out.

No files, no network, no clock, no environment, no Django.
"""
