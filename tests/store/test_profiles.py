from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.campaigns import Campaign, RobotsPolicy, SiteProfile
from domain.errors import NotFoundError, UsageError
from store.campaigns import CampaignStore
from store.database import Database
from store.profiles import CAMPAIGN_CHECKS, SITE_CHECKS, check_campaign, load_campaign, load_site

SITE = 'name = "novels"\nhosts = ["novels.example"]\nstart_urls = ["https://novels.example/"]\n'
CAMPAIGN = 'name = "night"\nsites = ["novels"]\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "file.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_field_is_checked() -> None:
    assert set(SITE_CHECKS) == {field.name for field in fields(SiteProfile)}
    assert set(CAMPAIGN_CHECKS) == {field.name for field in fields(Campaign)}


def test_a_site_is_read(tmp_path: Path) -> None:
    site = load_site(written(tmp_path, SITE + "delay_seconds = 2\nallow = ['/book/\\d+']\n"))
    assert site == SiteProfile(
        name="novels",
        hosts=("novels.example",),
        start_urls=("https://novels.example/",),
        delay_seconds=2,
        allow=("/book/\\d+",),
    )


def test_a_campaign_is_read(tmp_path: Path) -> None:
    text = CAMPAIGN + 'schedule = "0 3 * * *"\nrobots = "ignore"\nrobots_ground = "立案号 2026-17"\n'
    campaign = load_campaign(written(tmp_path, text))
    assert campaign.robots is RobotsPolicy.IGNORE
    assert campaign.time_zone == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "file.toml is not TOML: Invalid value (at end of document). Mend that line."),
        ('name = "a"\nhosts = ["a.example"]\n', "file.toml: start_urls is missing. Add it."),
        (
            SITE + 'sitemaps = ["https://other.example/map.xml"]\n',
            "sitemaps has 'https://other.example/map.xml', which is on none of the hosts. Add its host to hosts.",
        ),
        (SITE.replace("//novels", "//novels.example.evil"), "start_urls has 'https://novels.example.evil.example/'"),
        (SITE.replace('novels.example"]\nst', 'a. b"]\nst'), "hosts has 'a. b', which is no host name. Write it in"),
        (SITE + "deph = 3\n", "file.toml: deph is not known. Known are: allow, "),
        (SITE.replace('"novels"', '"a/b"'), "file.toml: name is no name. Use letters"),
        (SITE.replace('["novels.example"]', "[]"), 'file.toml: hosts must be a list. Write it as ["…"].'),
        (SITE.replace('novels.example"]\nst', 'http://x"]\nst'), "hosts has 'http://x', which is no host name."),
        (SITE.replace("https://", "ftp://"), "start_urls has 'ftp://novels.example/', which is no web address."),
        (SITE + 'deny = ["("]\n', "deny has '(', which is no regular expression"),
        (SITE + 'max_depth = "3"\n', "max_depth must be a whole number from 0 to 1000. Write it without quotes."),
        (SITE + "concurrency = 0\n", "concurrency must be a whole number from 1 to 100."),
        (SITE + "concurrency = true\n", "concurrency must be a whole number from 1 to 100."),
        (SITE + "concurrency = 1e2\n", "concurrency must be a whole number from 1 to 100."),
        (SITE + f"max_pages = 1{'0' * 400}\n", "max_pages must be a whole number from 1 to 100000000."),
        (SITE + "delay_seconds = inf\n", "delay_seconds must be a number from 0 to 86400. Write it without quotes."),
        (SITE + "delay_seconds = nan\n", "delay_seconds must be a number from 0 to 86400."),
        (SITE + "delay_seconds = -inf\n", "delay_seconds must be a number from 0 to 86400."),
        (
            SITE + f"deny = ['{'a' * 1001}']\n",
            "deny has an expression of 1001 characters, more than 1000. Divide or sh",
        ),
        (SITE + "deny = ['a{99999999999}']\n", "deny has 'a{99999999999}', which is no regular expression (the repe"),
        (SITE + f"allow = {['a'] * 10_001}\n", "allow has 10001 values, more than 10000. Divide the site among"),
        (SITE.replace('novels.example"]\n', 'a..b"]\n'), "hosts has 'a..b', which is no host name."),
        (SITE.replace('novels.example"]\n', f'{"a." * 127}"]\n'), "which is no host name. Write it in lower case"),
        *(
            (SITE.replace("https://novels.example/", wrong), "start_urls has 'http://")
            for wrong in (
                "http://[",
                "http://novels.example:0/",
                "http://novels.example:99999/",
                "http://novels.example:http/",
                "http://a b/",
                "http://%5b/",
                "http://" + "a" * 2000,
            )
        ),
        (
            SITE + 'feeds = ["https://other.example/rss"]\n',
            "feeds has 'https://other.example/rss', which is on none of",
        ),
        (SITE + 'apis = ["api.php"]\n', "apis has 'api.php', which is no web address."),
        (SITE + "api_hours = -1\n", "api_hours must be a whole number from 0 to 100000."),
        (
            SITE + 'searches = ["https://novels.example/?q=x"]\n',
            "which has not {title} once after the host. Write {title} where it goes.",
        ),
        (SITE + 'searches = ["https://{title}.example/"]\n', "which has not {title} once after the host."),
        (SITE + 'numbered = ["https://novels.example/{page}/{page}"]\n', "which has not {page} once after the host."),
        (SITE + 'search_charset = "base64"\n', "search_charset is no charset: 'base64'. Write one as in 'gbk'."),
        (SITE + 'results = "li["\n', "results is no CSS selector: 'li['. Write one as in 'li.result h3'."),
        (SITE + "max_searches = 0\n", "max_searches must be a whole number from 1 to 1000000."),
        (SITE + 'sitemaps = ["http://[::1"]\n', "sitemaps has 'http://[::1', which is no web address. Write it as in"),
    ],
)
def test_a_bad_site_is_refused_with_a_mend(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_site(written(tmp_path, text))
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('schedule = "every night"', "schedule is no cron line"),
        ('time_zone = "Asia/Atlantis"', "time_zone is no time zone: 'Asia/Atlantis'. Write one as in 'Asia/Shanghai'."),
        ('robots = "perhaps"', "robots must be one of obey, ignore. Choose one."),
        ('robots = "ignore"', "robots_ground is empty while robots = 'ignore'. Name the legal ground."),
        ("allow_loopback = 1", "allow_loopback must be true or false."),
        ("robots_ground = 1", "robots_ground must be text."),
    ],
)
def test_a_bad_campaign_is_refused_with_a_mend(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        load_campaign(written(tmp_path, CAMPAIGN + line + "\n"))
    assert message in str(refused.value)


def test_a_file_that_is_not_there_or_not_utf8(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        load_site(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes("name = '网站'".encode("gbk"))
    with pytest.raises(UsageError, match="is not UTF-8"):
        load_site(tmp_path / "gbk.toml")


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "[::1]"])
def test_this_machine_is_swept_only_by_campaigns_that_say_so(host: str) -> None:
    site = SiteProfile(name="s", hosts=("x",), start_urls=(f"http://{host}:8000/",))
    campaign = Campaign(name="night", sites=("s",))
    with pytest.raises(UsageError, match="set allow_loopback = true in campaign night"):
        check_campaign(campaign, [site])
    check_campaign(replace(campaign, allow_loopback=True), [site])
    check_campaign(campaign, [replace(site, start_urls=("https://novels.example/",))])


def test_what_is_stored_comes_back(database: Database, tmp_path: Path) -> None:
    store, at = CampaignStore(database), datetime(2026, 11, 22, tzinfo=UTC)
    site, campaign = load_site(written(tmp_path, SITE)), load_campaign(written(tmp_path, CAMPAIGN))
    store.put_site(site)
    store.put_campaign(campaign, at)
    store.put_campaign(replace(campaign, schedule="0 3 * * *"), at)
    assert (store.sites(), store.site("novels")) == ([site], site)
    assert store.campaigns() == [replace(campaign, schedule="0 3 * * *")]
    assert store.campaign("night").schedule == "0 3 * * *"
    assert store.added_at("night") == at
    with pytest.raises(NotFoundError, match="There is no campaign 'day'"):
        store.campaign("day")
    with pytest.raises(NotFoundError, match="There is no site 'films'"):
        store.site("films")
