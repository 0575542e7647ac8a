"""Whether the console runs, and whether it can do its work."""

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from console.visitors import CONSUMER, Working
from store.search import Query

router = APIRouter()


@router.get("/healthz")
def alive() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"alive": True})


@router.get("/readyz")
def ready(parts: Working) -> JSONResponse:
    """Records and search index answer too; a failure of either is a 500."""
    lag = parts.stores.outbox.lag(CONSUMER)
    parts.stores.search.search(Query(limit=0))
    return JSONResponse({"ready": True, "search_lag": lag.count})
