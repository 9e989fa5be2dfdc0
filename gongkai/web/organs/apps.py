from django.apps import AppConfig


class Organs(AppConfig):
    name = "gongkai.web.organs"
    label = "organs"
