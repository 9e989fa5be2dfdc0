from django.apps import AppConfig


class Remedies(AppConfig):
    name = "gongkai.web.remedies"
    label = "remedies"

    def ready(self) -> None:
        from gongkai.web.applications import archive_file, case_page
        from gongkai.web.remedies import case_file, case_part, event_kinds, life

        event_kinds.register()
        life.register()
        case_page.MORE.append(case_part.part)
        archive_file.MORE.append(case_file.parts)
