"""What pages say when they are no content, in Chinese and English.

A phrase of what happened to *this* page is told from one that speaks about such things: clauses are matched whole,
and sentences that ask, report or promise ("如有侵权请联系我们删除") prove nothing.
"""

import re
from collections.abc import Iterable, Iterator

I = re.IGNORECASE  # noqa: E741 - as `re` itself abbreviates it

# Between two clauses: punctuation, and a space beside a Chinese character.
BREAK = re.compile(
    r"[，。！？；：、,!?;:|_…~\n()（）【】\[\]《》「」“”\"<>/]+|\.(?=\s|$)|\s[-–—·]+\s|(?<=[\u4e00-\u9fff])\s+"
    r"|\s+(?=[\u4e00-\u9fff])"
    r"|(?<=[\u4e00-\u9fff])[-–—]+|[-–—]+(?=[\u4e00-\u9fff])"
)
ASKS = re.compile(
    r"[?？]|怎么|如何|为什么|为何|什么是|教程|攻略|方法|求助|求[一个资源链接]|大全|原理|详解|解决|盘点|揭秘|那些年"
    r"|\bhow (to|do|does|can)\b|\bwhy\b|\bwhat (is|are|to)\b|\bguide\b|\btutorial\b|\bexplained\b|\btips\b",
    I,
)
REPORTS = re.compile(
    r"记者|日前|近日|昨日|获悉|据悉|报道|宣布|发布会|表示|通报|\breported\b|\bannounced\b|\bsaid\b|\bnews\b", I
)
PROMISES = re.compile(
    r"[如若倘]有|如果|如(?!下)|若|倘若|一经|请(及时|来信|尽快|立即)?(联系|来信|告知|通知|与|发)|(将|会)(会|在"
    r"|于|立即|及时|尽快|第一时间)"
    r"|小时内|\bif\b|please (contact|notify|email)|\bwill (be )?(promptly|immediately|remove)|within \d+",
    I,
)

_PAGE_ZH = (
    r"(页面|頁面|网页|網頁|内容|內容|文章|帖子|主题|主題|视频|影片|影视|资源|小说|书籍|图书|作品|章节|文件|商品"
    r"|宝贝|信息|地址"
    r"|链接|連結|网址|图片|话题|用户|问题|词条|专辑|歌曲|节目|剧集|漫画|应用|软件|档案|记录|数据|东西|栏目|版块)"
)
_GONE_ZH = (
    r"(不存在|未找到|没有找到|没找到|找不到|无法找到|無法找到|不见了|丢失|丢了|走丢了?|飞走了|迷路了?"
    r"|(已经?)?失效|無法顯示|无法显示"
    r"|(已经?|已被|被)(作者|用户|管理员|楼主|up主|版主|上传者|发布者)?(自行)?(删除|刪除|移除|清除|下架|下线"
    r"|撤回|移走|关闭)|去火星了)"
)
GONE = re.compile(
    r"(?:(http|error|错误|状态码)?\s?(404|410)\s?(error|not found|错误|页面|頁面|gone)?\s?)"
    r"|(.{0,8}?(抱歉|对不起|對不起|很遗憾|啊哦|哎呀|糟糕|sorry|oops|提示信息|温馨提示|系统提示))?\s?(404\s?)?"
    r"(您|你|我们|似乎|可能|好像)?(所|要|想|想要|正在|当前|刚才)*(访问|訪問|查看|浏览|请求|請求|查找|寻找|尋找"
    r"|打开|搜索|阅读|观看)?的?"
    rf"(该|該|此|这个|本|当前|那个|指定的?|对应的?|相关)?{_PAGE_ZH}?(可能|似乎|好像|暂时)?(已经|已|并|暂)?{_GONE_ZH}"
    rf"(或者?|、|和)?(已经?)?(被)?(删除|移除|移动|审核中|失效|关闭|下架)?((或者?)?正在被?审核)?(该|您|你|此"
    rf"|您要的|你要的|您访问的|相关)*{_PAGE_ZH}?(了|啦|哦|呢|喔|~)*"
    r"|(没有|未|無法|无法)(找到|检索到|查询到)(您|你|该|该条|此|相关|符合条件|任何)*(要|所|想)?(访问|请求|查看"
    r"|查找|找)?的?"
    rf"{_PAGE_ZH}"
    r"|.{0,40}?\b(page|url|file|content|video|article|topic|thread|post|product|item|document|resource|listing"
    r"|chapter|book|site)s?\b"
    r".{0,50}?\b(not found|(can(no|')?t|could(n'| no)t) be found|no longer (exists?|available)|(does not"
    r"|doesn't) exist"
    r"|(has been|was|were|is) (removed|deleted|moved or deleted|gone))\b.{0,40}?"
    r"|.{0,20}?we (can(no|')?t|could(n'| no)t) find .{0,20}?\b(page|file|content|video|article|product)\b.{0,40}?"
    r"|page not found|not found|nothing (was )?found here|gone",
    I,
)  # fmt: skip
BARE_NUMBER = re.compile(r"\d{3}|gone|not found", I)

