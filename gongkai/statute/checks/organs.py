"""机关名称: what an organ's name alone tells: its level, and whether it is a government.

Only what is certain is told; everything else is UNKNOWN, and the rules then say nothing.
"""

from __future__ import annotations

import functools
import re
from enum import StrEnum


class Seat(StrEnum):
    """层级: the level an organ belongs to, as far as its name shows it."""

    TOWNSHIP = "township"  # 乡、镇、街道
    COUNTY = "county"  # 县、市辖区及其部门
    UNKNOWN = "unknown"


class Nature(StrEnum):
    """性质: whether the report is a government's or a department's (条例第四十九条)."""

    GOVERNMENT = "government"  # 县级以上人民政府
    DEPARTMENT = "department"  # 部门
    UNKNOWN = "unknown"  # 乡镇、政府办公室等，名称不足以判断


_TOWNSHIP = re.compile(
    r"(?:街道|乡|镇|苏木)(?:办事处|人民政府|政府|党政办公室|党政综合办公室|综合办公室)?$"
)
_GOVERNMENT = re.compile(r"(?:人民政府|行政公署)$")
_OFFICE = re.compile(r"(?:人民政府|政府|行政公署)(?:办公室|办公厅|办)$")
_DEPARTMENT = re.compile(
    r"(?:局|委员会|厅|部|院|署|中心|站|所|队|处|馆|公司|社|会|学校|大学|办公室|分局|支队|总队)$"
)
# 带“区”而不是市辖区的词
_NOT_DISTRICTS = re.compile(
    r"(?:自治|特别行政|新|开发|高新技术产业|高新|经开|示范|管理|合作|保税|自贸|自由贸易试验|度假|"
    r"景|风景|园|保护|社|矿|林|灌|库|山|牧|城|地|片|小|军|港|水|河|湖|街|工业|功能|试验|集聚)区"
)
_COUNTY = re.compile(r"^[一-鿿]{1,8}?(?:县|区)[一-鿿]{2,}$")
_NATIONAL = re.compile(r"^(?:国家|国务院|中国|中华人民共和国|中央|全国|海关总署|最高)")
_LOCAL_BODY = re.compile(
    r"^[一-鿿]{2,12}?(?:省|自治区|市|自治州|州|盟|县|区)[一-鿿]+(?:局|厅|委员会)$"
)
_SERVICE_BODY = re.compile(r"(?:中心|站|所|馆|学校|学院|大学|医院|公司|支队|大队|办事处)$")


@functools.lru_cache(maxsize=4096)
def seat(name: str) -> Seat:
    """The level a name shows: 云水市青石区… is COUNTY, …街道办事处 TOWNSHIP, otherwise UNKNOWN."""
    if _NATIONAL.match(name):
        return Seat.UNKNOWN
    if _TOWNSHIP.search(name):
        return Seat.TOWNSHIP
    if _COUNTY.match(_NOT_DISTRICTS.sub("", name)):
        return Seat.COUNTY
    return Seat.UNKNOWN


@functools.lru_cache(maxsize=4096)
def nature(name: str) -> Nature:
    """Government or department, by the name; townships and government offices are UNKNOWN."""
    if _TOWNSHIP.search(name) or _OFFICE.search(name):
        return Nature.UNKNOWN
    if _GOVERNMENT.search(name):
        return Nature.GOVERNMENT
    return Nature.DEPARTMENT if _DEPARTMENT.search(name) else Nature.UNKNOWN


@functools.lru_cache(maxsize=4096)
def makes_no_regulations(name: str) -> bool:
    """无规章制定权, certain by the name: 规章 are made by 国务院部门 and by provincial
    governments and those of cities with districts (立法法 91, 93)."""
    if _NATIONAL.match(name):
        return False
    if seat(name) in (Seat.TOWNSHIP, Seat.COUNTY):
        return True
    return bool(_LOCAL_BODY.match(name) or _SERVICE_BODY.search(name))
