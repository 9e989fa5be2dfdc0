from django.apps import AppConfig


class Annual(AppConfig):
    name = "gongkai.web.annual"
    label = "annual"

    def ready(self) -> None:
        from gongkai.web.annual import case_part
        from gongkai.web.applications import case_page

        case_page.MORE.append(case_part.part)
