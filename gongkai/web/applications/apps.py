from django.apps import AppConfig


class Applications(AppConfig):
    name = "gongkai.web.applications"
    label = "applications"
