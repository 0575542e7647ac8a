from pathlib import Path

import pytest

from config.documentation import TARGET, settings_markdown
from config.loading import DEFAULTS, load_settings
from config.toml import read_toml
from domain.errors import SettingsError


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str = "", **variables: str) -> str:
    with pytest.raises(SettingsError) as refused:
        load_settings(written(folder, text), variables)
    return str(refused.value).replace(f"{folder}/", "").strip()


def test_the_page_is_the_one_generated() -> None:
    assert TARGET.read_text(encoding="utf-8") == settings_markdown(), "run: python -m config.documentation"


def test_every_setting_is_explained() -> None:
    rows = [line for line in settings_markdown().splitlines() if line.startswith("| `")]
    keys = [line for line in DEFAULTS.read_text().splitlines() if " = " in line and not line.startswith("#")]
    assert len(rows) == len(keys)
    assert all(row.split("|")[4].strip() for row in rows)


def test_a_file_wins_over_defaults_and_a_variable_over_both(tmp_path: Path) -> None:
    mine = written(tmp_path, "[crawler]\nconcurrency = 3\ntimeout_seconds = 5\n")
    settings = load_settings(mine, {"PIRACY_MONITOR_CRAWLER__CONCURRENCY": "4"})
    assert (settings.crawler.concurrency, settings.crawler.timeout_seconds) == (4, 5.0)
    assert settings.crawler.attempts == load_settings().crawler.attempts


def test_variables_take_text_lists_and_flags(tmp_path: Path) -> None:
    variables = {
        "PIRACY_MONITOR_CRAWLER__CONTACT": "12390",
        "PIRACY_MONITOR_GENERAL__ADMINISTRATORS": '["a@b.example"]',
        "PIRACY_MONITOR_ALERTS__SMTP_STARTTLS": "false",
        "PIRACY_MONITOR_MATCHER__TEXT__SEED_LENGTH": "5",
        "PIRACY_MONITOR_DATA": "elsewhere",
        "PATH": "/bin",
    }
    settings = load_settings(None, variables)
    assert settings.crawler.contact == "12390"
    assert settings.general.administrators == ["a@b.example"]
    assert settings.alerts.smtp_starttls is False
    assert settings.matcher.text.seed_length == 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[crawler]\nconcurency = 3\n", "mine.toml: crawler.concurency is no setting. Did you mean concurrency?"),
        ("[nothing]\nx = 1\n", "mine.toml: nothing is no setting. Remove it; every setting is in docs/settings.md."),
        ('[crawler]\nattempts = "3"\n', "mine.toml: crawler.attempts: Input should be a valid integer (given: '3')."),
        ("[crawler]\nattempts = 0\n", "crawler.attempts: Input should be greater than or equal to 1 (given: 0)."),
        ("[crawler]\nlease_seconds = 10\n", "crawler: lease_seconds must be longer than timeout_seconds"),
        ('[alerts]\nsmtp_user = "x"\n', "alerts: smtp_user needs smtp_password_file"),
        ("[matcher.text]\npartial_coverage = 0.9\n", "matcher.text: partial_coverage must not be above copy_coverage"),
        ("[crawler\n", "mine.toml is not TOML"),
        ("x = " + "[" * 5000, "mine.toml is nested too deeply"),
        ("x = 1 # " + "long" * (1 << 18), "mine.toml is larger than 1048576 bytes"),
        ("[crawler]\nlease_seconds = inf\n", "crawler.lease_seconds: Input should be a finite number (given: inf)."),
        ("[crawler]\nconcurrency = true\n", "crawler.concurrency: Input should be a valid integer (given: True)."),
        ("crawler = 3\n", "mine.toml: crawler is a section, not a value. Set its keys, such as crawler.attempts."),
        ("[general]\nlanguage = 'fr'\n", "general.language: Input should be 'zh-CN' or 'en' (given: 'fr')."),
    ],
)
def test_wrong_settings_are_refused_with_a_mend(tmp_path: Path, text: str, message: str) -> None:
    assert message in refusal(tmp_path, text)


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path, PIRACY_MONITOR_CRAWLER__ATTEMPTS="many").startswith(
        "PIRACY_MONITOR_CRAWLER__ATTEMPTS: crawler.attempts: Input should be a valid integer"
    )


def test_the_records_database_may_be_named_by_a_variable() -> None:
    settings = load_settings(None, {"PIRACY_MONITOR_DATABASE__URL": "postgresql://records"})
    assert settings.database.url == "postgresql://records"


def test_an_impossible_pair_names_who_made_it_so(tmp_path: Path) -> None:
    text = "[crawler]\nconcurrency = 3\n"
    assert refusal(tmp_path, text, PIRACY_MONITOR_CRAWLER__LEASE_SECONDS="1") == (
        "PIRACY_MONITOR_CRAWLER__LEASE_SECONDS: crawler: lease_seconds must be longer than timeout_seconds,"
        " else a slow fetch is done twice. Change one of them."
    )


def test_a_variable_holds_one_value(tmp_path: Path) -> None:
    assert "concurrency: Input should be a valid integer" in refusal(
        tmp_path, PIRACY_MONITOR_CRAWLER__CONCURRENCY="5\nattempts = 1"
    )


def test_a_section_cannot_be_replaced_by_a_value_and_then_be_filled(tmp_path: Path) -> None:
    said = refusal(tmp_path, "crawler = 3\n", PIRACY_MONITOR_CRAWLER__CONCURRENCY="2")
    assert said.splitlines() == [
        "mine.toml: crawler is a section, not a value. Set its keys, such as crawler.attempts."
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes('[crawler]\r\ncontact = "版权办"\r\n'.encode(encoding))
    assert load_settings(path).crawler.contact == "版权办"


def test_every_field_has_a_default_and_every_default_a_field() -> None:
    assert load_settings().model_dump() == read_toml(DEFAULTS)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    assert len(refusal(tmp_path, "[crawler]\nattempts = 0\nconcurrency = 0\n").splitlines()) == 2


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml cannot be read: No such file"):
        load_settings(tmp_path / "none.toml")
