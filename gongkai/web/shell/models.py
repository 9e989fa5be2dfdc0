"""外壳的数据: saved views of lists, what was typed when a session ended, submissions done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.web.shell.sealed import Sealed


class SavedView(models.Model):
    """常用视图: a list's filters and order under a name of the account's own."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    listing = models.CharField(_("列表"), max_length=60)
    name = models.CharField(_("名称"), max_length=30)
    query = models.CharField(_("条件"), max_length=2000, blank=True)
    is_default = models.BooleanField(_("打开列表时使用"), default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "listing", "name"], name="one_saved_view_of_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class KeptInput(models.Model):
    """保留的填写内容: what was typed when the session had ended; its author gets it back."""

    key = models.CharField(max_length=43, unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    path = models.CharField(max_length=2000)
    data = Sealed()
    kept_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.path


class Draft(models.Model):
    """自动保存的草稿: what somebody is typing into the form of an address."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    path = models.CharField(max_length=500)
    data = Sealed()
    saved_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "path"], name="one_draft_of_a_form")
        ]

    def __str__(self) -> str:
        return self.path


class Submission(models.Model):
    """提交: a form's one-time token and where its result is; a second submission is led there."""

    token = models.CharField(max_length=43, unique=True)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True)
    result = models.CharField(max_length=2000, blank=True)
    done_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.result
