"""The text of an address without what differs only in how it is typed."""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 300  # no address is longer; what stands behind is not read
SIMPLIFIED = dict(
    zip(
        "號樓棟單層縣鎮鄉區幾門牌鋪組東麗園華廣場龍橋灣鐵與對側廠開後邊衖",
        "号楼栋单层县镇乡区几门牌铺组东丽园华广场龙桥湾铁与对侧厂开后边弄",
        strict=True,
    )
)
SIGNS = (
    dict.fromkeys("‐‑‒–—―−－﹣_", "-")
    | dict.fromkeys("～〜∼", "~")
    | dict.fromkeys("【[〔{〈《", "(")
    | dict.fromkeys("】]〕}〉》", ")")
    | dict.fromkeys(",，、;；/\\|·。:：\"'“”‘’", " ")
)
NOISE = re.compile(r"(?:详细地址|家庭住址|通讯地址|联系地址|现住址|住址|地址|门牌号码|门牌号(?=\d)|门牌(?!镇)) ?")
COUNTRY = re.compile(r"^中华人民共和国 ?")
POSTCODE = re.compile(r"^(?:邮政编码|邮编)? ?\d{6}(?![\d号弄幢室\-])|(?:(?:邮政编码|邮编) ?| )\d{6}$")
BRACKET = re.compile(r"\(([^()]*)(?:\)|$)")
SPACE = re.compile(r"\s+")
# A space between a hanzi and a digit says nothing; between two words or two numbers it parts them.
IDLE_SPACE = re.compile(r"(?<=[一-鿿]) (?=\d)|(?<=\d) (?=[一-鿿])")
LETTER = re.compile(r"(?<=\d)[a-z](?![A-Za-z])|(?<![A-Za-z])[a-z](?=[幢栋座区号\d])")
UNPRINTED = dict.fromkeys(
    map(chr, (*range(9), *range(0x0E, 0x20), 0x7F, *range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xFFFD)), ""
)
TYPED = str.maketrans(SIMPLIFIED | SIGNS | UNPRINTED)
OTHER_DIGIT = re.compile(r"(?![0-9])\d")
NUMBERED = re.compile(r"[A-Z]?\d+(?:号|弄|幢|栋|座|单元|室|楼|层|组|#|-)")


@dataclass(frozen=True)
class Written:
    """text: with half-width signs, simplified generics, single spaces. notes: what stood in brackets."""

    text: str
    notes: tuple[str, ...]
    beyond: str


def tidy(text: str) -> Written:
    """The text to read, its bracketed notes, and what is beyond the longest address."""
    text, beyond = text[:LONGEST], text[LONGEST:]
    text = unicodedata.normalize("NFKC", text).translate(TYPED)
    text = OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    notes: list[str] = []

    def without(bracket: re.Match[str]) -> str:
        if NUMBERED.match(bracket[1].strip()):
            return f" {bracket[1]} "
        notes.append(bracket[1].strip())
        return " "

    if text.upper() != text:
        text = LETTER.sub(lambda found: found[0].upper(), text)
    if "(" in text:
        text = BRACKET.sub(without, text)
    text = text.replace(")", " ")
    text = NOISE.sub("", SPACE.sub(" ", text).strip())
    text = COUNTRY.sub("", POSTCODE.sub("", text.strip()).strip())
    return Written(IDLE_SPACE.sub("", text.strip().rstrip(" -~(")), tuple(filter(None, notes)), beyond)
