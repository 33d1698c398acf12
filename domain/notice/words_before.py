"""What stands before a time inside a sentence, and makes it the time of what is done there, or not."""

from __future__ import annotations

from domain.notice.patterns import regex
from domain.notice.units import IN_A_SENTENCE

# Who does something, before the time at which it is done.
SUBJECT = regex(
    r"(?!完成|总结|汇总|通报|报送|分析|落实|开展|组织)[一-鿿]{0,5}(?:[省市县区镇乡村校院处科厅局]级|[省市县区镇乡村]里|[各省市县区镇乡](?:[县区镇乡市]|街道|单位|部门|地)|街道|乡镇|区县|县区|企业|学校|单位|部门)"
)
# `县住建局三季度修通…`, `县住建局力争在9月…`: so may an office.
OFFICE = regex(
    rf"(?:由|请|责成)?(?!完成|总结|汇总|通报|报送|分析|落实|开展|组织|根据|按照|配合|协助|[报向对与按]|经(?![开信济发]))[一-鿿]{{1,12}}?{IN_A_SENTENCE}"
    r"(?:牵头|负责|力争|确保|争取|务必|计划|尽快|抓紧|[要应须需将拟])*[于在]?"
)
# `能化解的6月底前化解，其余…`: those of a kind, and by when.
OF_A_KIND = regex(r"(?:对|凡)?(?:不?能|可|需|应|涉及|符合|具备|属于?|条件|有条件|列入|纳入|基础|问题)[^,;。:]{1,12}的$")
KEEPS_UP = regex(r"(?:坚持|实行|落实|执行|做到|严格落实|严格执行)(?=[每按逐][个周月季旬日])")
# `查改阶段为7月至9月`, `比赛时间5月10日`, `实施期为3月至11月`: what stands before the time is what is done then.
IS_THE_TIME = regex(
    r"(?:[一-鿿](?<![长短近远同后前中初早晚定分假学日星孕一二三四五两几首])期|阶段|时间|时段|日期|时限|期限|截止|节点)"
    r"(?:暂?定[在于]|安排在|初定|为|是|在|:)?\s*[自从]?\s*$"
)
# `确有困难的可延至8月底`: an exception, and no limit.
MAY_BE_LATER = regex(r"(?:可|允许)[^,;。]{0,6}(?:延|推迟|放宽|顺延)[^,;。]{0,3}$")
NAMED_PART = regex(r"[一-鿿A-Z]{2,5}")
# `组织参加5月18日博物馆日、6月13日遗产日活动`: the first of several days with their names.
OF_SEVERAL_DAYS = regex(r"[一-鿿“”\"]{0,14}[日节周月”\"]?、\d{1,2}月")
