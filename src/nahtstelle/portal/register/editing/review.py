"""What happens when an entry that had to be looked at first is approved."""

from __future__ import annotations

from typing import Any


def publish(workflow_state: Any, user: Any = None) -> None:
    """Publish what was approved: a record by its verb, a written page as Wagtail does."""
    # Wagtail asks for this function while models are still being read, so nothing is imported before it is called.
    from wagtail.workflows import publish_workflow_state

    from nahtstelle.portal.register import actions
    from nahtstelle.portal.register.models import Entry, Via

    thing = workflow_state.content_object
    if isinstance(thing, Entry):
        actions.publish(user, thing, via=Via.EDITOR)
    else:
        publish_workflow_state(workflow_state, user=user)
