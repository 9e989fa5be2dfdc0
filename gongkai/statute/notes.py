"""读取说明: every note (``read.*``), doubt (``doubt.*``) and error (``error.*``) of reading.

An id means one thing for ever; wording may improve. docs/notes.md is generated from this table.
"""

from __future__ import annotations

from gongkai.statute.notes_sums import SUMS
from gongkai.statute.notes_writing import WRITING
from gongkai.statute.report import NOWHERE, CannotRead, Doubt, Note, Place
from gongkai.statute.texts import Text

TABLES = {
    "proactive": Text("表二", "Table 2"),
    "applications": Text("表三", "Table 3"),
    "remedies": Text("表四", "Table 4"),
}
SOME_LEFT = Text("多出的列入未归位", "the surplus is among the leftovers")
ALL_LEFT = Text("全部列入未归位", "all are among the leftovers")

NOTES: dict[str, Text] = {
    # 载体 -- said by a carrier's reader
    "read.encoding": Text(
        "文件不是 UTF-8 编码，按 {encoding} 读取。",
        "The file is not UTF-8; it was read as {encoding}.",
    ),
    "read.traditional": Text(
        "文件为繁体字，按对应简体字识别，原文未改。",
        "The file is in traditional script; labels were matched by their simplified forms.",
    ),
    "read.wrong_name": Text(
        "文件名为 {name}，内容实为 {carrier}，按内容读取。",
        "The name says {name}, the content is {carrier}; it was read by its content.",
    ),
    "read.converted": Text(
        "{carrier} 文件经 LibreOffice 转换后读取。",
        "The {carrier} file was read after conversion by LibreOffice.",
    ),
    "read.experimental": Text(
        "{carrier} 文件的读取是试验性的，请对照原件核对。",
        "Reading {carrier} files is experimental; compare with the original.",
    ),
    "read.signatures": Text(
        "文件带有电子签章；签章没有验证，签章图形没有读取。",
        "The file carries electronic signatures; they were not verified, and the seals were not "
        "read.",
    ),
    "read.annotations": Text(
        "第 {page} 页批注中的文字“{text}”未计入正文。",
        "The text “{text}” of annotations on page {page} was left out.",
    ),
    "read.attachments": Text(
        "文件带有 {count} 个附件，没有读取：{names}",
        "The file carries {count} attachments, which were not read: {names}",
    ),
    "read.page_incomplete": Text(
        "第 {page} 页引用的部分内容在文件中找不到，没有读到，请对照原件核对这一页。",
        "Some of what page {page} refers to is not in the file and was not read; compare this page "
        "with the original.",
    ),
    "read.archive_others": Text(
        "压缩包中另有 {count} 个文件没有读取（按文件名不像年度报告）：{names}",
        "{count} other files of the archive were passed over (by their names no reports): {names}",
    ),
    "read.scanned_page": Text(
        "第 {page} 页是扫描图像，没有文字，未读取。请取得文字版（.docx、.pdf、网页），"
        "或请管理员装上图像识别（make install-ocr）后再读。",
        "Page {page} is a scanned picture without text and was not read. Get the text version "
        "(.docx, .pdf, web page), or have the recognition of pictures installed "
        "(make install-ocr).",
    ),
    "read.no_mapping": Text(
        "第 {page} 页所用字体没有文字映射，部分字无法取得，请另存为标准 PDF 后再读。",
        "A font on page {page} has no text mapping; some characters cannot be obtained. "
        "Save it as a standard PDF and read it again.",
    ),
    "read.picture_tables": Text(
        "{section}的表格是图片，图片中的数字未读取，这些单元格记为缺失。",
        "The table of {section} is a picture; its figures were not read and count as absent.",
    ),
    "read.hidden_text": Text(
        "文件中有不显示的文字，未计入正文：{text}",
        "The file holds hidden text, which was left out: {text}",
    ),
    "read.struck_text": Text(
        "文件中有划去（删除线）的文字，未计入正文：{text}",
        "The file holds struck-out text, which was left out: {text}",
    ),
    "read.footnotes": Text(
        "文件有 {count} 处脚注或尾注，注文未读取。",
        "The file has {count} footnotes or endnotes; their text was not read.",
    ),
    "read.page_furniture": Text(
        "网页中报告以外的内容（导航、页脚等）共 {count} 段，未读取。",
        "{count} pieces of the page outside the report (navigation, footer and the like) were "
        "left out.",
    ),
    "read.hidden_rows": Text(
        "工作表“{sheet}”有隐藏的行或列，其中内容照常读取，请核对。",
        "Sheet “{sheet}” has hidden rows or columns; their content was read all the same. "
        "Please check.",
    ),
    "read.formula": Text(
        "工作表“{sheet}”的 {cells} 是公式，文件中没有存计算结果，按空白读取。"
        "请打开后保存一次再读。",
        "{cells} on sheet “{sheet}” are formulas without a stored result and were read as blank. "
        "Open the file, save it, and read it again.",
    ),
    "read.formula_without_value": Text(
        "有 {count} 格是公式，文件里没有算出的值（{cells}），按无法识读处理；"
        "请用 WPS 或 Excel 打开后保存一次，再读。",
        "{count} cells are formulas and the file holds no value of them ({cells}): they count as "
        "unreadable. Open the file in WPS or Excel, save it, and read it again.",
    ),
    "read.running_head": Text(
        "页眉、页脚或页码“{text}”未计入正文。",
        "The running head, foot or page number “{text}” was left out of the text.",
    ),
    "read.watermark": Text(
        "第 {page} 页斜放的文字“{text}”按水印处理，未计入正文。",
        "The text “{text}” across page {page} was taken for a watermark and left out.",
    ),
    "read.ocr_layer": Text(
        "第 {page} 页是扫描图像，文字取自扫描软件附加的识别层，请对照图像核对。",
        "Page {page} is a scanned picture; its text is the layer the scanning software laid over "
        "it. Compare it with the picture.",
    ),
    "read.ocr": Text(
        "第 {pages} 页的文字由图像识别得出，平均把握 {confidence}；把握低于 {doubtful} 的数字已标为"
        "存疑，请对照图像核对。",
        "The text of page {pages} was recognised from pictures, {confidence} sure on average; "
        "figures less sure than {doubtful} are marked as doubtful. Compare them with the picture.",
    ),
    "read.page_damaged": Text(
        "第 {page} 页已损坏，未能读取，请重新取得原件。",
        "Page {page} is damaged and was not read; get the original again.",
    ),
    "read.page_crowded": Text(
        "第 {page} 页图形过多，框线和图片没有全部处理，请对照原件核对这一页的表格。",
        "Page {page} holds too many drawn objects; not all lines and pictures were looked at. "
        "Compare the tables of this page with the original.",
    ),
    # 归位 -- said by the recogniser
    "read.label_variant": Text(
        "“{printed}”按格式标签“{official}”归位。",
        "“{printed}” was placed as the form's label “{official}”.",
    ),
    "read.label_split": Text(
        "标签“{label}”分写在两行，已合并。",
        "The label “{label}” is broken over two rows and was joined.",
    ),
    "read.label_row": Text(
        "按标签归位：“{label}”的位置与格式顺序不同。",
        "Placed by its label: “{label}” does not stand where the form puts it.",
    ),
    "read.rows_by_order": Text(
        "“{group}”下 {count} 行没有标签，行数与格式相同，按顺序归位。",
        "Rows without a label under “{group}”: {count}, as many as the form has there, so they "
        "were placed by order.",
    ),
    "read.rows_unplaced": Text(
        "“{group}”下有 {found} 行没有标签，格式为 {expected} 行，无法确定各行归属，未归位。",
        "Rows without a label under “{group}”: {found}, where the form has {expected}; which is "
        "which cannot be told, so none was placed.",
    ),
    "read.columns_by_order": Text(
        "{table}没有可用的表头，按列数和顺序归位。",
        "{table} has no usable header; its columns were placed by number and order.",
    ),
    "read.columns_moved": Text(
        "{table}各列顺序与格式不同，按表头文字归位。",
        "The columns of {table} are not in the form's order and were placed by their headers.",
    ),
    "read.columns_unknown": Text(
        "{table}的表头看不出各列的顺序，其数字列入未归位。",
        "The header of {table} does not tell the order of its columns; its figures are among the "
        "leftovers.",
    ),
    "read.column_missing": Text(
        "{table}缺少“{column}”列。", "{table} lacks the column “{column}”."
    ),
    "read.column_extra": Text(
        "{table}多出“{column}”列，其内容列入未归位。",
        "{table} has an additional column “{column}”; its content is among the leftovers.",
    ),
    "read.row_missing": Text("{table}缺少“{label}”行。", "{table} lacks the row “{label}”."),
    "read.row_extra": Text(
        "有格式以外的一行“{label}”，列入未归位。",
        "There is a row that is not in the form, “{label}”; it is among the leftovers.",
    ),
    "read.row_width": Text(
        "“{label}”行有 {found} 个数，应为 {expected} 个，{what}。",
        "The row “{label}” has {found} figures where {expected} are due; {what}.",
    ),
    "read.heading_figures": Text(
        "“{label}”是标题行，格式中没有数字，该行的数字列入未归位。",
        "“{label}” is a heading without figures in the form; its figures are among the leftovers.",
    ),
    "read.table_joined": Text(
        "{table}被分成 {count} 段，已连接。", "{table} was cut into {count} pieces and joined."
    ),
    "read.table_repeated": Text(
        "{table}出现不止一次，以第一次为准；后一次不同的数字列入未归位。",
        "{table} is printed more than once; the first printing counts, differing figures of the "
        "later one are among the leftovers.",
    ),
    "read.table_missing": Text(
        "没有找到{table}，其单元格记为缺失。", "{table} was not found; its cells count as absent."
    ),
    "read.table_in_prose": Text(
        "{table}没有表格，只有文字叙述；其中的数量列为“文字表述”，单元格记为缺失。",
        "{table} is told in prose only; its numbers are kept as claims, the cells count as absent.",
    ),
    "read.printed_twice": Text(
        "报告正文出现两遍，两遍都保留；单元格以表格为准。",
        "The report is printed twice; both texts are kept, the cells take the table.",
    ),
    "read.section_in_table": Text(
        "正文和表格都放在一个表格里，已拆开读取。",
        "Prose and tables stand inside one layout table and were taken apart.",
    ),
    "read.other_form": Text(
        "{table}使用了 {found} 年版格式的行或列，按 {found} 年版读取，另行列出。",
        "{table} uses rows or columns of the {found} form; they were read as such, listed apart.",
    ),
    "read.other_columns": Text(
        "{label}的表头是另一版格式的列，其数字不能按本版归位，列入未归位。",
        "The header of {label} names columns of another form; its figures cannot be placed under "
        "this one and are among the leftovers.",
    ),
    "read.edition": Text(
        "{year} 年度应使用 {due} 年版格式，报告使用的是 {found} 年版。",
        "The reporting year {year} calls for the {due} form; the report uses the {found} form.",
    ),
    "read.edition_assumed": Text(
        "表格不足以判断格式版本，按年度应使用的 {edition} 年版列出单元格。",
        "The tables do not show which form was used; cells follow the {edition} form due for the "
        "year.",
    ),
    # 数字 -- said of one cell
    "read.cell_remark": Text(
        "单元格“{raw}”除数字外另有说明，取 {value}。",
        "The cell “{raw}” holds a remark beside its figure; {value} was taken.",
    ),
    "read.money_unit": Text(
        "单元格“{raw}”已折算为 {value} 万元。", "The cell “{raw}” was converted to {value} 万元."
    ),
    "read.digits_joined": Text(
        "单元格“{raw}”中的数字在同一格内分开书写，合为 {value}。",
        "The digits of “{raw}” stand apart within one drawn cell and were joined to {value}.",
    ),
    "read.numeral": Text(
        "单元格“{raw}”用汉字数字书写，取 {value}。",
        "The cell “{raw}” is written in Chinese numerals; {value} was taken.",
    ),
    "read.signed": Text(
        "单元格“{raw}”表示增减，取 {value}。",
        "The cell “{raw}” states a change; {value} was taken.",
    ),
    # 报告 JSON -- said by our own carrier's reader
    "read.json_keys": Text(
        "JSON 中有格式以外的键，未采用：{keys}。",
        "The JSON holds keys that are not part of the schema and were left out: {keys}.",
    ),
    "read.json_rollup": Text(
        "这份 JSON 是汇总结果，读取的是合计；各单位的数没有读入。",
        "This JSON is a roll-up: its totals were read, the figures of the units were not.",
    ),
    "read.json_errors": Text(
        "同一 JSON 还列有 {count} 份当时未能读取的文件：{files}。",
        "The same JSON names {count} files that could not be read when it was written: {files}.",
    ),
    # 汇总、对比 -- said when reports are added up or compared
    **SUMS,
    # 写出 -- said by the writers
    **WRITING,
}

