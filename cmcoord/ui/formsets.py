"""How does a form with rows get one more row without script?"""

import re

from django.http import QueryDict


def with_one_more_row(data: QueryDict) -> QueryDict:
    """What was typed, with one empty row added to the formset whose "add a row" button was pressed.

    `data` is request.POST; its "add_row" holds the prefix. Bind the formset to the answer and do not validate it.
    """
    prefix = data["add_row"]
    grown = data.copy()
    name = f"{prefix}-TOTAL_FORMS"
    count = grown.get(name, "0")
    grown[name] = str(int(count) + 1 if re.fullmatch("[0-9]{1,9}", count) else 1)
    return grown
