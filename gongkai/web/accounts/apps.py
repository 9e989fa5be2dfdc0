from django.apps import AppConfig


class Accounts(AppConfig):
    name = "gongkai.web.accounts"
    label = "accounts"