DOUBTS: dict[str, Text] = {
    "doubt.split_digits": Text(
        "“{raw}”是一个数还是几个数，从文件中看不出来，请对照原件。",
        "Whether “{raw}” is one number or several cannot be told from the file; see the original.",
    ),
    "doubt.not_a_number": Text(
        "“{raw}”不是确定的数字，请对照原件填写。",
        "“{raw}” is no certain number; fill it in from the original.",
    ),
    "doubt.formula": Text(
        "“{raw}”是公式，文件里没有算出的值，请用 WPS 或 Excel 打开后保存一次，再读。",
        "“{raw}” is a formula of which the file holds no value; open the file in WPS or Excel, "
        "save it, and read it again.",
    ),
    "doubt.low_confidence": Text(
        "识别把握不足（{confidence}），请对照原件。",
        "Recognised with low confidence ({confidence}); see the original.",
    ),
    "doubt.direction": Text(
        "“{raw}”中有改变显示方向的控制符，看到的数可能与文件里的不同，请对照原件填写。",
        "“{raw}” holds a sign that turns the direction of writing, so the number seen may not be "
        "the one in the file; fill it in from the original.",
    ),
    "doubt.two_values": Text(
        "同一单元格在文件中有两个值：{first} 与 {second}，请确认。",
        "The file gives two values for this cell, {first} and {second}; decide which one holds.",
    ),
    "doubt.part_sum": Text(
        "这是部分合计：{of} 个单位中只有 {given} 个有数。补齐后请重新汇总。",
        "A part sum: only {given} of {of} units gave a number. Roll up again when the others have.",
    ),
    "doubt.units": Text(
        "合计中有存疑的数，来自：{units}。请对照这些单位的原件。",
        "The total holds doubtful figures from {units}; see their originals.",
    ),
    "doubt.column": Text(
        "这一行的数字与表头对不齐，所属的列可能有误，请对照原件。",
        "The figures of this row do not line up with the header; see the original for the column.",
    ),
}

