"""Typed sections of the settings. Their defaults are in default.toml alone, so every field is required here."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0.0)]
Port = Annotated[int, Field(ge=0, le=65_535)]


class Section(BaseModel):
    """A frozen group of settings that refuses unknown keys and values of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class GeneralSettings(Section):
    language: Literal["zh-CN", "en"]
    administrators: list[str]


class DatabaseSettings(Section):
    url: str
    password_file: str

    @model_validator(mode="after")
    def _has_whom_to_sign_in_to(self) -> Self:
        if self.password_file and not self.url:
            msg = "password_file needs url"
            raise ValueError(msg)
        return self


class SearchSettings(Section):
    engine: Literal["embedded", "elasticsearch"]
    url: str
    prefix: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
    api_key_file: str
    user: str
    password_file: str
    ca_file: str
    timeout_seconds: Seconds

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        if self.engine == "elasticsearch" and not self.url:
            msg = "the engine elasticsearch needs url"
            raise ValueError(msg)
        if bool(self.user) != bool(self.password_file):
            msg = "user and password_file go together"
            raise ValueError(msg)
        if self.user and self.api_key_file:
            msg = "give either api_key_file or user and password_file"
            raise ValueError(msg)
        return self


class RenderingSettings(Section):
    enabled: bool
    program: str
    pages_at_once: Annotated[int, Field(ge=1, le=16)]
    timeout_seconds: Seconds
    quiet_seconds: Seconds
    max_requests: Count
    max_characters: Count
    max_bytes: Count
    recycle_after: Count
    memory_bytes: Annotated[int, Field(ge=268_435_456)]

    @model_validator(mode="after")
    def _quiet_within_the_whole(self) -> Self:
        if self.quiet_seconds >= self.timeout_seconds:
            msg = "quiet_seconds must be shorter than timeout_seconds"
            raise ValueError(msg)
        return self


class CrawlerSettings(Section):
    user_agent: Annotated[str, Field(min_length=1)]
    contact: str
    concurrency: Count
    max_page_bytes: Count
    max_image_bytes: Count
    max_file_bytes: Count
    file_timeout_seconds: Seconds
    stream_segments: Count
    timeout_seconds: Seconds
    max_redirects: Annotated[int, Field(ge=0)]
    max_url_length: Count
    attempts: Count
    max_retry_after_seconds: Seconds
    lease_seconds: Seconds
    rendering: RenderingSettings

    @model_validator(mode="after")
    def _lease_outlives_a_fetch(self) -> Self:
        if self.lease_seconds <= self.timeout_seconds:
            msg = "lease_seconds must be longer than timeout_seconds, else a slow fetch is done twice"
            raise ValueError(msg)
        return self


class TextMatcherSettings(Section):
    seed_length: Annotated[int, Field(ge=3, le=8)]
    seed_density: Annotated[float, Field(gt=0.0, le=1.0)]
    max_postings: Count
    minimum_characters: Count
    copy_coverage: Share
    copy_density: Share
    copy_identity: Share
    runner_up_ratio: Share
    partial_coverage: Share
    page_share: Share
    long_extract_characters: Count

    @model_validator(mode="after")
    def _partial_below_copy(self) -> Self:
        if self.partial_coverage > self.copy_coverage:
            msg = "partial_coverage must not be above copy_coverage"
            raise ValueError(msg)
        return self


class ImageMatcherSettings(Section):
    max_pixels: Count
    minimum_side: Count
    pdq_distance: Annotated[int, Field(ge=0, le=31)]
    pdq_quality: Annotated[int, Field(ge=0, le=100)]
    feature_strength: Annotated[float, Field(gt=0.0)]
    feature_inlier_ratio: Share
    feature_cell_support: Share
    feature_offset: Share
    feature_skew: Share
    sure_inlier_ratio: Share
    overlay_visible: Share
    overlay_likeness: Share
    overlay_contradicted: Share
    photo_contradicted: Share
    overlay_clash: Share


