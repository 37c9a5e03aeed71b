"""Who has an account, and where are they signed in?"""

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cmcoord.accounts.models.organisations import Organisation
from cmcoord.places.models import folded, telephone_format

LANGUAGES = [("en", "English"), ("fr", "Français")]


class UserManager(DjangoUserManager):
    def create_superuser(self, *args, **kwargs):
        raise NotImplementedError("This portal has no superuser. Use: manage.py found_portal")


class User(AbstractUser):
    """A person with an account. What they may do stands in their appointments, never in a flag of the account."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=120)
    folded_name = models.CharField(max_length=160, editable=False, default="")
    email = models.EmailField(_("e-mail address"), unique=True)
    function_title = models.CharField(_("function"), max_length=120, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("organisation")
    )
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="en")
    telephone = models.CharField(_("duty telephone"), max_length=40, blank=True, validators=[telephone_format])
    deactivated_note = models.CharField(_("reason of the deactivation"), max_length=200, blank=True)
    # Raised to end every session at once: a session holds the number with which it began.
    session_round = models.PositiveIntegerField(default=0, editable=False)
    held_at = models.DateTimeField(null=True, blank=True, editable=False)  # no sign-in until somebody called back

    objects = UserManager()  # type: ignore[misc]

    activity_kind = "user"
    stream = "portal"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.CheckConstraint(condition=Q(is_superuser=False), name="user_never_superuser")]
        indexes = [models.Index(fields=["folded_name", "id"], name="user_folded_name")]

    def __str__(self):
        return self.name or self.username

    def save(self, *args, **kwargs):
        self.email = self.email.lower()
        self.folded_name = folded(f"{self.name} {self.username}")[:160]
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "folded_name"}
        super().save(*args, **kwargs)

    @property
    def side(self) -> str:
        """Which side this person reads as; "" without an organisation, which nothing is addressed to."""
        return self.organisation.side if self.organisation_id else ""

    @property
    def reference(self) -> str:
        return self.username

    def get_session_auth_hash(self):
        return self._with_round(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self):
        return (self._with_round(each) for each in super().get_session_auth_fallback_hash())

    def _with_round(self, digest: str) -> str:
        return f"{digest}.{self.session_round}"

    def get_full_name(self):
        return str(self)

    def get_short_name(self):
        return str(self)

    def get_absolute_url(self):
        return reverse("accounts:person", args=[self.pk])


class SignIn(models.Model):
    """One session of a person, as they recognise it: which browser, since when. No network address is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField(max_length=60, blank=True)
    began = models.DateTimeField(default=timezone.now)
    seen = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["-seen"]

    def __str__(self):
        return self.browser
