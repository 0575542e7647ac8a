"""Sentences about pictures."""

from domain.reasons.codes import ReasonCode

SENTENCES = {
    ReasonCode.IMAGE_SAME_FILE: (
        "图片文件与登记文件完全相同。",
        "The picture is the registered file, byte for byte.",
    ),
    ReasonCode.IMAGE_NEAR_DUPLICATE: (
        "整幅图片与登记图片几乎相同（PDQ 距离 {distance}/256{form_zh}）。",
        "The whole picture is nearly the registered one (PDQ distance {distance} of 256{form_en}).",
    ),
    ReasonCode.IMAGE_LOCAL_FEATURES: (
        "图片中{inliers}处细节与登记图片几何一致，覆盖登记图片可见部分的{cells:.0%}。",
        "{inliers} details line up with the registered picture and cover {cells:.0%} of its visible part.",
    ),
    ReasonCode.IMAGE_SHARED_PART: (
        "仅局部与登记图片一致（{inliers}处细节，覆盖{cells:.0%}），可能是共用素材，需人工判断。",
        "Only a part lines up with the registered picture ({inliers} details, {cells:.0%} covered):"
        " perhaps shared material, and a person must decide.",
    ),
    ReasonCode.IMAGE_SAME_SCENE: (
        "{inliers}处细节与登记图片大致对应，但不到像素级，可能是同一场景的另一张照片，需人工判断。",
        "{inliers} details stand about where the registered picture has them, but not to the pixel:"
        " perhaps another photograph of the same scene, and a person must decide.",
    ),
    ReasonCode.IMAGE_SAME_TEMPLATE: (
        "与登记图片版式或构图相同，但其中{contradicted:.0%}的图形、{clash:.0%}的颜色不符，可能出自同一模板，需人工判断。",
        "Laid out like the registered picture, but {contradicted:.0%} of the shapes and {clash:.0%} of the colours"
        " are others:"
        " perhaps made from one template, and a person must decide.",
    ),
    ReasonCode.IMAGE_TOO_PLAIN: (
        "图片过于单调，不足以判断。",
        "The picture is too plain to be judged.",
    ),
    ReasonCode.IMAGE_TOO_SMALL: (
        "图片仅{width}×{height}像素，过小，不作判断。",
        "The picture is only {width}×{height} pixels: too small to be judged.",
    ),
    ReasonCode.IMAGE_TOO_LARGE: (
        "图片{width}×{height}像素，超过{limit}像素上限，未解码。",
        "The picture has {width}×{height} pixels, above the limit of {limit}, and was not decoded.",
    ),
}