CHALLENGE = re.compile(
    r"(请|請|需要?|须|先)(先)?(您|你)?(完成|进行|進行|通过|通過|点击|點擊|拖动|拖動|滑动|输入|輸入|填写|按住"
    r"|依次).{0,16}"
    r"(验证|驗證|拼图|滑块|驗證碼|验证码|图中|文字|字符)"
    r"|(访问|請求|请求|操作)(过于|太|過於)频?繁|(频率|次数)(过|太)(高|快|多)|异常(流量|访问|请求|的?网络)|(系统"
    r"|系統)?检测到.{0,12}(异常"
    r"|自动|机器)"
    r"|(您|你)的(访问|请求|操作|ip).{0,16}(拦截|阻断|阻止|拒绝|限制|封禁|异常|受限)|(疑似|存在).{0,6}(攻击|非法"
    r"|恶意)(行为|请求|访问)?"
    r"|正在(检查|检测|验证|进行).{0,12}(浏览器|连接|安全|环境|验证|检查)|(拦截|防护)(提示|页面)|网站防火墙"
    r"|web应用防火墙"
    r"|(确认|证明|验证)(您|你)?(是|不是|并非).{0,4}(真人|人类|机器人|本人)|(安全|人机|滑动|行为|访问)验证|安全检查"
    r"|verify(ing)? (that )?you('re| are) (a )?(human|not a (robot|bot))|are you (a )?(human|robot)|i'?m not a robot"
    r"|checking (your browser|if the site connection|the security of)|just a moment|attention required"
    r"|unusual traffic"
    r"|complete the (security check|captcha|challenge|puzzle)|security (check|verification)|ddos protection by"
    r"|enable (javascript and )?cookies to continue|automated (requests|access|traffic)|bot (detection"
    r"|verification|protection)"
    r"|press (and|&) hold|pardon our interruption|too many requests|rate limit(ed| exceeded)|slide to (verify"
    r"|complete)"
    r"|you have been blocked|making sure you'?re not a bot|prove (that )?you('re| are) human"
    r"|performing security verification",
    I,
)
TOPIC = re.compile(r"captcha|验证码|驗證碼|验证|驗證|滑块|拼图|robot|human", I)
TURNED_AWAY = re.compile(
    r"(access|permission|request) (to .{0,40} )?(has been |was |is )?(denied|blocked|forbidden|rejected)|forbidden"
    r"|拒绝访问|拒絕訪問|访问被拒绝"
    r"|requested url was rejected|(don't|do not) have permission|禁止访问|请求被拦截|访问被(拦截|阻断|阻止)"
    r"|请开启\s*javascript|没有权限访问|无权访问|403|blocked",
    I,
)
LOGIN_WORD = re.compile(r"log ?in|sign ?in|登录|登入|登陆|登錄|账号|帐号|用户名|password|密码", I)
LOGIN_WALL = re.compile(
    r"(请|請|需要?|须|尚未|还未|还没有?|未|先)(您|你)?(先)?(登录|登入|登陆|登錄|注册)(后|后方可|后才|之后|账号"
    r"|帐号|再|以|才|$|，|。|！)"
    r"|登录(后|才|方)(可|能|即可|才能).{0,4}(查看|继续|浏览|访问|阅读|观看)|尚未登录|(没有|无)权限?(访问|查看"
    r"|浏览)(该|本|此)?(版块|页面|内容)"
    r"|^(请|使用)?(扫码|微信|手机号?|短信|QQ){1,2}登录$|(log|sign) ?in (to|or (register|create|sign up)) .{0,30}"
    r"(continue|view|read|access|see|watch)"
    r"|you (must|need to|have to) (be logged in|log ?in|sign ?in)|members only",
    I,
)
PAY_WALL = re.compile(
    r"(本|该|此)?(章|章节|内容|文章|视频|影片|资源)?.{0,8}(vip|会员|付费|收费|订阅|购买).{0,10}(专享(?!价|优惠)"
    r"|专属(?!价|优惠)|章节"
    r"|后|可见|观看|阅读|查看|解锁|才能)"
    r"|(开通|成为)(vip|会员).{0,10}(观看|阅读|查看|继续)|(需要|请先|需)(付费|购买|订阅|支付)|试看(已)?结束"
    r"|subscri(be|ption) (to|required).{0,30}|(purchase|buy|unlock) (this|the) (chapter|article|video|content)"
    r"|for (paid )?(subscribers|members) only|become a member to",
    I,
)
GEO = re.compile(
    r"(not|isn't|is not|unavailable|no longer) (currently )?(available|accessible|offered|supported)?.{0,24}(in"
    r"|from|to) (your|this) "
    r"(country|region|location|area|territory)|(country|region|territory) (is )?(not supported|restricted"
    r"|blocked)|geo.?(block|restrict)"
    r"|banned the country|(your|you|所在|您的|当前|你的)(所在)?(的)?(国家|地区|区域|国家/地区"
    r"|国家或地区)(或地区)?.{0,20}"
    r"(无法|不能|暂不|不支持|不可|未开放|限制|不在)|(仅限|只(支持|限)|只能在).{0,12}(大陆|地区|境内|国家|海外"
    r"|境外)(.{0,10}(用户|观看|访问|播放))?"
    r"|(版权|政策|地域|地区)(限制|原因).{0,16}(地区|国家|无法|不能|海外|境外)|(海外|境外)(ip|用户"
    r"|地区)?.{0,8}(无法|不能|禁止|暂不|限制)",
    I,
)
_CAUSE_ZH = (
    r"(版权方|版权人|权利人|著作权人|版权所有者|权利方|版权|投诉|举报|侵权|侵犯|法院|监管|主管部门"
    r"|法律法规|相关法律|国家法律|违规|违反|政策)"
)
_TAKEN_ZH = r"(下架|删除|移除|屏蔽|下线|断开链接|停止(提供|播放|传播|访问)|关闭|封禁|不予(显示|展示))"
TAKEN_DOWN = re.compile(
    rf"{_CAUSE_ZH}.{{0,40}}?{_TAKEN_ZH}|(投诉|举报|侵权|侵犯|违规|违反).{{0,20}}?无法(访问|查看|观看)|(已|被"
    rf"|予以).{{0,6}}{_TAKEN_ZH}.{{0,24}}{_CAUSE_ZH}"
    r"|(removed|taken down|disabled|unavailable|withdrawn|no longer available|blocked).{0,80}?"
    r"(copyright|dmca|rights? ?(holder|owner)|legal (complaint|request|notice|demand)|court order)"
    r"|(copyright|dmca|rights? ?(holder|owner)|court order).{0,80}?(removed|taken down|disabled"
    r"|no longer available|withdrawn)",
    I,
)  # fmt: skip
THIS = re.compile(
    r"该|該|此|本(?!站)|您|你(访问|查看|要)|当前|\b(this|the) (video|page|content|file|item|work|site|post|link"
    r"|result|book|story|material)|\byou\b",
    I,
)
FOR_SALE = re.compile(
    r"域名.{0,12}(出售|转让|待售|售卖|可售|拍卖|求购|停放|到期|过期|已被注册)|(出售|转让|购买|求购)(此|该|本"
    r"|这个)?域名|一口价"
    r"|domain.{0,40}(for sale|is parked|has expired|may be for sale|available for purchase|expired)|buy this domain"
    r"|this domain (is|was|has)|parked (free|domain)|make an offer|domain parking|inquire about this domain"
    r"|related searches",
    I,
)
PLACEHOLDER = re.compile(
    r"welcome to (nginx|openresty|caddy|centos|tengine)|apache2? .{0,20}default page|it works!?$"
    r"|iis windows server|test page for"
    r"|恭喜.{0,8}(站点|网站).{0,6}(创建|建立)成功|没有找到站点|站点(已|被)?(停止|暂停|关闭|创建成功)|(该|本"
    r"|此)?网站(已|被)?(暂停|停止|关闭)(服务|访问|运营)"
    r"|(主机|空间|虚拟主机|服务器).{0,8}(到期|过期|已停|暂停|未绑定|开通成功)|account (has been )?suspended"
    r"|website coming soon|under construction"
    r"|(尚未|未|没有)(备案|绑定)|未备案|备案(号|信息)?.{0,10}(未|不存在|注销|不符|暂时)|(网站|站点)建设中",
    I,
)
BROKEN = re.compile(
    r"(系统|网站|服务器|站点|平台|本站)?.{0,6}(维护中|正在维护|升级中|正在升级|升级维护|维护升级|停机维护)"
    r"|(under|scheduled|down for) maintenance"
    r"|(服务器|系统|程序)(内部)?(错误|出错|异常|繁忙|开小差)|网络(异常|繁忙|开小差)|数据库(连接|错误|出错)|(500"
    r"|502|503|504) .{0,40}"
    r"|internal server error|bad gateway|service (temporarily )?unavailable|gateway time-?out"
    r"|database (connection|error)"
    r"|error establishing a database connection|sql(state)?\[|temporarily (down|unavailable)|we'?ll be back"
    r"|(please )?try again later"
    r"|稍后(再试|重试|访问)|web server is down|connection timed out",
    I,
)  # fmt: skip
NEEDS_SCRIPT = re.compile(
    r"(enable|requires?|need|turn on|without|activate) .{0,20}javascript|javascript .{0,20}(enabled|required"
    r"|disabled)|(开启|启用|支持|打开|禁用|需要).{0,8}"
    r"(javascript|js|脚本)|(javascript|js).{0,12}(开启|启用|支持|禁用)",
    I,
)
QUOTED = re.compile(r"[“「『《][^”」』》]{0,100}[”」』》]")
WAITING = re.compile(r"(加载中|載入中|loading|请稍(候|等)|please wait|正在加载|redirecting|跳转)[.…。\s]*", I)


def clauses(texts: Iterable[str]) -> Iterator[str]:
    """The clauses of texts, without what stands between them."""
    for text in texts:
        for clause in BREAK.split(text[:2_000]):
            if words := clause.strip(" .·-–—\u3000"):
                yield words
