"""Pictures for the pages, encoded anew; never the bytes as they were found."""

from collections.abc import Callable

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.comparisons import found_picture, registered_picture
from console.pictures import preview
from console.visitors import Reader, Wanted, Working

router = APIRouter()
# A picture of the largest size takes some hundred megabytes while it is encoded.
ENCODED_AT_ONCE = 1


@router.get("/findings/{finding_id}/found.jpg")
async def found(request: Request, parts: Working, _visitor: Reader, finding_id: Wanted) -> Response:
    """The picture that was found."""
    finding = await to_thread.run_sync(parts.stores.findings.get, finding_id)
    return await _encoded(request, lambda: found_picture(finding, parts.stores.vault))


@router.get("/findings/{finding_id}/registered.jpg")
async def registered(request: Request, parts: Working, _visitor: Reader, finding_id: Wanted) -> Response:
    """The registered picture it was compared with."""
    finding = await to_thread.run_sync(parts.stores.findings.get, finding_id)
    return await _encoded(request, lambda: registered_picture(finding.comparison.reference, parts.stores.references))


async def _encoded(request: Request, read: Callable[[], bytes]) -> Response:
    limiter: CapacityLimiter = request.app.state.encoding
    picture = await to_thread.run_sync(lambda: preview(read()), limiter=limiter)
    return Response(picture, media_type="image/jpeg")
