from django.apps import AppConfig


class Applications(AppConfig):
    name = "gongkai.web.applications"
    label = "applications"

    def ready(self) -> None:
        from gongkai.web.applications import (
            event_kinds,
            life,
            redaction_actions,
            redaction_page,
            tracking_actions,
        )

        event_kinds.register()
        life.register()
        tracking_actions.register()
        redaction_actions.register()
        redaction_page.register()
