"""人员的表单: the shape of what is typed; duties and periods are the actions' matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.web.accounts.models import Account
from gongkai.web.organs.appointment_actions import LONGEST
from gongkai.web.organs.forms import OrganField, Scoped
from gongkai.web.organs.models import ROLES, Appointment, Organ
from gongkai.web.shell import masking
from gongkai.web.shell.forms import DateInput
from gongkai.web.shell.widgets import Picker

People = QuerySet[Account]


def shown(account: Account) -> str:
    """How a person is written into a field that picks one: name and login name."""
    return f"{account.name}（{account.username}）"


def named_only(organs: Mapping[int, Organ]) -> Callable[[Account], str]:
    """As `shown`, for whom login names are no business: name and organ."""
    return lambda account: f"{account.name}（{organs[account.pk].name}）"


def picked(typed: str, people: People, *, logins: bool = True) -> Account:
    """The one person that was typed: by name and login name or organ, login name, or a name held
    by one.

    A login name is found beyond ``people`` too: who knows it exactly may use it. Where ``logins``
    may not be told, those of several people are not. Raises ValidationError where nobody is meant,
    or more than one.
    """
    words = typed.strip()
    name, named = words, words
    if words.endswith("）") and "（" in words:
        at = words.rindex("（")
        name, named = words[:at].strip(), words[at + 1 : -1]
    exact = Account.objects.filter(username=named, is_superuser=False).first()
    if exact is not None:
        return exact
    meant = people.filter(name=words)
    if name != words:
        meant = people.filter(name=name, appointments__organ__name=named).distinct()
    matches = list(meant[:3])
    if len(matches) == 1:
        return matches[0]
    if not matches:
        raise ValidationError(
            _now("没有找到“%(words)s”；请填写登录名，或在提示中选择。") % {"words": words},
            code="no_person",
        )
    said = _now("“%(words)s”不止一人，请在提示中选择，或填写登录名。")
    if logins:
        said = _now("“%(words)s”可能是 %(names)s，请写明是哪一位。")
    names = _now("、").join(shown(m) for m in matches)
    raise ValidationError(said % {"words": words, "names": names}, code="several_people")


class PersonField(forms.CharField):
    """选择人员: typed with suggestions; cleans to an Account."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picker(reverse_lazy("organs:people_suggest")))
        kwargs.setdefault("max_length", 270)
        super().__init__(**kwargs)
        self.people: Callable[[], People] = Account.objects.none
        self.logins = True

    def prepare_value(self, value: Any) -> Any:
        return shown(value) if isinstance(value, Account) else value

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        return picked(words, self.people(), logins=self.logins) if words else None


_LOGIN = _("登录用，设定后不变；文字、数字和 . @ - _，如 zhangsan。")
_UNTIL = _("任职有期限的填写；不填为长期。")


class _Post(Scoped):
    """Role and period."""

    organ = OrganField(label=pgettext_lazy("of one row", "机关"), max_length=200)
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("请选择")), *ROLES])
    valid_from = forms.DateField(label=_("起始日"), widget=DateInput())
    valid_to = forms.DateField(
        label=_("最后一天"), widget=DateInput(), required=False, help_text=_UNTIL
    )

    def clean_valid_to(self) -> date | None:
        """The day after the last one, as periods are kept."""
        last: date | None = self.cleaned_data["valid_to"]
        return last + timedelta(days=1) if last else None


class NewPerson(_Post):
    """新建人员。"""

    name = forms.CharField(label=_("姓名"), max_length=60)
    username = forms.RegexField(
        r"^[\w.@-]+\Z",
        label=_("登录名"),
        max_length=60,
        help_text=_LOGIN,
        error_messages={"invalid": _("登录名只能用文字、数字和 . @ - _。")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    phone = forms.CharField(label=_("电话"), max_length=40, required=False)
    email = forms.EmailField(label=_("电子邮箱"), required=False)
    field_order = ["name", "username", "phone", "email", "organ", "role", "valid_from", "valid_to"]
    sections = [
        (_("人员"), ["name", "username", "phone", "email"]),
        (_("首个任职"), ["organ", "role", "valid_from", "valid_to"]),
    ]


class Appoint(_Post):
    """任命。"""

    account = PersonField(
        label=pgettext_lazy("of one row", "人员"),
        help_text=_("输入姓名或登录名；其他机关的人员须填完整登录名。"),
    )
    field_order = ["account", "organ", "role", "valid_from", "valid_to"]

    def __init__(self, *args: Any, people: People, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        if isinstance(field, PersonField):
            field.people = lambda: people


class EditPerson(forms.Form):
    """修改人员: contacts stand masked; left as they are they stay as they are."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(
        label=_("电话"),
        max_length=40,
        required=False,
        help_text=_("显示的是隐去后的号码：不动即不改，清空即删除，改填请填完整号码。"),
    )
    email = forms.EmailField(label=_("电子邮箱"), required=False, help_text=_("同上。"))
    version = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_phone(self) -> str:
        return self._unmasked("phone", masking.phone)

    def clean_email(self) -> str:
        return self._unmasked("email", masking.email)

    def _unmasked(self, field: str, mask: Callable[[str], str]) -> str:
        typed = str(self.cleaned_data[field])
        kept = str(getattr(self.account, field))
        if typed == mask(kept):
            return kept
        if "*" in typed:
            raise ValidationError(_now("请填写完整，或恢复为原来显示的内容。"), code="masked")
        return typed


def masked(account: Account) -> dict[str, str]:
    """The contacts as `EditPerson` first shows them."""
    return {"phone": masking.phone(account.phone), "email": masking.email(account.email)}


class Reveal(forms.Form):
    """查看联系方式。"""

    purpose = forms.CharField(
        label=_("事由"),
        max_length=100,
        min_length=2,
        help_text=_("如：通知补正材料。查看一次记录一次，本人和审计员可以看到。"),
    )


class EndAppointment(forms.Form):
    """免职。"""

    on = forms.DateField(
        label=_("自哪一天起不再任职"),
        widget=DateInput(),
        help_text=_("当天起不能再以这一身份办理；由其授出的代理同时结束。"),
    )


class PostField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """选择任职: named by organ, role and holder."""

    def label_from_instance(self, obj: Appointment) -> str:
        return f"{obj.organ.name} · {obj.get_role_display()} · {obj.account.name}"


class Delegate(forms.Form):
    """授权代理。"""

    appointment = PostField(
        label=_("授权的任职"), queryset=Appointment.objects.none(), empty_label=_("请选择")
    )
    delegate = PersonField(label=_("代理人"), help_text=_("输入姓名或登录名。"))
    valid_from = forms.DateField(label=_("起始日"), widget=DateInput())
    valid_to = forms.DateField(
        label=_("最后一天"),
        widget=DateInput(),
    )
    reason = forms.CharField(
        label=_("事由"),
        max_length=200,
        help_text=_("如：外出学习、休假。代理期间的每件事都记在代理人名下。"),
    )

    def __init__(
        self,
        *args: Any,
        appointments: QuerySet[Appointment],
        people: People,
        logins: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_to"].help_text = _now(
            "最长 %(days)d 天；到期自动结束，也可提前收回。"
        ) % {"days": LONGEST}
        chosen, picker = self.fields["appointment"], self.fields["delegate"]
        if isinstance(chosen, forms.ModelChoiceField):
            chosen.queryset = appointments
        if isinstance(picker, PersonField):
            picker.people = lambda: people
            picker.logins = logins

    def clean_valid_to(self) -> date:
        """The day after the last one, as periods are kept."""
        last: date = self.cleaned_data["valid_to"]
        return last + timedelta(days=1)
