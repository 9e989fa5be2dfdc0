from django.apps import AppConfig


class Shell(AppConfig):
    name = "gongkai.web.shell"
    label = "shell"
