"""每种文书: made of a real matter; every ground has its letter; two who number at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import connection

from gongkai.statute import letter_kinds, letter_samples, letters
from gongkai.statute.grounds import REASONS, Ground
from gongkai.statute.writers import letter_docx, letter_pdf
from gongkai.web.applications import letter_actions, letter_content, letter_forms, life
from gongkai.web.applications.letter_content import Given
from gongkai.web.applications.models import Letter, Matter, Party
from gongkai.web.applications.tests.samples import PERSON
from gongkai.web.applications.tests.test_letters import begun, office  # noqa: F401
from gongkai.web.applications.tests.test_life import doer
from gongkai.web.ledger import vault
from gongkai.web.tests.cast import Cast

ON = letter_samples.ON


def typed(kind: letter_kinds.Kind) -> Mapping[str, Any]:
    """What a person would type, and what only the further course of a case says."""
    known = letter_samples.values(kind)
    own = {*letter_forms.editable(kind), *kind.template.variables, "charge", "grounds"}
    never = {"organ", "contact", "applicant", "received_on", "request", "case_number"}
    found = {id: value for id, value in known.items() if id in own - never}
    if kind.to == "organ":
        found["addressee"] = "临溪区财政局"
    return found


def given(matter: Matter, kind: letter_kinds.Kind, party: Party) -> Given:
    to = party if kind.to == "third_party" else None
    values = letter_content.write(typed(kind))
    case = life.case_of(matter)
    return Given(matter, kind, case, ON, values, to, "临教公开告〔2026〕5号")


@pytest.mark.django_db
def test_every_kind_is_made_of_a_real_matter_and_printed(office: Cast) -> None:  # noqa: F811
    matter = begun(office)
    name = vault.put(
        organ=matter.organ,
        subject=life.address(matter),
        label="name",
        value="钱示例",
        at=doer(office, "handler", ON).at,
    )
    party = Party.objects.create(matter=matter, key="甲", name=name)
    made = []
    for kind in letter_kinds.kinds().values():
        one = letter_content.composed(given(matter, kind, party))
        lacking = [element.id for element in letters.missing(one)]
        assert lacking == [], (kind.id, lacking)
        printed = "".join([one.addressee, *one.paragraphs])
        if kind.to == "applicant":
            assert PERSON.name in printed, kind.id
        if kind.to == "third_party":
            assert PERSON.name not in printed and "钱示例" in printed, kind.id
        assert PERSON.identity not in printed and PERSON.phone not in printed
        made.append(one)
    assert letter_pdf.write(made).data.startswith(b"%PDF")
    assert letter_docx.write(made).data.startswith(b"PK")


@pytest.mark.django_db
@pytest.mark.parametrize("ground", [one for one in Ground if REASONS[one].letter])
def test_the_form_of_a_ground_asks_for_all_its_letter_needs(ground: Ground) -> None:
    kind = letter_kinds.for_ground(ground.value)
    asked = {*letter_forms.editable(kind), *letter_forms.LOOKED_UP}
    made = {id for id, one in letter_kinds.variables().items() if one.made}
    for element in kind.elements:
        if element.compulsory:
            choices = [set(choice) <= asked | made for choice in element.by]
            assert any(choices), (kind.id, element.id)


@pytest.mark.django_db(transaction=True)
def test_two_who_number_at_once_get_two_numbers(office: Cast) -> None:  # noqa: F811
    on = date(2026, 3, 4)
    matters = [begun(office), begun(office)]
    drafts = [
        letter_actions.draft(
            by=doer(office, "handler", on),
            of=matter,
            kind="consultation_notice",
            values={"consulted_on": on},
        )
        for matter in matters
    ]
    gate = threading.Barrier(2)
    faults: list[BaseException] = []

    def number(letter: Letter) -> None:
        try:
            by = doer(office, "handler", on)
            gate.wait(10)
            letter_actions.issue(by=by, letter=letter, version=letter.version, on=on)
        except BaseException as fault:  # told to the test below
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=number, args=(one,)) for one in drafts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert faults == []
    numbers = sorted(Letter.objects.values_list("number", flat=True))
    assert numbers == ["临教公开告〔2026〕1号", "临教公开告〔2026〕2号"]
