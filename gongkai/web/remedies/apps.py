from django.apps import AppConfig


class Remedies(AppConfig):
    name = "gongkai.web.remedies"
    label = "remedies"

    def ready(self) -> None:
        from gongkai.web.remedies import event_kinds, life

        event_kinds.register()
        life.register()
