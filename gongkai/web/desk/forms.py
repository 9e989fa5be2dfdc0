"""报告台的表单。"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongkai.web.desk import known
from gongkai.web.organs import queries as organ_queries
from gongkai.web.organs.capacity import Capacity
from gongkai.web.organs.forms import OrganField


class Nothing(forms.Form):
    """没有要填的。"""


class Sure(forms.Form):
    """确认: only what its author saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class Assign(forms.Form):
    """认定: whose report it is, and of which year."""

    organ = OrganField(label=_("机关"), help_text=_("名称或编号，边输边选。"))
    year = forms.IntegerField(label=_("年度"), help_text=_("报告所属的年度，例如 2024。"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, capacity: Capacity, latest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organ = self.fields["organ"]
        assert isinstance(organ, OrganField)
        organ.organs = lambda: organ_queries.visible_organs(capacity)
        year = self.fields["year"]
        assert isinstance(year, forms.IntegerField)
        year.min_value, year.max_value = known.FIRST, latest
