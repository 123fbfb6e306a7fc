"""The editing screens of the register in Wagtail: forms in, verbs out, with the rights of `policies`."""
