"""The site: Django and Wagtail over the analysis core. Its database holds what people enter, and no geometry."""
