"""Keeps residents out of the data: finds Chinese identity numbers in any text."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_DIGITS = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")
_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)"
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])({_PROVINCE}[0-9]{{4}})(?:([0-9]{{8}})[0-9]{{3}}([0-9Xx])|([0-9]{{6}})[0-9]{{3}})(?![0-9A-Za-z])",
    re.ASCII,
)
_PERSONAL = re.compile(
    r"(?:^|_)(?:residents?|owners?|householders?|tenants?|applicants?|deceased|contact|surname|given_name"
    r"|(?:full|person|family|first|last)_name|id_?(?:number|no|card)|identity|passport|birth(?:day|date)?|sex|gender)(?:_|$)"
    r"|姓名|身份证|证件号|户主|业主|产权人|住户|居民|联系人|申请人|逝者|死者"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def identity_number_in(text: str) -> str | None:
    """The first resident identity number in the text, of 18 characters or the old 15, or None.

    Source: GB 11643-1999 (province, date of birth, ISO 7064 MOD 11-2 check character).
    """
    for match in _NUMBER.finditer(text.translate(_DIGITS)):
        number, birth, old_birth = match[0].upper(), match[2], match[4]
        if birth:
            remainder = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11
            if number[17] != "10X98765432"[remainder]:
                continue
        if _is_birth_date(birth or f"19{old_birth}"):
            return number
    return None


def _is_birth_date(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1850 <= born.year <= 2100


def names_a_person(title: str) -> bool:
    """Whether the name or title of a column says that it would tell who someone is."""
    return _PERSONAL.search(re.sub(r"[\W_]+", "_", title.lower())) is not None


def refuse_identity_number(value: str) -> None:
    """Raises ValidationError when the text holds an identity number; the message shows only its ends."""
    if number := identity_number_in(value):
        raise ValidationError(
            _("“%(masked)s” looks like a resident identity number. The portal keeps no personal data: remove it."),
            code="identity_number",
            params={"masked": f"{number[:3]}…{number[-2:]}"},
        )
