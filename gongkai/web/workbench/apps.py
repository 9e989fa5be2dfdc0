from django.apps import AppConfig


class Workbench(AppConfig):
    name = "gongkai.web.workbench"
    label = "workbench"
