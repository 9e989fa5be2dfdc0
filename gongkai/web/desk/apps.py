from django.apps import AppConfig


class Desk(AppConfig):
    name = "gongkai.web.desk"
    label = "desk"

    def ready(self) -> None:
        from gongkai.web.desk import event_kinds

        event_kinds.register()
