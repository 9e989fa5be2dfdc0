from django.apps import AppConfig


class Desk(AppConfig):
    name = "gongkai.web.desk"
    label = "desk"
