"""What written pages are made of. Plain pieces only: whoever edits chooses what is said, not how it looks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.forms.choosers import URLOrAbsolutePathValidator
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock

FEATURES = ["bold", "italic", "ul", "ol", "link", "document-link"]


class Blocks(StreamField):
    """A stream field whose pieces are no matter of the database: another label makes no migration.

    A migration that changes what is kept in one names the pieces itself.
    """

    def deconstruct(self) -> Any:
        """The field without its pieces."""
        name, path, _args, kwargs = super().deconstruct()
        return name, path, [[]], {key: value for key, value in kwargs.items() if key != "block_lookup"}


def cells(row: str) -> list[str]:
    """The cells of one row as it was typed or pasted: between tabs where there are any, else between bars.

    >>> cells("Form | Recht |  "), cells("Form\\tRecht")
    (['Form', 'Recht', ''], ['Form', 'Recht'])
    """
    return [cell.strip() for cell in row.split("\t" if "\t" in row else "|")]


class TableValue(blocks.StructValue):
    """A table as pages show it."""

    @property
    def lines(self) -> list[list[str]]:
        """Every row with its cells, the head first."""
        return [cells(row) for row in self["rows"].splitlines() if row.strip()]

    @property
    def head(self) -> list[str]:
        """The names of the columns."""
        return self.lines[0]

    @property
    def body(self) -> list[list[str]]:
        """The rows below the head."""
        return self.lines[1:]


class TableBlock(blocks.StructBlock):
    """A small table. Its rows are text, so that they can be pasted from a spreadsheet."""

    caption = blocks.CharBlock(label=_("Caption"), help_text=_("Says what the table shows."))
    rows = blocks.TextBlock(
        label=_("Rows"),
        help_text=_(
            "One line per row, cells separated by | or pasted from a spreadsheet. The first line names the columns, "
            "the first cell of each line names the row."
        ),
    )

    class Meta:
        icon = "table"
        label = _("Table")
        template = "pages/blocks/table.html"
        value_class = TableValue

    def clean(self, value: Any) -> TableValue:
        """Refuse a table whose rows differ in their number of cells."""
        table: TableValue = super().clean(value)
        widths = [len(line) for line in table.lines]
        uneven = next((number for number, width in enumerate(widths, 1) if width != widths[0]), None)
        if uneven is not None:
            wrong = _("Row %(row)s has %(cells)s cells, the first row has %(expected)s.") % {
                "row": uneven,
                "cells": widths[uneven - 1],
                "expected": widths[0],
            }
            raise StructBlockValidationError({"rows": ValidationError(wrong)})
        if len(widths) < 2:
            raise StructBlockValidationError({"rows": ValidationError(_("A table needs a head and at least one row."))})
        return table


class LinkBlock(blocks.StructBlock):
    """A link that says where it leads."""

    title = blocks.CharBlock(label=_("Title"))
    url = blocks.CharBlock(
        label=_("Address"),
        validators=[URLOrAbsolutePathValidator()],
        help_text=_("https://… or, within this site, /…/"),
    )
    description = blocks.CharBlock(label=_("Description"), required=False)

    class Meta:
        icon = "link"
        label = _("Link")


class CheckedLinkBlock(LinkBlock):
    """A link with the day somebody last followed it."""

    checked_on = blocks.DateBlock(label=_("Last checked on"), required=False)


class LinkGroupBlock(blocks.StructBlock):
    """Links on one subject."""

    title = blocks.CharBlock(label=_("Title"))
    links = blocks.ListBlock(CheckedLinkBlock(), label=_("Links"))

    class Meta:
        icon = "list-ul"
        label = _("Group of links")
        template = "pages/blocks/link_group.html"


class StepBlock(blocks.StructBlock):
    """One step of several."""

    title = blocks.CharBlock(label=_("Title"))
    text = blocks.RichTextBlock(label=_("Text"), features=FEATURES)

    class Meta:
        icon = "order"
        label = _("Step")


class NoticeBlock(blocks.StructBlock):
    """A remark that stands out."""

    kind = blocks.ChoiceBlock(label=_("Kind"), choices=[("info", _("Note")), ("warning", _("Caution"))], default="info")
    title = blocks.CharBlock(label=_("Title"), required=False)
    text = blocks.RichTextBlock(label=_("Text"), features=FEATURES)

    class Meta:
        icon = "info-circle"
        label = _("Notice")
        template = "pages/blocks/notice.html"


class QuoteBlock(blocks.StructBlock):
    """What somebody else said, and where."""

    text = blocks.TextBlock(label=_("Text"))
    origin = blocks.CharBlock(label=_("Source"))
    url = blocks.URLBlock(label=_("Address"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quotation")
        template = "pages/blocks/quote.html"


class PictureBlock(blocks.StructBlock):
    """A picture with words for those who do not see it, a caption, and whose it is."""

    image = ImageBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False)
    credit = blocks.CharBlock(label=_("Source and licence"))

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "pages/blocks/picture.html"


class DocumentBlock(blocks.StructBlock):
    """A document to download."""

    document = DocumentChooserBlock(label=_("Document"))
    description = blocks.CharBlock(label=_("Description"), required=False)

    class Meta:
        icon = "doc-full"
        label = _("Document")
        template = "pages/blocks/document.html"


class ContactBlock(blocks.StructBlock):
    """An office to turn to: a function and a shared mailbox, never a person's own."""

    function = blocks.CharBlock(label=_("Function"), help_text=_("Not the name of a person."))
    organisation = blocks.CharBlock(label=_("Organisation"))
    matter = blocks.CharBlock(label=_("What for"), required=False)
    mailbox = blocks.EmailBlock(label=_("Mailbox"), required=False, help_text=_("A shared one of the office."))
    phone = blocks.CharBlock(label=_("Telephone"), required=False)

    class Meta:
        icon = "mail"
        label = _("Office")
        template = "pages/blocks/contact.html"


class Body(blocks.StreamBlock):
    """The pieces of a page in any order."""

    heading = blocks.CharBlock(label=_("Heading"), icon="title", template="pages/blocks/heading.html")
    subheading = blocks.CharBlock(label=_("Subheading"), icon="title", template="pages/blocks/subheading.html")
    text = blocks.RichTextBlock(label=_("Text"), icon="pilcrow", features=FEATURES)
    steps = blocks.ListBlock(StepBlock(), label=_("Steps"), icon="list-ol", template="pages/blocks/steps.html")
    notice = NoticeBlock()
    table = TableBlock()
    links = blocks.ListBlock(LinkBlock(), label=_("Links"), icon="link", template="pages/blocks/links.html")
    document = DocumentBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
