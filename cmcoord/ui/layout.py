"""Of which pieces does a form own its layout? Crispy pieces in the portal's look."""

from collections.abc import Iterable

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django.utils.html import format_html
from django.utils.safestring import mark_safe

KINDS = {"main": "btn", "line": "btn line", "danger": "btn danger", "link": "link"}


class Section(Fieldset):
    """A group of questions in one card, with its legend as the heading."""

    def __init__(self, legend, *fields, **kwargs):
        super().__init__(legend, *fields, **({"css_class": "card"} | kwargs))


class Group(Fieldset):
    """A group of questions with a legend, inside a card."""

    def __init__(self, legend, *fields, **kwargs):
        super().__init__(legend, *fields, **({"css_class": "group"} | kwargs))


class Pair(Div):
    """Short questions beside each other, below each other on a phone."""

    css_class = "pair"


class Acts(Div):
    """The row of buttons at the end."""

    css_class = "acts"


class Only(Div):
    """Questions that matter only when `field` has `value`; a script hides them otherwise, without script they stay."""

    def __init__(self, field: str, value: str, *fields, **kwargs):
        super().__init__(*fields, data_only=f"{field}={value}", **kwargs)


class Fold(Div):
    """Questions that few people need, folded under a line; open where one of `opened_by` has something in it."""

    def __init__(self, label, *fields, opened_by: Iterable[str], **kwargs):
        super().__init__(*fields, **kwargs)
        self.label, self.opened_by = label, tuple(opened_by)

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        inner = self.get_rendered_fields(form, context, template_pack, **kwargs)
        is_open = any(form[name].value() or form[name].errors for name in self.opened_by)
        said = mark_safe(" open") if is_open else ""
        return format_html('<details class="more"{}><summary>{}</summary>{}</details>', said, self.label, inner)


class Note(HTML):
    """A sentence between questions."""

    def __init__(self, text):
        super().__init__("")
        self.text = text

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        return format_html('<p class="hint">{}</p>', self.text)


class Hidden(LayoutObject):
    """A value that travels with the form and is no question of it; words that waited come back with theirs."""

    def __init__(self, name: str, value: str):
        self.name, self.value, self.fields = name, value, []

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        value = getattr(form, "brought", {}).get(self.name, self.value)
        return format_html('<input type="hidden" name="{}" value="{}">', self.name, value)


class Act(LayoutObject):
    """A button that sends the form; `name` and `value` tell the view which one was pressed."""

    def __init__(self, label, name: str = "", value: str = "1", kind: str = "main"):
        self.label, self.name, self.value, self.kind, self.fields = label, name, value, kind, []

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        told = format_html(' name="{}" value="{}"', self.name, self.value) if self.name else ""
        return format_html('<button class="{}"{}>{}</button>', KINDS[self.kind], told, self.label)


class Way(LayoutObject):
    """A link beside the buttons, for going back without sending."""

    def __init__(self, label, url: str, kind: str = "line"):
        self.label, self.url, self.kind, self.fields = label, url, kind, []

    def render(self, form, context, template_pack=TEMPLATE_PACK, **kwargs):
        return format_html('<a class="{}" href="{}">{}</a>', KINDS[self.kind], self.url, self.label)


def form_helper(
    *layout, tag: bool = True, method: str = "post", css_class: str = "", action: str = "", **attrs
) -> FormHelper:
    """A crispy helper in the portal's manner; `attrs` become attributes of the form (data_autosave → data-autosave)."""
    helper = FormHelper()
    helper.form_tag, helper.form_method, helper.form_class, helper.form_action = tag, method, css_class, action
    helper.attrs = {"data_guard": ""} | attrs if method == "post" else attrs
    helper.layout = Layout(*layout) if layout else None
    helper.include_media = False
    return helper
