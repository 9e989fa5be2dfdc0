"""写出说明: the notes of the writers (``write.*``); `gongkai.statute.notes` holds all others."""

from __future__ import annotations

from gongkai.statute.texts import Text

WRITING: dict[str, Text] = {
    "write.control": Text(
        "文字中有 {count} 个任何文件都存不下的控制字符，已去掉。",
        "The text held control characters that no file can hold ({count}); they were left out.",
    ),
    "write.no_edition": Text(
        "看不出报告使用哪一年版的格式，三张表没有印出。",
        "Which form the report uses is not known; its three tables were not printed.",
    ),
    "write.unprinted": Text(
        "{what}“{text}”没有写进标题或文字部分，没有印出。",
        "Neither title nor prose says {what}, “{text}”; it was not printed.",
    ),
    "write.leftover": Text(
        "原文中未能归位的内容在表格中没有位置，没有印出：{raw}",
        "What could not be placed when the report was read has no place in the form and was not "
        "printed: {raw}",
    ),
    "write.other_edition": Text(
        "另一版格式的 {count} 个单元格在本版表格中没有位置，没有印出：{cells}",
        "Cells of another edition have no place in this form and were not printed ({count}): "
        "{cells}",
    ),
    "write.raw": Text(
        "“{cell}”原写作“{raw}”，表中只印 {printed}，其余请写入文字部分。",
        "“{cell}” was written as “{raw}”; the table prints {printed}. Say the rest in the prose.",
    ),
    "write.absent": Text(
        "原文缺失的 {count} 个单元格印成空白，请补填：{cells}",
        "Cells the source did not hold were printed empty ({count}); fill them in: {cells}",
    ),
    "write.doubt": Text(
        "{count} 个单元格读取时存疑，印出后看不出来，请先对照原件：{cells}",
        "Cells were doubtful when read ({count}), which a printed figure does not show. See the "
        "original first: {cells}",
    ),
    "write.missing_glyph": Text(
        "现有字体没有这些字，印作“〓”：{characters}（见：{where}）。请安装含有这些字的字体，或用 "
        "--fonts 指出字体所在的文件夹，再写一次。",
        "No font in use has these characters, which were printed as “〓”: {characters} (see "
        "{where}). Install a font that has them, or name its folder with --fonts, and write again.",
    ),
    "write.left_out": Text(
        "文字中有不显示的控制符，未印出：{characters}。",
        "The text held marks that print nothing; they were left out: {characters}.",
    ),
    "write.font_refused": Text(
        "字体“{family}”不许嵌入文件，或已损坏，没有使用，改用随附字体。",
        "The font “{family}” may not be embedded, or is damaged; a font shipped with this program "
        "was used in its stead.",
    ),
    "write.template_overwritten": Text(
        "模板中原有 {count} 个单元格已填写，均已换成本报告的内容。",
        "Cells of the template were filled already ({count}); they now hold this report's figures.",
    ),
    "write.template_missing": Text(
        "模板中没有以下 {count} 项的位置，没有写入，请手工补上：{what}",
        "The template has no place for these; they were not written. Add them by hand "
        "({count}): {what}",
    ),
    "write.template_removed": Text(
        "模板中原有而本报告没有的文字已去掉：{text}",
        "Text of the template for which this report has none was taken out: {text}",
    ),
    "write.template_title": Text(
        "报告没有标题，模板的标题按机关和年度改为“{title}”。",
        "The report has no title; the template's was changed to “{title}”, after organ and year.",
    ),
    "write.template_pictures": Text(
        "模板文字中的 {count} 处图片或文本框保留未动，请核对是否还适用。",
        "Pictures or text boxes in the template's prose were kept ({count}); check whether they "
        "still apply.",
    ),
    "write.template_kept": Text(
        "模板表格中有不属于格式单元格的内容，保留未动，请核对：{what}",
        "The template's tables hold what belongs to no cell of the form; it was kept. Check it: "
        "{what}",
    ),
    "write.template_changes": Text(
        "模板中有修订或批注，改写处按接受修订处理，其余保留；定稿前请在 Word 或 WPS 中处理完。",
        "The template has tracked changes or comments: accepted where text was exchanged, kept "
        "elsewhere. Settle them in Word or WPS before the final version.",
    ),
    "write.template_running": Text(
        "模板的页眉、页脚或文档属性中仍有“{words}”，请修改。",
        "Headers, footers or properties of the template still say “{words}”; change them.",
    ),
    "write.template_macros": Text(
        "模板带有宏，写出的 .docx 不含宏。",
        "The template holds macros; the .docx written has none.",
    ),
    "write.template_differs": Text(
        "填好的模板重读一遍，以下各处与报告不一致，请核对：{what}",
        "Read again, the filled template differs from the report here; check it: {what}",
    ),
    # 更正 -- on a corrected copy
    "correct.left": Text(
        "更正 {made} 处；仍有错误 {errors} 处、警告 {warnings} 处要由人判断，没有改（gongkai check "
        "可逐条查看）。",
        "{made} corrected; {errors} errors and {warnings} warnings are for people to settle and "
        "stay (gongkai check shows them).",
    ),
    "correct.changed": Text(
        "{what}：原为“{printed}”，更正为“{corrected}”（规则 {rule}）。",
        "{what}: was “{printed}”, corrected to “{corrected}” (rule {rule}).",
    ),
}
