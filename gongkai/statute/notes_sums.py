"""汇总说明、对比说明: what is said when reports are added up (``rollup.*``) or compared
(``compare.*``)."""

from __future__ import annotations

from gongkai.statute.texts import Text

SUMS: dict[str, Text] = {
    # 汇总 -- said when reports of several units are added up
    "rollup.no_list": Text(
        "没有给出应报单位名单，只按给出的文件汇总；有没有单位没报，看不出来。",
        "No list of units was given: what is here was added up, and who is missing cannot be told.",
    ),
    "rollup.kind_assumed": Text(
        "{count} 份报告没有写明口径，按{kind}计入。",
        "{count} reports do not state their scope and were taken to hold {kind}.",
    ),
    "rollup.mixed": Text(
        "{count} 份报告用的是另一版格式，两版含义相同的格按 {edition} 年版计入，其余不计。",
        "{count} reports are on another form; cells that mean the same were added under the "
        "{edition} form, the others were not.",
    ),
    "rollup.other_cells": Text(
        "{units}的报告中有另一版格式的行或列，其中的数没有计入。",
        "{units}: reports with rows or columns of another form; their figures were not added.",
    ),
    "rollup.partial": Text(
        "{cells} 格的数是部分合计：{units} 个单位中有的没有数，只加了有数的。",
        "{cells} figures are part sums: some of the {units} units gave no number and only those "
        "given were added.",
    ),
    "rollup.empty": Text(
        "{cells} 格没有合计，留空：{units} 个单位中至少有一个没有数，缺的不按 0 计。{advice}",
        "{cells} totals are left empty: at least one of the {units} units gave no number there, "
        "and what is missing is not taken as 0.{advice}",
    ),
    "rollup.unexpected": Text(
        "不在应报单位名单中，没有计入。如就是名单上的某个单位，请把名单上的名称改成报告上的全称。",
        "Not on the list of units; it was not added. If it is one of them, give it in the list "
        "the full name its report has.",
    ),
    "rollup.perhaps": Text(
        "名单上的“{unit}”是不是“{organ}”？如果是，请在名单上改写全称；现在没有计入。",
        "Is “{unit}” on the list the same as “{organ}”? If so, give the full name in the list; as "
        "it is, the report was not added.",
    ),
    "rollup.other_year": Text(
        "是 {year} 年度的报告，不是 {asked} 年度，没有计入。",
        "A report of {year}, not of {asked}; it was not added.",
    ),
    "rollup.other_kind": Text(
        "口径是{kind}，与要求的不同，没有计入。",
        "It holds {kind}, which was not asked for; it was not added.",
    ),
    "rollup.itself": Text(
        "就是“{organ}”自己的报告，可能已是汇总数，没有计入。如只是本机关的数，请加 --kind organ。",
        "The report of “{organ}” itself, perhaps the total already; it was not added. If it holds "
        "the organ's own figures, say --kind organ.",
    ),
    "rollup.copy": Text(
        "与 {file} 的数完全相同，只计一次。", "The same figures as {file}; they were added once."
    ),
    "rollup.nothing": Text(
        "没有可以汇总的报告。请检查文件、年度和口径。",
        "There is no report to add up. Check the files, the year and the scope.",
    ),
    "rollup.no_such_year": Text(
        "没有 {asked} 年度的报告；给出的是 {years}。请改正 --year。",
        "There is no report of {asked}; those given are of {years}. Correct --year.",
    ),
    "rollup.twice": Text(
        "“{unit}”有几份报告，数不相同：{files}。请确认定稿，去掉其余的。",
        "“{unit}” has several reports with different figures: {files}. Decide which one is final "
        "and leave the others out.",
    ),
    "rollup.alike": Text(
        "“{one}”与“{other}”可能是同一个单位。是同一个的去掉一份；不是的，用 --units 给出全称名单。",
        "“{one}” and “{other}” may be one unit. If they are, leave one out; if not, give their "
        "full names with --units.",
    ),
    "rollup.years": Text(
        "不是同一年度的报告，不能相加（{units}）。请用 --year 指明年度。",
        "Reports of different years cannot be added up ({units}). Name the year with --year.",
    ),
    "rollup.editions": Text(
        "不是同一版格式：汇总用 {edition} 年版，{units}不是。确要合并请加 --mixed --edition。",
        "Different forms: the total follows the {edition} form, these do not: {units}. To add "
        "them all the same, say --mixed --edition.",
    ),
    "rollup.kinds": Text(
        "{regions}是本地区汇总的报告，已含所属单位的数，不能与单位的报告相加。只加单位的用 "
        "--kind organ，只加各地区的用 --kind region；确认互不包含的用 --kind both。",
        "These hold a whole region's figures, its members' among them, and are not added to "
        "reports of units: {regions}. Say --kind organ to add units only, --kind region to add "
        "regions only, --kind both where none contains another.",
    ),
    "rollup.members": Text(
        "“{region}”的报告可能已含{units}的数，加在一起会重复。只有本机关的数时用 --kind organ，"
        "否则去掉一方。",
        "The report of “{region}” may already hold the figures of {units}; together they would be "
        "counted twice. Say --kind organ if it holds its own figures only, else leave one out.",
    ),
    # 对比 -- said when two reports are compared
    "compare.order": Text(
        "甲是 {a} 年度，乙是 {b} 年度：增减是从后往前算的。要看逐年变化，请把早的放在前面。",
        "A is of {a}, B of {b}: changes run backwards. Name the earlier report first.",
    ),
    "compare.kinds": Text(
        "两份报告口径不同，一份是本机关的数，一份是本地区汇总，增减不说明变化。",
        "The reports differ in scope: one holds the organ's own figures, the other the whole "
        "region's. The differences are no changes.",
    ),
    "compare.editions": Text(
        "两份报告用的格式不同（{a} 年版、{b} 年版），只比较两版含义相同的格。",
        "The reports are on different forms ({a} and {b}); only cells that mean the same in both "
        "are compared.",
    ),
    "compare.identical": Text(
        "甲乙两份的表格和文字完全相同，可能选了同一份报告，请核对文件。",
        "Tables and prose of A and B are the same throughout; perhaps one report was named twice. "
        "Check the files.",
    ),
    "compare.doubtful": Text(
        "{side}有 {count} 格的数读取时存疑，增减也不可靠，请对照原件：{cells}。",
        "{side}: {count} figures were doubtful when read, and so are their differences; see the "
        "original: {cells}.",
    ),
    "compare.no_tables": Text(
        "{side}没有可以辨认的表格，没有数可比。",
        "{side} has no table that could be recognised: no figures to compare.",
    ),
}
