"""Pages of the account; nobody sees them without signing in, but those that sign in."""
