"""The edition that ships with the package, and the command that builds it: ``make bundled-edition``."""
