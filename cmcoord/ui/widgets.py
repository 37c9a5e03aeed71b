"""Which input lets a telephone show the right keyboard or calendar?"""

from django import forms


class DayInput(forms.DateInput):
    """A date as the browser's own calendar; typed as 2026-11-28 where there is none."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    """An hour of the day, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%H:%M")


class MomentInput(forms.DateTimeInput):
    """A date with a time, to the minute."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict | None = None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TelephoneInput(forms.TextInput):
    """A telephone number, with the number keys on a telephone."""

    input_type = "tel"

    def __init__(self, attrs: dict | None = None):
        super().__init__({"autocomplete": "tel"} | (attrs or {}))


class PositionInput(forms.TextInput):
    """A position in any notation, which no telephone may correct."""

    def __init__(self, attrs: dict | None = None):
        plain = {"autocomplete": "off", "autocapitalize": "characters", "autocorrect": "off", "spellcheck": "false"}
        super().__init__(plain | (attrs or {}))


class LongText(forms.Textarea):
    """A text of some sentences."""

    def __init__(self, attrs: dict | None = None, rows: int = 4):
        super().__init__({"rows": rows} | (attrs or {}))


class ChoiceBoxes(forms.RadioSelect):
    """A few choices, each in a box that is easy to hit with a thumb."""

    def __init__(self, attrs: dict | None = None, choices=()):
        super().__init__({"class": "boxes"} | (attrs or {}), choices)


class ChoiceLine(forms.RadioSelect):
    """Two or three short choices beside each other, such as yes and no."""

    def __init__(self, attrs: dict | None = None, choices=()):
        super().__init__({"class": "inline"} | (attrs or {}), choices)
