"""实测服务: an application that waits for its applicant, and a file to be prepared for release."""

from __future__ import annotations

import json
import sys
from datetime import timedelta

CODE = "ACDEFGHJKL"  # of the application, so that a test can type it


def main() -> None:
    """Migrates, builds the cast, registers, signs in, and prints what a browser needs."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command
    from django.utils import timezone

    from gongkai.convert.tests import redaction_files
    from gongkai.statute import case_events as e
    from gongkai.statute.applicant_kinds import ApplicantKind
    from gongkai.statute.clock_events import Channel
    from gongkai.web.applications import intake, recording
    from gongkai.web.applications.intake import Asked, Asker, Paper
    from gongkai.web.applications.models import Request
    from gongkai.web.shell.access import Role
    from gongkai.web.tests import cast as district
    from gongkai.web.tests.particulars import acting

    settings.ALLOWED_HOSTS.append("testserver")  # what Django's own browser asks
    call_command("migrate", verbosity=0)
    cast = district.build()
    today = timezone.localdate()
    by = acting(cast, "handler", "LX-JY", role=Role.HANDLER)
    person = Asker(ApplicantKind.NATURAL_PERSON, name=redaction_files.SECRET, phone="0000-00001234")
    request = intake.register(
        by=by,
        organ=cast.organs["LX-JY"],
        paper=Paper(
            Channel.IN_PERSON,
            today - timedelta(days=8),
            (person,),
            (Asked("校车安排", "2025 年秋季学期校车线路和经费安排。"),),
        ),
        files=[SimpleUploadedFile("材料.pdf", redaction_files.text())],
    )
    Request.objects.update(code=CODE)
    matter = request.matters.get()
    for event in (
        e.Accepted(today - timedelta(days=7)),
        e.ClarificationAsked(today - timedelta(days=5), "请写明是哪一所学校、哪一个学期。"),
    ):
        matter.refresh_from_db()
        recording.act(by=by, matter=matter, event=event, version=matter.version)
    sessions = {
        who: cast.client(who, acting_at="LX-JY").cookies[settings.SESSION_COOKIE_NAME].value
        for who in ("handler",)
    }
    sys.stdout.write(json.dumps({"sessions": sessions, "pages": {}}) + "\n")


if __name__ == "__main__":
    main()
