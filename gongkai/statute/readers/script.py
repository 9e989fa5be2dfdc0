"""繁简对应: traditional characters of this field to their simplified forms, one to one.

Only for matching: the text of a report is never rewritten. One character stands for one, so
positions are kept. The table holds the characters of the official form, of the six sections and
of the vocabulary of counting; it grows with the reports met.
"""

from __future__ import annotations

_PAIRS = (
    "開开總总動动門门與与區区縣县鎮镇鄉乡務务員员處处關关機机構构數数據据統统計计報报會会議议"
    "訴诉訟讼復复維维糾纠結结審审終终無无經经設设種种實实際际願愿論论請请項项條条號号強强許许"
    "費费採采購购單单萬万億亿額额觀观標标準准規规範范則则內内對对應应體体現现廢废業业織织團团"
    "較较轉转級级別别類类確确認认獲获書书屬属國国製制發发執执檔档補补辦办責责給给網网電电傳传"
    "眞真訊讯當当郵邮遞递個个兩两參参陸陆餘余約约過过達达從从為为於于這这還还們们來来時时間间"
    "問问題题進进導导監监協协護护權权義义衛卫環环態态險险穩稳產产財财稅税預预決决選选舉举調调"
    "幹干幾几歲岁歷历離离難难雖虽雙双雜杂顯显顧顾頁页順顺須须領领頻频飛飞養养館馆駐驻驗验黨党"
    "點点齊齐龍龙龜龟優优價价傷伤備备債债僅仅儘尽兒儿冊册寫写軍军農农凍冻劃划創创劑剂剛刚勞劳"
    "勢势勳勋匯汇壓压壞坏塊块場场墊垫聲声壯壮夠够夢梦奪夺奮奋婦妇學学宮宫寧宁寶宝專专尋寻將将"
    "屆届層层島岛幣币帳账幫帮廠厂廣广廳厅異异張张彈弹後后徑径徵征愛爱慮虑慶庆憑凭懲惩戰战戶户"
    "拋抛挾挟捨舍掃扫掛挂換换揮挥損损擇择擔担擬拟擴扩攝摄敗败敘叙斷断暫暂曉晓術术樣样樓楼橋桥"
    "檢检歡欢歸归殘残氣气測测滿满漲涨潔洁濟济濃浓灣湾災灾爭争獨独獎奖畫画療疗盡尽盤盘碼码礎础"
    "禮礼稱称穀谷積积競竞筆笔節节簡简簽签籌筹糧粮紀纪紅红納纳純纯紙纸紛纷細细組组絕绝絲丝綜综"
    "綠绿緊紧線线編编練练緩缓縮缩績绩繳缴繼继續续罰罚職职聯联聽听肅肃腦脑臨临舊旧藝艺蘇苏虧亏"
    "衝冲裝装複复見见視视覽览觸触訂订討讨訓训記记訪访評评詞词詢询試试該该詳详語语誤误說说誰谁"
    "課课談谈諮咨講讲謝谢證证識识譯译讀读變变讓让貨货販贩貫贯貴贵買买貼贴貿贸賀贺資资賓宾賞赏"
    "賠赔質质贈赠贊赞車车軟软輔辅輕轻載载輛辆輪轮輸输辭辞迴回週周遊游運运違违遠远適适遲迟遷迁"
    "遺遗邊边鄰邻醫医釋释鐘钟鋼钢錄录錢钱鍵键鐵铁長长閉闭閱阅隊队陽阳陰阴階阶隨随隱隐雲云靜静"
    "頂顶頭头風风饋馈麗丽麥麦黃黄齡龄絡络徹彻滯滞盧卢衆众眾众羣群"
)
TO_SIMPLIFIED = {ord(t): s for t, s in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)}
_TRADITIONAL = frozenset(chr(c) for c in TO_SIMPLIFIED)
# Characters that also occur in simplified text (於 in names, 於; 后/後): too weak to tell script.
_TELLING = frozenset("開總務員處關機數會議訴訟復維糾結審無經設請項條號強許費單萬額內對應報")


def simplified(text: str) -> str:
    """The text with traditional characters replaced one by one; same length."""
    return text.translate(TO_SIMPLIFIED)


def is_traditional(text: str) -> bool:
    """Whether a text is set in traditional script (several telling characters among the first)."""
    return sum(1 for ch in text[:4000] if ch in _TELLING) >= 5
