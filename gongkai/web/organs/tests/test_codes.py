"""代码校验: check digits and shapes."""

from __future__ import annotations

import pytest

from gongkai.web.organs import codes, tree

# 11 public codes printed on organs' own pages would do; these are computed from invented bodies.
BODIES = ("11110000000000000", "12320800468000000", "91330100MA2AAAAA0", "54110000500000000")


@pytest.mark.parametrize("body", BODIES)
def test_a_code_with_its_check_sign_is_a_credit_code(body: str) -> None:
    sign = codes.check_sign(body)
    assert codes.is_credit_code(body + sign)


@pytest.mark.parametrize("body", BODIES)
def test_any_other_last_sign_is_refused(body: str) -> None:
    right = codes.check_sign(body)
    for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY":
        assert codes.is_credit_code(body + sign) == (sign == right)


def test_two_neighbouring_signs_exchanged_are_noticed() -> None:
    whole = BODIES[2] + codes.check_sign(BODIES[2])
    turned = whole[:3] + whole[4] + whole[3] + whole[5:]
    assert turned != whole
    assert not codes.is_credit_code(turned)


@pytest.mark.parametrize(
    "code", ["", "1111000000000000", "I1110000000000000X", "11110000 0000000000"]
)
def test_what_is_no_credit_code(code: str) -> None:
    assert not codes.is_credit_code(code)


def test_a_published_code_has_the_check_sign_computed_here() -> None:
    # GB 32100-2015, annex: the standard's own example of a check sign.
    assert codes.check_sign("91350100M000100Y4") == "3"


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("320803", True),
        ("320803001", True),
        ("320803001002", True),
        ("32080", False),
        ("020803", False),
        ("３２０８０３", False),
        ("32080a", False),
    ],
)
def test_division_codes(code: str, fits: bool) -> None:
    assert codes.is_division_code(code) == fits


def test_the_end_of_a_subtree_is_the_next_path() -> None:
    assert tree.end("00010003") == "00010004"
    assert tree.end("00010999") == "00011000"
    assert tree.ancestors("000100030007") == ["0001", "00010003", "000100030007"]
    assert tree.within("000100030007", "00010003")
    assert not tree.within("00010004", "00010003")
