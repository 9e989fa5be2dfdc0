"""文字编码: bytes to text, by what the bytes say rather than by what is claimed of them.

A file is UTF-8, UTF-16, GB18030 (with GBK and GB2312 inside it) or Big5. Where the bytes
themselves do not decide, the reading with more of the common characters of official writing
wins; a ``charset`` in markup only tips the balance.
"""

from __future__ import annotations

import codecs
import re

_SAMPLE = 1 << 12  # bytes weighed, from the first that is not ASCII on

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# The codec that reads the most of each family: cp950 is Big5 as Windows writes it.
_CODECS = {"big5": "cp950"}

_CLAIMS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5",
    "big5-hkscs": "big5",
    "x-x-big5": "big5",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_CHARSET = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)

# 常用字: frequent characters of this field, both scripts; enough to tell a right reading
# (nine characters in ten) from a wrong one (about one in fifty).
_COMMON = re.compile(
    "[的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过"
    "子说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体"
    "制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内"
    "数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提"
    "直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计"
    "别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海"
    "口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身"
    "车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石"
    "记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青"
    "省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型"
    "眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严首底液官德随病苏"
    "失尔死讲配女黄推显谈罪神艺呢席含企望密批营项防举球英氧势告李台落木帮轮破亚师围注远字材排供河"
    "态封另施减树溶怎止案言士均武固叶鱼波视仅费紧爱左章早朝害续轻服试食充兵源判护司足某练差致板田"
    "申请信息公开条例依职答复诉讼予部维持纠正审结尚未卷宗档案网站监督培训考核栏渠道截止附录联系电话"
    "這為個國來時們會對發動過說產種經進後現實當點從業應開還無結問題條員設長圖統計別論運農據處隊給"
    "門導壓爭濟階術極聯認權證轉單風帶場車務萬達積議聲報鬥類離華確張馬節話況傳許廣記觀織裝眾書復"
    "須際驗連斷難礦備辦習響約勞團歷構稱準號維劃選標寫親養層專狀廠識適屬圓調滿縣參紅細聽該鐵價嚴"
    "請訴訟糾審檔網監訓與總體數區關機縣鎮鄉訊項費"
    "\xa0\u3000０１２３４５６７８９，。、；：？！（）“”‘’《》〈〉【】—…·　％]"
)
_BAD = re.compile("[\ufffd\ue000-\uf8ff\u0080-\u009f\ud800-\udfff\U000f0000-\U0010ffff]")
_UNUSUAL = re.compile("[\x00-\x08\x0b-\x0d\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
# 0x1A and 0x1B end or colour old text files; the rest never stands in one.
_BINARY = re.compile("[\x00-\x08\x0e-\x19\x1c-\x1f\x7f]")
_FOREIGN = re.compile("[^\x00-\x7f]")
_LETTERS = re.compile("[\u00c0-\u07ff]")
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")


def decode(data: bytes) -> tuple[str, str]:
    """The text of a file and the name of its encoding (``utf-8``, ``gb18030``, ``big5``, …).

    Line ends become ``\\n``; NUL, other control characters and byte order marks are left out.
    What cannot be read stands as U+FFFD, never silently gone.
    """
    encoding = detect(data)
    for mark, name in _BOMS:
        if name == encoding and data.startswith(mark):
            data = data[len(mark) :]
            break
    return clean(data.decode(_CODECS.get(encoding, encoding), "replace")), encoding


def clean(text: str) -> str:
    """The text with one kind of line end and without control characters."""
    text = text.replace("\r\n", "\n")
    if _UNUSUAL.search(text):
        text = _CONTROL.sub("", _LINE_END.sub("\n", text))
    return text


def detect(data: bytes) -> str:
    """The name of the encoding these bytes are in."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    wide = _wide_latin(data)
    if wide:
        return wide
    text = _utf_8(data)
    # Two bytes of GBK can look like one Latin or Cyrillic letter of UTF-8.
    if text is None or _LETTERS.search(text) and not _THREE_BYTES.search(text):
        return _best(data, _claimed(data))
    return "utf-8"


def probe(data: bytes, size: int = 1 << 14) -> str | None:
    """The beginning of a text; None where the bytes cannot be writing in any known encoding."""
    sample = data[:size]
    encoding = detect(sample)
    text = sample.decode(_CODECS.get(encoding, encoding), "replace")
    # A character cut in two at the end of the sample is no fault.
    broken = text[:-2].count("\ufffd")
    if not text or len(_BINARY.findall(text)) * 100 > len(text) or broken * 20 > len(text):
        return None
    # Noise always decodes to something in the legacy encodings, but never to common characters.
    certain = encoding == "utf-8" or any(sample.startswith(mark) for mark, _ in _BOMS)
    if certain or len(_FOREIGN.findall(text)) * 10 <= len(text) or likeness(text) >= 0.1:
        return clean(text)
    return None


def likeness(text: str) -> float:
    """How much a text reads like Chinese official writing: the share of common characters
    among all that are not ASCII, less what no such text contains; 0 where there are none."""
    foreign = len(_FOREIGN.findall(text))
    if not foreign:
        return 0.0
    return (len(_COMMON.findall(text)) - 3 * len(_BAD.findall(text))) / foreign


def _utf_8(data: bytes) -> str | None:
    """The bytes as UTF-8, if they are; a character cut in two at the very end is no fault."""
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return None


def _best(data: bytes, claimed: str | None) -> str:
    """The encoding whose reading is likeliest; GB18030 where nothing tells."""
    foreign = _HIGH_BYTE.search(data)
    start = foreign.start() & ~1 if foreign else 0  # even, for the sake of UTF-16
    sample = data[start : start + _SAMPLE]
    names = ["gb18030", "big5", "utf-8"]
    if len(sample) >= 8:  # two bytes make a common character of UTF-16 too easily
        names += ["utf-16-le", "utf-16-be"]
    best, best_score = "gb18030", float("-inf")
    for name in names:
        score = likeness(sample.decode(_CODECS.get(name, name), "replace"))
        if name.startswith("utf-16") and score < 0.3:
            continue  # any even number of bytes is some UTF-16
        if score > 0.5:
            return name
        if name == claimed:
            score += 0.1
        if score > best_score:
            best, best_score = name, score
    return best


def _wide_latin(data: bytes) -> str | None:
    """UTF-16 without a mark, told by the zero halves of its digits, spaces and line ends."""
    sample = data[: 16 * _SAMPLE]
    if b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd < 2 or len(sample) < 4:
        return None
    if odd > 8 * even:
        name = "utf-16-le"
    elif even > 8 * odd:
        name = "utf-16-be"
    else:
        return None
    text = sample[: len(sample) & ~1].decode(name, "replace")
    # A NUL here and there in a text of one-byte characters is dirt, not UTF-16.
    plain = sum(1 for ch in text if ch.isascii() and (ch.isprintable() or ch in "\t\r\n"))
    foreign = len(text) - plain
    return name if plain >= 0.9 * len(text) or likeness(text) * foreign > 0.2 * foreign else None


def _claimed(data: bytes) -> str | None:
    """The encoding markup claims for itself in its first lines."""
    head = data[:2048]
    if b"<" not in head:
        return None
    found = _CHARSET.search(head)
    return _CLAIMS.get(found[1].decode("ascii", "replace").lower()) if found else None
