"""模板标签: of the design system, available in every template without {% load %}."""

from django import template

register = template.Library()
