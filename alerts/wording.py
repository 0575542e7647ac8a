"""What alerts say besides the findings' own reasons, in Chinese and English."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.alerts import AlertKind
from domain.campaigns import RELEASED, REMATCH
from domain.subscriptions import Subscription

FINDINGS_SUMMARY = (
    "{campaign}：{sites}个网站上有{total}处疑似侵权内容",
    "{campaign}: {total} suspected copies on {sites} sites",
)
OCCASIONS = MappingProxyType(
    {
        REMATCH: ("作品登记后补比", "Comparison of new works with earlier captures"),
        RELEASED: ("解除隔离", "Released from quarantine"),
    }
)
"""What findings that no campaign's sweep led to are told under."""
MORE = (
    "另有{more}处未列出，将在下一次巡查后通知。",
    "{more} more are not listed here; they follow after the next sweep.",
)
TYPES = MappingProxyType(
    {
        "text": ("文字", "text"),
        "image": ("图片", "picture"),
        "audio": ("音频", "audio"),
        "video": ("视频", "video"),
        "software": ("软件", "software"),
    }
)
LABELS = MappingProxyType(
    {
        "colon": ("：", ": "),
        "entry": ("{title} — {owner}（{type}）", "{title} — {owner} ({type})"),
        "judged": ("相似度{similarity}。{reason}", "Similarity {similarity}. {reason}"),
        "look": ("在平台中查看并对照", "See it side by side"),
        "address": ("网址", "Address"),
        "mute": ("停止接收此订阅的通知", "Stop the messages of this subscription"),
        "mend": ("处理办法", "What to do"),
        "caution": (
            "以上为自动比对结果，须经人工核实后方可采取行动。",
            "These are results of an automatic comparison; a person must check them before anyone acts.",
        ),
    }
)
# Title, then what to do about it.
NOTICES: Mapping[AlertKind, tuple[tuple[str, str], tuple[str, str]]] = MappingProxyType(
    {
        AlertKind.SWEEP_FAILED: (
            ("{campaign}：巡查{sweep_id}未能抓取任何内容", "{campaign}: sweep {sweep_id} fetched nothing"),
            (
                "请检查网络与站点配置，然后运行 piracy-monitor sweep {campaign}。",
                "Check the network and the site profiles, then run: piracy-monitor sweep {campaign}",
            ),
        ),
        AlertKind.NIGHT_MISSED: (
            (
                "{campaign}：原定于{planned_for}的巡查没有完成（{count}次）：{detail}",
                "{campaign}: the sweep planned for {planned_for} was not done (nights: {count}): {detail}",
            ),
            (
                "请确认 piracy-monitor scheduler 正在运行，并运行 piracy-monitor sweep {campaign} 补做。",
                "See that piracy-monitor scheduler runs, and make up for it with: piracy-monitor sweep {campaign}",
            ),
        ),
        AlertKind.CANARIES_UNSEEN: (
            (
                "{campaign}：巡查{sweep_id}没有看到 {count} 个应当存在的哨兵页面，例如 {first}",
                "{campaign}: sweep {sweep_id} did not see {count} canary pages that should be there, e.g. {first}",
            ),
            (
                "请打开该页面，并查看 piracy-monitor sweeps show {sweep_id}：本次没有发现不等于没有侵权。",
                "Open the page, and look at: piracy-monitor sweeps show {sweep_id}. That nothing was found there means"
                " little.",
            ),
        ),
        AlertKind.WORK_QUARANTINED: (
            (
                "《{title}》（{work_id}）自{since}以来新增{count}处线索，此前每{days}天最多{usual}处，已隔离，暂不通知",
                "“{title}” ({work_id}): {count} new findings since {since}, at most {usual} in {days} days before;"
                " they are held back",
            ),
            (
                "请查看其中几处。属实：piracy-monitor works quarantine release {work_id}；"
                "误报：同一命令加 --dismiss，并更正该作品的登记样本。",
                "Look at some of them. If they are copies: piracy-monitor works quarantine release {work_id}."
                " If not, add --dismiss and mend the work's reference files.",
            ),
        ),
        AlertKind.UNDELIVERED: (
            (
                "发给“{name}”的通知未能送达：{answer}",
                "An alert to “{name}” could not be delivered: {answer}",
            ),
            (
                "请检查该订阅的接收地址；其中的发现将在下一次巡查后再次发送。",
                "Check the subscription's address; what it told of is sent again after the next sweep.",
            ),
        ),
    }
)


def spoken(pair: tuple[str, str], language: str, **values: object) -> str:
    """One of a pair of sentences, filled in."""
    return (pair[0] if language == "zh-CN" else pair[1]).format(**values)


def labels(language: str) -> dict[str, str]:
    """The words of a message; two of them are patterns for what is said of each finding."""
    return {key: pair[0] if language == "zh-CN" else pair[1] for key, pair in LABELS.items()}


def why(subscription: Subscription, language: str) -> str:
    """Why this subscriber is told: the wish they left, with its filters."""
    chinese = language == "zh-CN"
    filters = (
        ("作品", "works", subscription.work_ids),
        ("权利人", "owners", subscription.owners),
        ("网站", "sites", subscription.hosts),
        ("类型", "types", tuple(spoken(TYPES[kind], language) for kind in subscription.types)),
    )
    comma = "、" if chinese else ", "
    wishes = [
        f"{zh}{comma.join(values)}" if chinese else f"{en} {comma.join(values)}" for zh, en, values in filters if values
    ]
    if subscription.minimum_similarity:
        least = f"{subscription.minimum_similarity:.0%}"
        wishes.append(f"相似度不低于{least}" if chinese else f"similarity of at least {least}")
    if chinese:
        return f"您收到此通知，是因为订阅“{subscription.name}”包含：{'；'.join(wishes) or '全部发现'}。"
    return (
        f"You receive this because the subscription “{subscription.name}” covers: {'; '.join(wishes) or 'everything'}."
    )
