"""演示区的数据: 白鹭市松风区, invented, with every kind of organ and role there is.

Codes, names and people stand for nobody; the first digits of the codes belong to no place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gongkai.web.organs import codes

DIVISION = "889901"  # no province has a code that begins with 88
FOUNDED = "2010-03-01"
REFORM = "2019-03-20"
LAW = "2024-01-01"  # 行政复议法（2023 年修订）施行
CITY = ("BL", "白鹭市人民政府", "市政府")
DISTRICT = ("SF", "白鹭市松风区人民政府", "区政府")

# code, name after 白鹭市松风区, short name, kind, superior, founded, ended
_DEPARTMENT, _DISPATCHED, _PUBLIC = "工作部门", "派出机构", "公共企事业单位"
_ORGANS = (
    ("SF-BGS", "人民政府办公室", "区政府办", "政府办公厅（室）", "SF", FOUNDED),
    ("SF-FGW", "发展和改革局", "区发改局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-JY", "教育局", "区教育局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-MZ", "民政局", "区民政局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-SFJ", "司法局", "区司法局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-CZ", "财政局", "区财政局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-RS", "人力资源和社会保障局", "区人社局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-ZJ", "住房和城乡建设局", "区住建局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-CG", "城市管理局", "区城管局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-JT", "交通运输局", "区交通局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-NLS", "农林水务局", "区农林水务局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-SW", "商务局", "区商务局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-TC", "投资促进局", "区投促局", _DEPARTMENT, "SF", REFORM),
    ("SF-WL", "文化和旅游局", "区文旅局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-WJ", "卫生健康局", "区卫健局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-SJ", "审计局", "区审计局", _DEPARTMENT, "SF", FOUNDED),
    ("SF-SG", "市场监督管理局", "区市场监管局", _DEPARTMENT, "SF", REFORM),
    ("SF-SGJ-01", "市场监督管理局白石监督管理所", "白石所", _DISPATCHED, "SF-SG", REFORM),
    ("SF-SFS-01", "司法局松涛司法所", "松涛司法所", _DISPATCHED, "SF-SFJ", FOUNDED),
    ("SF-ST", "松涛街道办事处", "松涛街道", "街道办事处", "SF", FOUNDED),
    ("SF-BS", "白石街道办事处", "白石街道", "街道办事处", "SF", FOUNDED),
    ("SF-LY", "柳荫镇人民政府", "柳荫镇", "人民政府", "SF", FOUNDED),
    ("SF-HT", "荷塘镇人民政府", "荷塘镇", "人民政府", "SF", FOUNDED),
    ("SF-ZQ", "征迁服务中心", "区征迁中心", "授权组织", "SF-ZJ", "2015-06-01"),
    ("SF-XX", "大数据中心", "区大数据中心", _PUBLIC, "SF-BGS", "2018-05-01"),
    ("SF-GS", "供水公司", "区供水公司", _PUBLIC, "SF-NLS", FOUNDED),
    ("SF-YY", "人民医院", "区医院", _PUBLIC, "SF-WJ", FOUNDED),
    ("SF-XX-01", "第一实验小学", "一实小", _PUBLIC, "SF-JY", FOUNDED),
    ("SF-SWJ", "税务局", "区税务局", "垂直管理部门", "SF", "2018-07-05"),
)
_TOWNSHIP = {"SF-ST", "SF-BS", "SF-LY", "SF-HT"}
FORMER = (
    # code, former name, short, from, to
    ("SF-WJ", "卫生和计划生育局", "区卫计局", FOUNDED, REFORM),
    ("SF-WL", "文化局", "区文化局", FOUNDED, REFORM),
)
PREFIX = "白鹭市松风区"


@dataclass(frozen=True, slots=True)
class Person:
    """演示人员: what the person does, and where; ``zh`` and ``en`` tell who tries the service."""

    username: str
    name: str
    posts: tuple[tuple[str, str], ...]
    zh: str = ""
    en: str = ""


# The first of them was approved so long ago that it is stale.
LOOKED_AFTER = (
    *("SF-CZ", "SF-FGW", "SF-SFJ", "SF-RS", "SF-ZJ", "SF-CG", "SF-JT", "SF-SJ", "SF-SG"),
    *("SF-BS", "SF-HT", "SF-YY"),
)

PEOPLE = (
    Person(
        "handler",
        "甲经办",
        (("SF-JY", "经办人"),),
        "教育局经办人：起草指南要素",
        "handler at the education bureau: drafts the particulars",
    ),
    Person(
        "reviewer",
        "乙审核",
        (("SF-JY", "审核人"),),
        "教育局审核人",
        "reviewer at the education bureau",
    ),
    Person(
        "approver",
        "丙批准",
        (("SF-JY", "批准人"),),
        "教育局批准人，现由辛代理代理",
        "approver at the education bureau, whose deputy now is 辛代理",
    ),
    Person(
        "deputy",
        "辛代理",
        (("SF-WJ", "审核人"),),
        "卫健局审核人，并代理丙批准：在页面顶部切换身份",
        "reviewer at the health bureau and deputy of 丙批准: switches at the top of the page",
    ),
    Person(
        "two-posts",
        "庚两岗",
        (("SF-WL", "经办人"), ("SF-BGS", "审核人")),
        "在两个机关任职：文旅局经办人、政府办审核人",
        "two posts: handler for culture, reviewer at the government office",
    ),
    Person(
        "supervisor",
        "丁监督",
        (("SF", "监督员"),),
        "全区监督员：联系方式已遮掩",
        "supervisor of the district: contacts are masked",
    ),
    Person(
        "auditor",
        "戊审计",
        (("SF", "审计员"),),
        "全区审计员：只看事件",
        "auditor of the district: sees events alone",
    ),
    Person("shui", "水经办", (("SF-NLS", "经办人"),)),
    Person("nong", "农审核", (("SF-NLS", "审核人"),)),
    Person("lin", "林批准", (("SF-NLS", "批准人"),)),
    Person("ren", "壬停用", (("SF-MZ", "经办人"),)),
    Person("gui", "癸主管", (("SF-BGS", "经办人"),)),
    Person("one", "示例人员一", (("SF-BGS", "批准人"),)),
    Person("two", "示例人员二", (("SF-WJ", "经办人"),)),
    Person("three", "示例人员三", (("SF-WJ", "批准人"),)),
    Person("four", "示例人员四", (("SF-SW", "经办人"),)),
    Person("five", "示例人员五", (("SF-TC", "经办人"),)),
    Person("six", "示例人员六", (("SF-ST", "经办人"),)),
    Person("seven", "示例人员七", (("SF-ST", "审核人"),)),
    Person("eight", "示例人员八", (("SF-ST", "批准人"),)),
    Person("nine", "示例人员九", (("SF-LY", "经办人"),)),
    Person("ten", "示例人员十", (("SF-MZ", "经办人"),)),
    Person("eleven", "示例人员十一", (("SF-SFJ", "经办人"), ("SF-SFS-01", "经办人"))),
    Person("twelve", "示例人员十二", (("SF-GS", "经办人"),)),
    # Small units whose matters three people of the district look after.
    Person("sixteen", "示例人员十六", tuple((code, "经办人") for code in LOOKED_AFTER)),
    Person("seventeen", "示例人员十七", tuple((code, "审核人") for code in LOOKED_AFTER)),
    Person("eighteen", "示例人员十八", tuple((code, "批准人") for code in LOOKED_AFTER)),
)
CITY_ADMINISTRATOR = Person(
    "city-admin",
    "市管理",
    (("BL", "系统管理员"),),
    "全市系统管理员",
    "administrator of the whole city",
)
CITY_SUPERVISOR = Person(
    "city-supervisor",
    "市监督",
    (("BL", "监督员"),),
    "全市监督员：录入放假安排",
    "supervisor of the whole city: enters the holidays of a year",
)
ADMINISTRATOR = Person(
    "admin",
    "己管理",
    (("SF", "系统管理员"),),
    "松风区系统管理员：机关、人员、导入导出、设置",
    "administrator of the district: organs, people, imports, settings",
)

Row = tuple[str, ...]
Rows = dict[str, list[Row]]


def credit_code(number: int) -> str:
    """An invented code with a right check sign."""
    first_17 = f"11{DIVISION}{number:09d}"
    return first_17 + codes.check_sign(first_17)


def district() -> Rows:
    """The district and its administrator, and the city's supervisor, as the city's administrator
    brings them in."""
    code, name, short = DISTRICT
    credit = credit_code(1)
    organ: Row = (code, name, short, "人民政府", "县级", "BL", "", credit, DIVISION, FOUNDED, "")
    body: Row = (code, "BL", CITY[1], FOUNDED, "")
    person, post = rows_of([ADMINISTRATOR, CITY_SUPERVISOR])
    return {"organs": [organ], "reconsiderations": [body], "people": person, "appointments": post}


def units() -> Rows:
    """Everything below the district, as its own administrator brings it in."""
    organs: list[Row] = []
    bodies: list[Row] = []
    for number, (code, name, short, kind, parent, since) in enumerate(_ORGANS, 2):
        full = f"国家税务总局{PREFIX}{name}" if code == "SF-SWJ" else PREFIX + name
        level = "乡级" if code in _TOWNSHIP else "县级"
        credit = credit_code(number)
        organs.append((code, full, short, kind, level, parent, "", credit, "", since, ""))
        bodies += _bodies(code, kind, name, since)
    names: list[Row] = [(c, PREFIX + n, short, since, to) for c, n, short, since, to in FORMER]
    people, posts = rows_of(PEOPLE)
    return {
        "organs": organs,
        "names": names,
        "reconsiderations": bodies,
        "people": people,
        "appointments": posts,
    }


def _bodies(code: str, kind: str, name: str, since: str) -> list[Row]:
    """行政复议机关: until 2023 also the superior department, since 2024 the government alone
    (行政复议法 24); of organs under vertical leadership the next higher one (27)."""
    if kind == "垂直管理部门":
        return [(code, "", "国家税务总局白鹭市税务局", since, "")]
    if kind == _DEPARTMENT:
        either = f"{DISTRICT[1]}或者白鹭市{name}"
        return [(code, "", either, since, LAW), (code, "SF", DISTRICT[1], LAW, "")]
    return [(code, "SF", DISTRICT[1], since, "")]


def rows_of(people: Sequence[Person]) -> tuple[list[Row], list[Row]]:
    """People and posts as rows of the workbook."""
    rows: list[Row] = []
    posts: list[Row] = []
    for number, one in enumerate(people, 1):
        phone = f"0000-{number:08d}"
        rows.append((one.username, one.name, phone, f"{one.username}@example.invalid", "启用"))
        posts += [(one.username, code, role, "2023-01-09", "") for code, role in one.posts]
    return rows, posts


# Rows as people fill them in who have not read the guide: for the list of imports to show.
FAULTY: Rows = {
    "organs": [
        ("SF-TY", "白鹭市松风区体育局", "", "部门", "县级", "SF", "", "", "", "2026-13-01", ""),
        ("SF-JY", "白鹭市松风区教育体育局", "", _DEPARTMENT, "县级", "SF", "", "", "", FOUNDED, ""),
        ("sf-dzj", "白鹭市松风区地震局", "", _DEPARTMENT, "县级", "SF-YJ", "", "", "", LAW, ""),
    ],
    "people": [
        ("handler", "甲经办", "暂无", "jia@example", "启用"),
        ("thirteen", "示例人员十三", "0000-00000099", "", "启用"),
    ],
    "appointments": [("handler", "SF-JY", "主任", "2026-01-05", "")],
}

PARTICULARS = {
    "SF-BGS": ("人民政府办公室政务公开科", "松风路 1 号行政中心 2 号楼 305 室", "0000-00001001"),
    "SF-JY": ("教育局办公室", "书声路 18 号 2 楼 205 室", "0000-00001002"),
    "SF-WJ": ("卫生健康局办公室", "杏林路 6 号 3 楼 301 室", "0000-00001003"),
    "SF-ST": ("松涛街道党政综合办公室", "松涛街 20 号 1 楼便民服务大厅", "0000-00001004"),
}


def _place(code: str) -> tuple[str, str, str]:
    number = next(at for at, one in enumerate(_ORGANS) if one[0] == code)
    name = _ORGANS[number][1]
    return f"{name}办公室", f"示例路 {2 * number + 1} 号 1 楼", f"0000-{2000 + number:08d}"


def particulars(code: str) -> dict[str, str]:
    """指南要素 of an organ, all invented."""
    office, place, phone = PARTICULARS.get(code) or _place(code)
    return {
        "office": PREFIX + office,
        "address": f"白鹭市松风区{place}",
        "postcode": "000001",
        "hours": "工作日 9:00–11:30，13:30–17:00",
        "phone": phone,
        "fax": "",
        "email": f"{code.lower()}@example.invalid",
        "website": "https://songfeng.example.invalid/apply",
        "remarks": "可以当面、邮寄或者网上提交申请；当面提交有困难的，工作人员代为填写。",
    }
