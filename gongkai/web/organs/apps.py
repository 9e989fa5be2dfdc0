from django.apps import AppConfig


class Organs(AppConfig):
    name = "gongkai.web.organs"
    label = "organs"

    def ready(self) -> None:
        from gongkai.web.organs import clock_kinds, event_kinds

        clock_kinds.register()
        event_kinds.register()
