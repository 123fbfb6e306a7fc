"""Setting the site up and serving it."""
