"""Forms people fill in to change something: fields below each other, hints and what is wrong beside each."""

from __future__ import annotations

from typing import Any

from django import forms, template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nahtstelle.core.keys import LAENDER
from nahtstelle.portal.ui.templatetags.ui import disclosure, icon

IN_ENGLISH = "_en"
"""How names of fields end whose text is in English."""

register = template.Library()


@register.simple_tag
def entry(bound: forms.BoundField) -> SafeString:
    """A field with its label, a hint below it, and what is wrong with it; ticks and choices as a group."""
    widget = bound.field.widget
    if isinstance(widget, forms.RadioSelect):  # choosing one, and what derives from it: choosing several
        return _group(bound)
    if isinstance(widget, forms.CheckboxInput):
        return _tick(bound)
    said = _said(bound)
    if isinstance(widget, forms.Select):
        shown = format_html(
            '<div class="kern-form-input__select-wrapper">{}</div>',
            bound.as_widget(attrs=said | {"class": "kern-form-input__select"}),
        )
    else:
        shown = bound.as_widget(attrs=said | {"class": "kern-form-input__input"})
    return format_html(
        '<div class="kern-form-input nt-entry{}"{}>{}{}{}{}</div>',
        mark_safe(" kern-form-input--error") if bound.errors else "",
        _suggesting(widget),
        format_html(
            '<label class="kern-label" for="{}">{}{}</label>', bound.id_for_label, bound.label, _optional(bound)
        ),
        _hint(bound),
        shown,
        _wrong(bound),
    )


@register.simple_tag
def entries(form: forms.BaseForm) -> SafeString:
    """All fields of a form, after what is wrong with it as a whole; texts in English folded away below the others."""
    hidden = mark_safe("".join(bound.as_widget() for bound in form.hidden_fields()))
    shown = [each for each in form.visible_fields() if not each.name.endswith(IN_ENGLISH)]
    english = [each for each in form.visible_fields() if each.name.endswith(IN_ENGLISH)]
    fields = mark_safe("".join(entry(each) for each in shown))
    if english:
        opened = any(each.errors for each in english)
        inside = mark_safe("".join(entry(each) for each in english))
        fields += disclosure(inside, title=_("Texts in English, for readers from abroad"), opened=opened)
    return format_html("{}{}{}", whole(form), hidden, fields)


@register.simple_tag
def whole(form: forms.BaseForm) -> SafeString:
    """What is wrong with a form: how many fields, and what belongs to none of them. Nothing where all is well."""
    if not form.errors:
        return mark_safe("")
    fields = [bound for bound in form if bound.errors]
    said = [*form.non_field_errors()]
    if fields:
        count = ngettext("One field is not right yet:", "%(count)s fields are not right yet:", len(fields))
        said.append(
            format_html(
                "{} {}",
                count % {"count": len(fields)},
                format_html_join(", ", '<a href="#{}">{}</a>', ((_first(each), each.label) for each in fields)),
            )
        )
    return format_html(
        '<div class="nt-notice nt-notice--danger nt-wrong" role="alert">{}<div>{}</div></div>',
        icon("danger"),
        format_html_join("", "<p>{}</p>", ((each,) for each in said)),
    )


def _first(bound: forms.BoundField) -> str:
    """Where a link to a field leads: groups have their fields inside."""
    return bound.id_for_label or f"{bound.auto_id}_0"


def _said(bound: forms.BoundField) -> dict[str, str | bool]:
    beside = [f"{bound.auto_id}-hint"] if bound.help_text else []
    beside += [f"{bound.auto_id}-error"] if bound.errors else []
    said: dict[str, str | bool] = {"aria-describedby": " ".join(beside)} if beside else {}
    return said | ({"aria-invalid": "true"} if bound.errors else {})


def _optional(bound: forms.BoundField) -> SafeString:
    if bound.field.required:
        return mark_safe("")
    return format_html(' <span class="kern-label__optional">{}</span>', _("optional"))


def _hint(bound: forms.BoundField) -> SafeString:
    if not bound.help_text:
        return mark_safe("")
    return format_html('<div class="kern-hint" id="{}-hint">{}</div>', bound.auto_id, bound.help_text)


def _wrong(bound: forms.BoundField) -> SafeString:
    if not bound.errors:
        return mark_safe("")
    said = format_html_join("", '<span class="kern-body">{}</span>', ((error,) for error in bound.errors))
    return format_html('<p class="kern-error" id="{}-error">{}{}</p>', bound.auto_id, icon("danger"), said)


def _tick(bound: forms.BoundField) -> SafeString:
    box = bound.as_widget(attrs=_said(bound) | {"class": "kern-form-check__checkbox"})
    return format_html(
        '<div class="nt-entry"><div class="kern-form-check">{}<label class="kern-label" for="{}">{}</label></div>{}{}'
        "</div>",
        box,
        bound.id_for_label,
        bound.label,
        _hint(bound),
        _wrong(bound),
    )


def _group(bound: forms.BoundField) -> SafeString:
    kind = "checkbox" if isinstance(bound.field.widget, forms.CheckboxSelectMultiple) else "radio"
    ticks = format_html_join(
        "",
        '<div class="kern-form-check">{}<label class="kern-label" for="{}">{}</label></div>',
        (
            (_classed(each, f"kern-form-check__{kind}"), each.id_for_label, each.choice_label)
            for each in bound.subwidgets
        ),
    )
    described = _said(bound).get("aria-describedby")
    return format_html(
        '<fieldset class="kern-fieldset nt-entry{}"{}><legend class="kern-label">{}{}</legend>{}'
        '<div class="kern-fieldset__body nt-ticks">{}</div>{}</fieldset>',
        mark_safe(" kern-fieldset--error") if bound.errors else "",
        format_html(' aria-describedby="{}"', described) if described else "",
        bound.label,
        _optional(bound),
        _hint(bound),
        ticks,
        _wrong(bound),
    )


def _classed(each: Any, name: str) -> SafeString:
    """One tick of a group with the class of KERN."""
    each.data["attrs"] = each.data["attrs"] | {"class": name}
    return each.tag()  # type: ignore[no-any-return]


def _suggesting(widget: forms.Widget) -> SafeString:
    """What a script needs to offer areas while somebody types; see `AreaInput`."""
    address = getattr(widget, "suggestions", None)
    if not address:
        return mark_safe("")
    return format_html(
        ' data-suggest-into="{}" data-one="{}" data-many="{}" data-none="{}" data-failed="{}"',
        address(),
        _("One suggestion. Choose it with the arrow keys."),
        _("{count} suggestions. Choose one with the arrow keys."),
        _("No place has this name or key."),
        _("Suggestions are not available at the moment."),
    )


@register.filter
def land_name(key: str) -> str:
    """The name of a Land."""
    return LAENDER.get(key, key)
