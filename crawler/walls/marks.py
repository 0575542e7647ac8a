"""Marks that the makers of walls leave in what they serve: in headers, scripts and names, never in words.

They are the names of cookies, scripts and hosts that each maker is publicly known by. A mark of a *wall* stands on
pages that are nothing else; one of a *widget* also stands on forms of ordinary pages and needs words beside it.
"""

import re
from collections.abc import Mapping

from crawler.outcomes import WALL_HEADERS

# What the value of each of `WALL_HEADERS` says when the answer is a wall and not the page, and whose wall that is.
HEADERS: Mapping[str, tuple[re.Pattern[str], str]] = {
    name: (re.compile(pattern, re.IGNORECASE), maker)
    for name, pattern, maker in zip(
        WALL_HEADERS,
        (r"challenge|block", r"challenge|captcha", r"protected", r"."),
        ("Cloudflare", "AWS WAF", "DataDome", "Sucuri"),
        strict=True,
    )
}

WALLS: Mapping[str, re.Pattern[str]] = {
    maker: re.compile(pattern, re.IGNORECASE)
    for maker, pattern in (
        # /cdn-cgi/challenge-platform/…/jsd/ is put into ordinary pages, so that path alone is no mark.
        ("Cloudflare", r"_cf_chl_opt|cf-browser-verification|cf_chl_|/orchestrate/(chl_page|jsch|captcha)"
        r"|cf-error-details"),
        ("Aliyun WAF", r"acw_sc__v[23]|errors\.aliyun\.com|aliyun_waf|_____tmd_____|/punish\?|_waf_bd8ce2ce37"),
        ("Knownsec (知道创宇)", r"__jsl_clearance|jiasule|yunaq\.com|365cyd"),
        ("Anquanbao (安全宝)", r"anquanbao"),
        ("Yunsuo (云锁)", r"security_session_verify|yunsuo_session_verify|yunsuologo|security_verify_data"),
        ("Safedog (安全狗)", r"safedog|404\.safedog\.cn"),
        ("360", r"wzws-waf-cgi|wzwsconfirm|webscan\.360\.cn"),
        ("Baota (宝塔)", r"btwaf|/a20be899_96a6"),
        ("SafeLine (长亭)", r"safeline|sl-challenge|/\.safeline/"),
        ("Huawei Cloud WAF", r"hwwafsesid"),
        ("Tencent Cloud WAF", r"waf_text_verify|waf\.tencent|eo_bot_ssid|__tst_status"),
        ("Baidu", r"wappass\.baidu\.com|/static/touch/js/mkdjump|passmod-captcha"),
        ("Riversec (瑞数)", r"\$_ts\s*=\s*window|\$_ts\.cd\s*="),
        ("DDoS-Guard", r"ddos-guard|check\.ddos-guard\.net"),
        ("Sucuri", r"sucuri_cloudproxy_js|cdn\.sucuri\.net"),
        ("Imperva", r"_incapsula_resource\?(?=.{0,200}cwudnsai)|iframe_incapsula"),
        ("Akamai", r"sec-if-cpt-container|sec-cpt-if|errors\.edgesuite\.net"),
        ("PerimeterX", r"px-captcha|_pxappid.{0,200}captcha|captcha\.px-cloud\.net"),
        ("DataDome", r"captcha-delivery\.com"),
        ("AWS WAF", r"awswaf\.com/.{0,80}/challenge|awswafcookiedomainlist"),
        ("Kasada", r"kpsdk|149e9513-01fa-4fb0-aad4-566afd725d1b"),
        ("Google", r"/sorry/index|captcha-form"),
        ("Anubis", r"anubis_challenge|within\.website/x/cmd/anubis"),
    )
}  # fmt: skip

WIDGETS = re.compile(
    r"turnstile|g-recaptcha|recaptcha/(api|enterprise)|h-captcha|hcaptcha\.com|initgeetest|static\.geetest|gt4?\.js"
    r"|geetest_|tcaptcha|tencentcaptcha|turing\.captcha|aliyuncaptcha|nc_token|noCaptcha|initnecaptcha|necaptcha"
    r"|dx-captcha|dingxiang|smcaptcha|vaptcha|slide-?(verify|captcha)|captcha|verify_?code|vcode|yzm|checkcode",
    re.IGNORECASE,
)

PARKING = re.compile(
    r"sedoparking|parkingcrew|bodis\.com|above\.com/park|dan\.com|afternic|hugedomains|window\.park|parklogic"
    r"|img1\.wsimg\.com/parking|parking-lander|namebright|uniregistry|skenzo|domain_?park|cashparking|parked-content"
    r"|(//|\.)(4|22|west)\.cn/|ename\.(com|net|cn)|juming\.com|parking\.wanwang",
    re.IGNORECASE,
)
COOKIE_AND_RELOAD = re.compile(
    r"document\.cookie\s*=.{0,600}location\.?(reload|href|replace|assign)?"
    r"|location\.reload.{0,600}document\.cookie\s*=",
    re.IGNORECASE | re.DOTALL,
)
"""A page without words that sets a cookie by script and loads itself again lets only browsers pass."""
PLAYS = re.compile(r"\.(m3u8|mpd|mp4|flv|mp3|m4a|webm)\b|player_\w{1,20}\s*=\s*\{|magnet:", re.IGNORECASE)
"""What a page with a film says in its scripts: a reader of the page finds it without a browser."""


def maker_in_headers(headers: Mapping[str, str]) -> str:
    """Who walled an answer off, by its headers (names in lower case); empty when they do not say."""
    return next((maker for name, (pattern, maker) in HEADERS.items() if pattern.search(headers.get(name, ""))), "")


def maker_of_wall(machinery: str) -> str:
    """Whose wall a page is, by what it is built of; empty when nothing says so."""
    return next((maker for maker, pattern in WALLS.items() if pattern.search(machinery)), "")
