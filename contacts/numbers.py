"""How is a telephone number read that was written without its country code?"""

REGIONS = {"CAF": "CF", "MLI": "ML"}  # country of the portal → the region of the numbering plans


def region_of(country: str) -> str | None:
    return REGIONS.get(country)
