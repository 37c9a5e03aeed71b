"""How is a telephone number read that was written without its country code?"""

import phonenumbers

REGIONS = {"CAF": "CF", "MLI": "ML"}  # country of the portal → the region of the numbering plans


def region_of(country: str) -> str | None:
    return REGIONS.get(country)


def in_groups(number: str) -> str:
    """A number as it is read aloud: +236 72 00 00 01; what is no telephone number stays as it was written."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return number
