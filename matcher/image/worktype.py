"""The image work type: photographs, drawings, covers, posters."""

from collections.abc import Sequence

from config.settings import ImageMatcherSettings
from domain.fingerprints import Abstention, Fingerprint
from domain.ids import digest_of
from domain.reasons import Reason, ReasonCode
from domain.works import WorkType
from matcher.image.decode import decode
from matcher.image.examples import examples
from matcher.image.features import extract
from matcher.image.payload import KIND, VERSION, ImagePrint, pack
from matcher.image.pdq import inner_box, pdq
from matcher.image.references import ImageReferences
from matcher.image.shelf import picture_columns
from matcher.image.thumbnail import thumbnail
from matcher.segments.columns import Columns
from matcher.segments.snapshot import Snapshot
from matcher.worktypes import Content, Example, Reference

NAMES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".jfif", ".ico")
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
FEWEST_FEATURES = 12


class ImageMatcher:
    """A `WorkTypeMatcher`."""

    type = WorkType.IMAGE
    kind = KIND
    version = VERSION

    def __init__(self, settings: ImageMatcherSettings) -> None:
        self._settings = settings

    def thresholds(self) -> Sequence[tuple[str, float]]:
        settings = self._settings
        return (
            ("pdq_distance", settings.pdq_distance),
            ("pdq_quality", settings.pdq_quality),
            ("feature_strength", settings.feature_strength),
            ("feature_inlier_ratio", settings.feature_inlier_ratio),
            ("feature_cell_support", settings.feature_cell_support),
            ("feature_offset", settings.feature_offset),
            ("feature_skew", settings.feature_skew),
            ("sure_inlier_ratio", settings.sure_inlier_ratio),
            ("overlay_visible", settings.overlay_visible),
            ("overlay_likeness", settings.overlay_likeness),
            ("overlay_contradicted", settings.overlay_contradicted),
            ("photo_contradicted", settings.photo_contradicted),
            ("overlay_clash", settings.overlay_clash),
        )

    def accepts(self, content: Content) -> bool:
        webp = content.data[:4] == b"RIFF" and content.data[8:12] == b"WEBP"
        if webp or content.data.startswith(BEGINNINGS):
            return True
        if content.media_type:
            return content.media_type.startswith("image/") and "svg" not in content.media_type
        return content.name.lower().partition("?")[0].endswith(NAMES)

    def fingerprint(self, content: Content, *, registering: bool = False) -> Fingerprint | Abstention:
        decoded = decode(content.data, self._settings)
        if isinstance(decoded, Reason):
            return Abstention(reason=decoded)
        grey = decoded.grey
        left, top, right, bottom = inner_box(grey)
        trimmed = grey[top:bottom, left:right]
        whole, quality = pdq(grey)
        inner, inner_quality = pdq(trimmed) if trimmed.shape != grey.shape else (whole, quality)
        features = extract(grey, registering=registering)
        if max(quality, inner_quality) < self._settings.pdq_quality and len(features) < FEWEST_FEATURES:
            return Abstention(reason=Reason.of(ReasonCode.IMAGE_TOO_PLAIN))
        return pack(
            ImagePrint(
                digest=digest_of(content.data),
                size=decoded.size,
                decoded=(grey.shape[1], grey.shape[0]),
                quality=quality,
                trimmed_quality=inner_quality,
                whole=whole,
                trimmed=inner,
                content=(left / grey.shape[1], top / grey.shape[0], right / grey.shape[1], bottom / grey.shape[0]),
                features=features,
                thumbnail=thumbnail(decoded.colours, registering=registering),
                registered=registering,
            )
        )

    @property
    def recipe(self) -> str:
        return f"{KIND}@{VERSION}, quality {self._settings.pdq_quality}"

    def segment(self, references: Sequence[Reference]) -> Columns:
        return picture_columns(references, self._settings.pdq_quality)

    def open(self, snapshot: Snapshot) -> ImageReferences:
        return ImageReferences(snapshot, self._settings)

    def examples(self) -> Sequence[Example]:
        return examples()
