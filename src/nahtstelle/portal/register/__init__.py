"""The register: who works together with whom, since when, on what, and how we know.

Reading is `queries`, changing is `actions`, allowing is `policies`; pages are elsewhere.
"""
