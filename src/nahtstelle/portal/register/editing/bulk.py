"""What can be done to several records of a list at once: one verb each, and none is changed where one fails."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from nahtstelle.core.vocabularies import FUNDING_PERIODS, TASKS
from nahtstelle.portal.register import actions
from nahtstelle.portal.register.errors import Forbidden, RegisterError
from nahtstelle.portal.register.fields import choices_of
from nahtstelle.portal.register.models import RECORDS, Cooperation, Project, Record, Via
from nahtstelle.portal.register.policies import is_public, may, standing
from nahtstelle.portal.register.reach import looked_after_by
from nahtstelle.portal.register.records import described


class OnSeveral(SnippetBulkAction):
    """A verb done to several records."""

    verb = ""
    kinds: tuple[type[Record], ...] = tuple(RECORDS.values())
    template_name = "register/bulk.html"
    explained: Any = ""
    request: Any
    model: Any
    cleaned_form: Any

    @classproperty
    def models(cls) -> list[type[Record]]:  # noqa: N805
        """For which kinds of record it is."""
        return list(cls.kinds)

    def check_perm(self, record: Record) -> bool:
        """Whether somebody may do it to this record, and it makes sense there."""
        return self.fits(record) and may(standing(self.request.user), self.verb, record)

    def fits(self, record: Record) -> bool:
        """Whether it makes sense."""
        return record.withdrawn_on is None

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        """All that are looked after, not all there are."""
        own = looked_after_by(self.request.user, self.model).filter(withdrawn_on__isnull=True)
        return own.values_list("pk", flat=True)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what follows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"explained": self.explained, "title": self.display_name}

    def form_valid(self, form: Any) -> HttpResponse:
        """All or none."""
        try:
            response: HttpResponse = super().form_valid(form)
            return response
        except Forbidden as error:
            raise PermissionDenied(error.message) from error
        except RegisterError as error:
            form.add_error(None, error.message)
            refused: HttpResponse = self.form_invalid(form)
            return refused

    @classmethod
    def execute_action(cls, objects: Any, **kwargs: Any) -> tuple[int, int]:
        """One verb after the other."""
        screen = kwargs["self"]
        for record in objects:
            screen.do(record, screen.cleaned_form.cleaned_data)
        return len(objects), 0

    def do(self, record: Any, said: dict[str, Any]) -> None:
        """The verb."""
        raise NotImplementedError

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        """How many."""
        return ngettext("Done for one entry.", "Done for %(count)d entries.", num_parent_objects) % {
            "count": num_parent_objects
        }


class ConfirmSeveral(OnSeveral):
    """Say of several that they are right as of today."""

    verb = "confirm"
    display_name = gettext_lazy("Confirm")
    action_type = "confirm"
    aria_label = gettext_lazy("Confirm the chosen entries")
    action_priority = 10
    explained = gettext_lazy("You say that everything in these entries is right as of today.")

    def fits(self, record: Record) -> bool:
        """What is public."""
        return is_public(record)

    def do(self, record: Any, said: dict[str, Any]) -> None:
        """The verb."""
        actions.confirm(self.request.user, record, via=Via.EDITOR)


class ReasonForm(forms.Form):
    """Why."""

    note = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class WithdrawSeveral(OnSeveral):
    """Take several out of sight; in the place of Wagtail's deleting."""

    verb = "withdraw"
    display_name = pgettext_lazy("entry", "Withdraw")
    action_type = "delete"
    aria_label = gettext_lazy("Withdraw the chosen entries")
    action_priority = 90
    classes = frozenset({"serious"})
    form_class = ReasonForm
    explained = gettext_lazy("Nobody will see these entries any more. Nothing is deleted: they can be restored.")

    def do(self, record: Any, said: dict[str, Any]) -> None:
        """The verb."""
        actions.withdraw(self.request.user, record, via=Via.EDITOR, note=said["note"])


class TaskForm(forms.Form):
    """Which task."""

    task = forms.ChoiceField(label=gettext_lazy("Task"), choices=choices_of(TASKS))


class AddTask(OnSeveral):
    """Add a task to several cooperations or projects."""

    verb = "change"
    kinds = (Cooperation, Project)
    display_name = gettext_lazy("Add a task")
    action_type = "add_task"
    aria_label = gettext_lazy("Add a task to the chosen entries")
    action_priority = 20
    form_class = TaskForm
    explained = gettext_lazy("The task is added to those that do not have it yet. Their other tasks stay.")

    def do(self, record: Any, said: dict[str, Any]) -> None:
        """The verb."""
        tasks = [*record.tasks, *([said["task"]] if said["task"] not in record.tasks else [])]
        actions.change(self.request.user, record, {"tasks": tasks}, via=Via.EDITOR, draft=not record.live)


class FundingForm(forms.Form):
    """Which programme, in which period."""

    programme = forms.CharField(label=gettext_lazy("Programme"), max_length=200, help_text=gettext_lazy("e. g. LEADER"))
    period = forms.ChoiceField(label=gettext_lazy("Funding period"), choices=choices_of(FUNDING_PERIODS))


class SetFundingPeriod(OnSeveral):
    """Enter a funding period for several cooperations."""

    verb = "change"
    kinds = (Cooperation,)
    display_name = gettext_lazy("Enter a funding period")
    action_type = "funding_period"
    aria_label = gettext_lazy("Enter a funding period for the chosen entries")
    action_priority = 30
    form_class = FundingForm
    explained = gettext_lazy("The period is added where the programme does not have it yet. Other periods stay.")

    def do(self, record: Any, said: dict[str, Any]) -> None:
        """The verb."""
        fundings = described(record)["fundings"]
        if any(each["programme"] == said["programme"] and each["period"] == said["period"] for each in fundings):
            return
        known = next((each for each in fundings if each["programme"] == said["programme"] and not each["period"]), None)
        if known:
            known["period"] = said["period"]
        else:
            fundings.append({"programme": said["programme"], "period": said["period"]})
        actions.change(self.request.user, record, {"fundings": fundings}, via=Via.EDITOR, draft=not record.live)


ON_SEVERAL = (ConfirmSeveral, AddTask, SetFundingPeriod, WithdrawSeveral)