ERRORS: dict[str, Text] = {
    "error.typeset": Text(
        "PDF 没有排成：{reason}。这是程序的问题，请报告给维护者；可先写成 .docx。",
        "The PDF could not be set: {reason}. This is the program's fault: report it to the "
        "maintainers, and write .docx meanwhile.",
    ),
    "error.empty": Text(
        "文件是空的，或者没有任何文字。", "The file is empty, or holds no text at all."
    ),
    "error.unknown_type": Text(
        "不认识的文件类型；可读 {known}。", "Unknown type of file; these can be read: {known}."
    ),
    "error.needs_converter": Text(
        "{carrier} 格式要借助 LibreOffice 读取，这里没有。请安装 LibreOffice，或在 WPS、Office 中另"
        "存为 .docx（表格存为 .xlsx）后再读。",
        "{carrier} files are read by way of LibreOffice, which is not here. Install LibreOffice, "
        "or save the file as .docx (a spreadsheet as .xlsx) in WPS or Office.",
    ),
    "error.converter_setting": Text(
        "{carrier} 格式要借助 LibreOffice 读取，而 {setting} 指的 {path} 不是它的程序。请改正或去掉"
        "这项设置，或在 WPS、Office 中另存为 .docx（表格存为 .xlsx）后再读。",
        "{carrier} files are read by way of LibreOffice, and {path}, which {setting} names, is not "
        "its program. Correct or remove the setting, or save the file as .docx (a spreadsheet as "
        ".xlsx) in WPS or Office.",
    ),
    "error.not_converted": Text(
        "LibreOffice 没有转换成这份 {carrier} 文件：{reason}。请在 WPS 或 Office 中另存为 .docx"
        "（表格存为 .xlsx）后再读。",
        "LibreOffice did not convert this {carrier} file: {reason}. Save it as .docx (a "
        "spreadsheet as .xlsx) in WPS or Office.",
    ),
    "error.image": Text(
        "这是图片。请取得文字版（.docx、.pdf、网页），"
        "或请管理员装上图像识别（make install-ocr）后再读。",
        "This is a picture. Get the text version (.docx, .pdf, web page), or have the recognition "
        "of pictures installed (make install-ocr).",
    ),
    "error.ocr_broken": Text(
        "识别组件不能使用（{reason}），请管理员重新安装（make install-ocr）。",
        "The recognition engine cannot be used ({reason}); have it installed anew "
        "(make install-ocr).",
    ),
    "error.archive": Text(
        "这是 {carrier} 压缩包，这里打不开：请先解压，再给出文件夹。",
        "This is an archive ({carrier}) that is not opened here: unpack it first, then name the "
        "folder.",
    ),
    "error.nested_archive": Text(
        "压缩包里的压缩包中还有压缩包，不再打开：请先解压，再给出文件夹。",
        "This archive lies inside an archive that lies inside an archive, and was not opened: "
        "unpack it first, then name the folder.",
    ),
    "error.empty_archive": Text(
        "压缩包中没有可以读取的文件；可读 {known}。",
        "The archive holds no file that can be read; these can be read: {known}.",
    ),
    "error.damaged": Text(
        "文件已损坏或不完整{reason}，请重新取得原件。",
        "The file is damaged or incomplete{reason}; get the original again.",
    ),
    "error.encrypted": Text(
        "文件有密码，请去掉密码后再读。",
        "The file is protected; remove the password and try again.",
    ),
    "error.too_large": Text(
        "文件过大（{what}），已停止读取。", "The file is too large ({what}); reading was stopped."
    ),
    "error.not_a_report": Text(
        "没有找到年度报告的标题、六个部分或三张表，这不像一份政府信息公开工作年度报告。",
        "Neither the title, nor the six sections, nor the three tables were found: this does not "
        "look like an annual report on open government information.",
    ),
    "error.scanned": Text(
        "各页都是扫描图像，没有文字。请取得文字版（.docx、.pdf、网页），或请管理员装上图像识别"
        "（make install-ocr）后再读。",
        "Every page is a scanned picture without text. Get the text version (.docx, .pdf, web "
        "page), or have the recognition of pictures installed (make install-ocr).",
    ),
    "error.no_mapping": Text(
        "文件所用字体没有文字映射，取不到文字。请从原文档重新导出 PDF，或提供 Word 版。",
        "The fonts of this file have no text mapping, so its text cannot be obtained. Export the "
        "PDF again from its source, or supply the Word version.",
    ),
    "error.json": Text(
        "不是 gongkai 的报告 JSON（{reason}）。", "This is no report JSON of gongkai ({reason})."
    ),
    "error.csv": Text("长表 CSV {at}：{reason}。", "Long-form CSV, {at}: {reason}."),
    "error.check_result": Text(
        "这是 gongkai check 的检查结果，不是报告。请给出原来的报告文件，或 gongkai read --json "
        "的输出。",
        "This is what gongkai check found, not a report. Give the report itself, or what gongkai "
        "read --json prints.",
    ),
    "error.rollup_page": Text(
        "这是 gongkai rollup 写出的汇总表，不是年度报告。要再读取汇总，请用写成 .json 的；"
        "否则请给各单位的报告。",
        "This is a roll-up that gongkai rollup wrote, not an annual report. To read a roll-up "
        "again, give the one written as .json, else the reports of the units.",
    ),
    "error.comparison": Text(
        "这是 gongkai compare 写出的对比表，不是年度报告。请给所对比的两份报告。",
        "This is a comparison that gongkai compare wrote, not an annual report. Give the two "
        "reports it compares.",
    ),
    "error.unit_list": Text(
        "没有从中读出单位名单。请给文本文件（每行一个单位）或表格（.xlsx、.xls、.ods、.csv）。",
        "No list of units was found in it. Give a text file with one unit a line, or a sheet "
        "(.xlsx, .xls, .ods, .csv).",
    ),
    "error.template": Text(
        "没有写出：所给的模板不能用，{reason}。",
        "Not written: the template given cannot be used: {reason}.",
    ),
    "error.missing": Text("没有这个文件。", "There is no such file."),
    "error.permission": Text("没有读取权限。", "There is no permission to read it."),
    "error.system": Text("系统无法打开（{reason}）。", "The system cannot open it ({reason})."),
    "error.empty_folder": Text(
        "文件夹中没有可以读取的文件；可读 {known}。",
        "The folder holds no file that can be read; these can be read: {known}.",
    ),
    "error.not_a_file": Text(
        "这不是普通文件（是设备或管道），没有读取。",
        "This is no ordinary file but a device or a pipe; it was not read.",
    ),
    "error.too_slow": Text(
        "{seconds} 秒内没有读完，已停止读取；文件可能已损坏，请重新取得原件，或另存一份再读。",
        "Reading took longer than {seconds} seconds and was stopped; the file may be damaged. Get "
        "the original again, or save it anew and read that.",
    ),
    "error.too_much_memory": Text(
        "读取所需内存超过 {memory}，已停止读取；文件可能已损坏，请重新取得原件，或另存一份再读。",
        "Reading needed more than {memory} of memory and was stopped; the file may be damaged. Get "
        "the original again, or save it anew and read that.",
    ),
    "error.crashed": Text(
        "读取这份文件的进程意外退出，可能是文件损坏或内存不足；其他文件不受影响。",
        "The process reading this file died, perhaps because the file is damaged or memory ran "
        "out; the other files are not affected.",
    ),
    "error.unexpected": Text(
        "程序出错（{reason}），这多半不是文件的问题；加 --debug 可看到出错位置，请报告给维护者。",
        "The program failed ({reason}), probably not the file's fault; add --debug to see where, "
        "and report it to the maintainers.",
    ),
}


_NOT_CONVERTED = {"image": "error.image"} | dict.fromkeys(
    ("zip", "tar", "gzip", "bzip2", "xz", "rar", "7z"), "error.archive"
)


def note(id: str, place: Place = NOWHERE, **values: object) -> Note:
    """A note by its id, its sentence filled."""
    return Note(id, NOTES[id].within(**values), place)


def doubt(id: str, **values: object) -> Doubt:
    """A doubt by its id, its sentence filled."""
    return Doubt(id, DOUBTS[id].within(**values))


def error(id: str, **values: object) -> CannotRead:
    """An error by its id, to be raised.

    The reason of ``error.damaged`` is said where it is a `Text`; the words of a parser are for
    programmers and in one language, so they are left out.
    """
    if id == "error.needs_converter":  # these no program converts
        id = _NOT_CONVERTED.get(str(values["carrier"]), id)
    if id == "error.damaged":
        reason = values.get("reason")
        said = isinstance(reason, Text)
        values = {"reason": Text("（{r}）", " ({r})").within(r=reason) if said else ""}
    return CannotRead(id, ERRORS[id].within(**values))