class AudioMatcherSettings(Section):
    max_seconds: Count
    decode_timeout_seconds: Seconds
    minimum_seconds: Count
    common_pairs: Annotated[float, Field(ge=1.0)]
    copy_seconds: Seconds
    copy_evidence: Annotated[float, Field(gt=0.0)]
    altered_share: Share
    copy_repetition: Share
    copy_novel_seconds: Seconds
    copy_coverage: Share
    long_seconds: Seconds
    runner_up_ratio: Share
    partial_seconds: Seconds
    partial_evidence: Annotated[float, Field(gt=0.0)]
    partial_altered_share: Share

    @model_validator(mode="after")
    def _partial_below_copy(self) -> Self:
        if (
            self.partial_seconds > self.copy_seconds
            or self.partial_evidence > self.copy_evidence
            or self.partial_altered_share > self.altered_share
        ):
            msg = "partial_seconds, partial_evidence and partial_altered_share must not be above those of a copy"
            raise ValueError(msg)
        return self


class VideoMatcherSettings(Section):
    max_seconds: Count
    max_pixels: Count
    decode_timeout_seconds: Seconds
    minimum_seconds: Seconds
    step_seconds: Seconds
    sparse_seconds: Seconds
    max_scenes: Count
    pdq_distance: Annotated[int, Field(ge=0, le=31)]
    pdq_quality: Annotated[int, Field(ge=0, le=100)]
    copy_pictures: Count
    copy_agreement: Share
    copy_motion: Share
    copy_seconds: Seconds
    copy_coverage: Share
    long_seconds: Seconds
    work_coverage: Share
    runner_up_ratio: Share
    partial_seconds: Seconds
    partial_alike: Share

    @model_validator(mode="after")
    def _partial_below_copy(self) -> Self:
        if self.partial_seconds > self.copy_seconds:
            msg = "partial_seconds must not be above copy_seconds"
            raise ValueError(msg)
        return self


class SoftwareMatcherSettings(Section):
    max_expanded_bytes: Count
    max_ratio: Count
    free_expanded_bytes: Count
    max_member_bytes: Count
    max_members: Count
    max_depth: Count
    max_name_length: Count
    max_seconds: Seconds
    minimum_weight: Annotated[float, Field(gt=0.0)]
    copy_share: Share
    copy_query_share: Share
    bundle_share: Share
    absent_share: Share
    partial_share: Share
    near_distance: Annotated[int, Field(ge=0, le=150)]
    runner_up_ratio: Share

    @model_validator(mode="after")
    def _shares_in_order(self) -> Self:
        if not self.partial_share <= self.copy_share <= self.bundle_share:
            msg = "partial_share, copy_share and bundle_share must not fall"
            raise ValueError(msg)
        return self


class ConfinementSettings(Section):
    processes: Annotated[int, Field(ge=0)]
    seconds: Seconds
    memory_bytes: Count
    recycle_after: Count


class MatcherSettings(Section):
    confinement: ConfinementSettings
    text: TextMatcherSettings
    image: ImageMatcherSettings
    audio: AudioMatcherSettings
    video: VideoMatcherSettings
    software: SoftwareMatcherSettings


class QualitySettings(Section):
    negative_share: Share
    negative_doubt: Share
    retention_days: Count
    retained_fingerprints: Count
    flood_days: Count
    flood_history: Count
    flood_factor: Annotated[float, Field(ge=1.0)]
    flood_least: Count

    @model_validator(mode="after")
    def _doubt_before_certainty(self) -> Self:
        if self.negative_doubt > self.negative_share:
            msg = "negative_doubt must not be above negative_share"
            raise ValueError(msg)
        return self


class AlertSettings(Section):
    smtp_host: str
    smtp_port: Port
    smtp_user: str
    smtp_password_file: str
    smtp_starttls: bool
    sender: str
    console_url: str
    attempts: Count
    backoff_seconds: Seconds
    max_backoff_seconds: Seconds
    timeout_seconds: Seconds
    allow_private_targets: bool

    @model_validator(mode="after")
    def _user_has_a_password(self) -> Self:
        if self.smtp_user and not self.smtp_password_file:
            msg = "smtp_user needs smtp_password_file"
            raise ValueError(msg)
        return self


class ConsoleSettings(Section):
    host: str
    port: Port
    session_hours: Count
    secure_cookies: bool


class SchedulerSettings(Section):
    leader_lease_seconds: Seconds
    misfire_minutes: Count
    max_sweep_hours: Count


class Settings(Section):
    general: GeneralSettings
    database: DatabaseSettings
    search: SearchSettings
    crawler: CrawlerSettings
    matcher: MatcherSettings
    quality: QualitySettings
    alerts: AlertSettings
    console: ConsoleSettings
    scheduler: SchedulerSettings
