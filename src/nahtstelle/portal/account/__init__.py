"""The account of a person at ``/konto/``: signing in, tasks, forms for what people do most, invitations, own data."""
