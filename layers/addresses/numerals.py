"""Numbers as they are written in addresses: full-width and Chinese numerals, 廿 and 卅 among them."""

DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
TENS = {"廿": 20, "卅": 30}
UNITS = {"十": 10, "百": 100, "千": 1000}
HANZI = "".join((*DIGITS, *TENS, *UNITS))
ONE_TO_NINE = "〇一二三四五六七八九"


def value(text: str) -> int:
    """The number of a text of ASCII digits or of Chinese numerals: 12, 十二, 一百零五, 廿三, and 一〇五 digit by digit."""
    if text.isascii():
        return int(text)
    if not any(sign in TENS or sign in UNITS for sign in text):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in UNITS:
            total += (digit or 1) * UNITS[sign]
            digit = 0
        elif sign in TENS:
            total, digit = total + TENS[sign], 0
        else:
            digit = DIGITS[sign]
    return total + digit


def hanzi(number: int) -> str:
    """The Chinese numeral of a number below 100; above, the Arabic one."""
    tens, ones = divmod(number, 10)
    if number >= 100:
        return str(number)
    begin = "" if not tens else "十" if tens == 1 else f"{ONE_TO_NINE[tens]}十"
    return begin + (ONE_TO_NINE[ones] if ones or not tens else "")
