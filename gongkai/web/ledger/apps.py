from django.apps import AppConfig


class Ledger(AppConfig):
    name = "gongkai.web.ledger"
    label = "ledger"

    def ready(self) -> None:
        from gongkai.web.ledger import calendar_kinds, outbox, vault
        from gongkai.web.shell import health

        calendar_kinds.register()
        vault.register()
        outbox.register()
        health.also("vault", vault.state)
