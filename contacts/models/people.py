"""Who can be reached, by which telephones and addresses, and what has each of them said about sharing it?

The trail knows a name, a number and an address by a salted digest alone; the salt stands in the row and is destroyed
with it (domain.md §4.5).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from cmcoord.accounts.models import User
from cmcoord.activity.models import ErasableValue
from cmcoord.places.models import folded
from contacts.models.sharing import Shared


class Language(models.TextChoices):
    """In which languages somebody can be called."""

    FRENCH = "fr", _("French")
    ENGLISH = "en", _("English")
    SANGO = "sg", _("Sango")
    BAMBARA = "bm", _("Bambara")
    OTHER = "other", _("another language")


class Confidential(Shared):
    """Something of a person, with its switches; the trail knows it by a digest as long as the row stands."""

    salt = models.CharField(max_length=32, default=ErasableValue.new_salt, editable=False)

    class Meta:
        abstract = True

    @property
    def confidential(self) -> str:
        raise NotImplementedError

    @property
    def digest(self) -> str:
        return ErasableValue.digest_of(self.salt, self.confidential)


class Person(Confidential):
    """Somebody who can be reached, with or without an account; not the account itself.

    The switches here are for the name. Whoever was written down without being asked (an import) has answered nothing:
    of them nothing beyond their function is shown, whatever the switches say.
    """

    name = models.CharField(_("name"), max_length=120)
    folded_name = models.CharField(max_length=160, editable=False, default="")
    languages = models.JSONField(_("languages"), default=list, blank=True)  # of Language
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, related_name="contact", verbose_name=_("account")
    )
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=120, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    activity_kind = "contact"

    class Meta:
        verbose_name = _("person in a post")
        verbose_name_plural = _("people in posts")
        ordering = ["folded_name", "id"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="contact_has_name")]
        indexes = [models.Index(fields=["folded_name", "id"], name="contact_folded_name")]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.folded_name = folded(self.name)[:160]
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_name"}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("contacts:person", args=[self.pk])

    @property
    def reference(self) -> str:
        """Nothing: a mail names nobody."""
        return ""

    @property
    def confidential(self) -> str:
        return self.name

    @property
    def has_answered(self) -> bool:
        return self.answered_at is not None

    @property
    def language_words(self) -> list[str]:
        return [capfirst(str(Language(code).label)) for code in self.languages if code in Language.values]


class Telephone(Confidential):
    """One number of a person, with what it is: mobile, satellite, radio room."""

    class Kind(models.TextChoices):
        MOBILE = "mobile", _("mobile")
        SATELLITE = "satellite", _("satellite")
        OFFICE = "office", _("office")
        RADIO = "radio", _("radio room")
        VSAT = "vsat", _("VSAT")

    person = models.ForeignKey(Person, models.CASCADE, related_name="telephones")
    number = PhoneNumberField(_("telephone"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.MOBILE)
    day_and_night = models.BooleanField(_("answers day and night"), default=False)
    whatsapp = models.BooleanField(_("WhatsApp"), default=False)

    class Meta:
        verbose_name = _("telephone")
        verbose_name_plural = _("telephones")
        ordering = ["-day_and_night", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "number"], name="telephone_once_per_person")]
        indexes = [models.Index(fields=["number"], name="telephone_number")]

    def __str__(self):
        return str(self.number)

    @property
    def confidential(self) -> str:
        return str(self.number)


class Address(Confidential):
    """One e-mail address of a person."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")
    email = models.EmailField(_("e-mail address"))

    class Meta:
        verbose_name = _("e-mail address of a person")
        verbose_name_plural = _("e-mail addresses of a person")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["person", "email"], name="address_once_per_person")]
        indexes = [models.Index(fields=["email"], name="address_email")]

    def __str__(self):
        return self.email

    def save(self, *args, **kwargs):
        self.email = self.email.lower()
        super().save(*args, **kwargs)

    @property
    def confidential(self) -> str:
        return self.email
