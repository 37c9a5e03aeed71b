"""Is every text of the portal there in French? Compares the catalogs with the code and with what is compiled.

python -m tests.texts              says what is missing, unused, untranslated, doubtful, or not compiled
python -m tests.texts --compile    writes the compiled catalogs
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "cmcoord" / "locale"
CODE = ["manage.py", "cmcoord", "requests_app", "contacts", "templates"]
COLLECT = ["--locale", "fr", "--no-location", "--no-obsolete"]
HIDDEN = re.compile(r"\{(_|n?p?n?gettext(_lazy)?)\(")  # inside the braces of an f-string, where gettext does not look
ALIAS = re.compile(r"\bn?p?n?gettext(_lazy)? as (?!_\b)\w+")  # another name than `_`, by which gettext does not know it
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogs() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def keys(catalog: polib.POFile) -> set[tuple]:
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in catalog if not entry.obsolete}


def findings_in(path: Path) -> list[str]:
    """What is wrong with one catalog by itself: untranslated, fuzzy, lost placeholders, compiled file out of date."""
    catalog = polib.pofile(str(path))
    twice = Counter((entry.msgctxt, entry.msgid) for entry in catalog if not entry.obsolete)
    found = [f"twice: {msgid!r}" for (_context, msgid), number in twice.items() if number > 1]
    found += [f"untranslated: {entry.msgid!r}" for entry in catalog.untranslated_entries()]
    found += [f"fuzzy: {entry.msgid!r}" for entry in catalog.fuzzy_entries()]
    found += [f"placeholders differ: {entry.msgid!r}" for entry in catalog.translated_entries() if differs(entry)]
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != catalog.to_binary():
        found.append(f"{compiled.name} is out of date: python -m tests.texts --compile")
    return found


def differs(entry: polib.POEntry) -> bool:
    """Does a translation name other values than its text? A plural form may leave one out ("one case")."""
    if entry.msgid_plural:
        named = placeholders(entry.msgid) | placeholders(entry.msgid_plural)
        return any(not placeholders(form) <= named for form in entry.msgstr_plural.values())
    return placeholders(entry.msgid) != placeholders(entry.msgstr)


def hidden() -> list[str]:
    """Texts that nobody can translate, because the collector does not see them."""
    files = [path for name in CODE if name != "templates" for path in sorted((ROOT / name).rglob("*.py"))]
    return [
        f"{path.relative_to(ROOT)}:{number}: {what}"
        for path in files
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for pattern, what in ((HIDDEN, "a text inside an f-string"), (ALIAS, "an alias of gettext"))
        if pattern.search(line)
    ]


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def collected() -> set[tuple]:
    """The texts that code and templates hold today, collected in a copy so that the catalog stays as it is."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "portal"
        copy.mkdir()
        for name in CODE:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "locale"))
            elif source.exists():
                shutil.copy(source, copy / name)
        (copy / "cmcoord" / "locale").mkdir()
        (copy / "static").mkdir()
        subprocess.run(
            [sys.executable, "manage.py", "makemessages", *COLLECT],
            cwd=copy,
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"PORTAL_VAR": str(copy / "var")},
        )
        return keys(polib.pofile(str(copy / "cmcoord" / "locale" / "fr" / "LC_MESSAGES" / "django.po")))


def main() -> int:
    if "--compile" in sys.argv:
        for path in catalogs():
            path.with_suffix(".mo").write_bytes(polib.pofile(str(path)).to_binary())
        return 0
    found = hidden() + ([] if catalogs() else ["there is no catalog: make messages"])
    for path in catalogs():
        found += [f"{path.relative_to(ROOT)}: {finding}" for finding in findings_in(path)]
    if shutil.which("xgettext"):
        today = collected()
        for path in catalogs():
            there = keys(polib.pofile(str(path)))
            found += [f"{path.relative_to(ROOT)}: missing: {key[1]!r}" for key in sorted(today - there, key=str)]
            found += [f"{path.relative_to(ROOT)}: unused: {key[1]!r}" for key in sorted(there - today, key=str)]
    else:
        print("SKIPPED: texts of the code that the catalog lacks; needs gettext: apt-get install gettext")
    print("\n".join(found) or "Every text is translated.")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
