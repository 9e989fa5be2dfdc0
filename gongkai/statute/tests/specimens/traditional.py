"""繁体: the characters of our labels and prose in traditional script, one for one.

Written for these specimens alone, so that a fault in the reader's own table cannot hide here.
"""

from __future__ import annotations

_PAIRS = (
    "万萬 与與 专專 业業 个個 临臨 为為 举舉 习習 云雲 众眾 会會 体體 关關 内內 写寫 农農 "
    "决決 况況 减減 别別 办辦 务務 动動 区區 华華 单單 厅廳 县縣 参參 发發 号號 后後 员員 "
    "咨諮 围圍 国國 图圖 处處 备備 复復 够夠 学學 实實 审審 对對 将將 属屬 岗崗 并並 应應 "
    "废廢 开開 强強 当當 录錄 征徵 总總 执執 护護 报報 拟擬 据據 数數 无無 旧舊 时時 机機 "
    "权權 条條 构構 标標 栏欄 样樣 档檔 检檢 气氣 没沒 环環 现現 电電 监監 确確 稳穩 签簽 "
    "篱籬 类類 纠糾 纳納 纸紙 组組 织織 经經 结結 绕繞 络絡 统統 继繼 续續 维維 编編 缴繳 "
    "网網 罚罰 联聯 节節 范範 获獲 补補 规規 计計 认認 训訓 议議 记記 许許 讼訟 设設 访訪 "
    "评評 诉訴 试試 话話 询詢 说說 请請 读讀 调調 负負 责責 质質 购購 费費 转轉 输輸 过過 "
    "运運 这這 进進 采採 链鏈 问問 阅閱 际際 页頁 项項 频頻 题題 额額 风風 馆館 鹭鷺 齐齊"
)
TABLE = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})


def traditional(text: str) -> str:
    """The text in traditional script, as far as the table goes; one character for one."""
    return text.translate(TABLE)
