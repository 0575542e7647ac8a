"""Stopping the messages of a subscription, for whoever holds one of them; no sign-in is needed.

The token in the address is the right to it. A look changes nothing, since mail programs open links by themselves;
they stop a subscription by the POST of RFC 8058, which brings neither cookie nor form of ours along.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from console.languages import choose
from console.pages import render
from console.visitors import Parts, Working
from domain.errors import NotFoundError
from domain.subscriptions import Subscription

router = APIRouter()


@router.get("/mute/{token}")
def ask(request: Request, parts: Working, token: str) -> HTMLResponse:
    """What would be stopped, and the button that does it."""
    return _page(request, parts, token, _of(parts, token))


@router.post("/mute/{token}")
def mute(request: Request, parts: Working, token: str, again: Annotated[str, Form(max_length=10)] = "") -> HTMLResponse:
    """Stop the messages, or with `again` let them come again."""
    parts.stores.subscriptions.set_muted(_of(parts, token).subscription_id, muted=not again)
    return _page(request, parts, token, _of(parts, token))


def _of(parts: Parts, token: str) -> Subscription:
    subscription = parts.stores.subscriptions.by_mute_token(token)
    if subscription is None:
        raise NotFoundError("There is no subscription of that token.", "Use the link of a newer message.")
    return subscription


def _page(request: Request, parts: Parts, token: str, subscription: Subscription) -> HTMLResponse:
    wishes = (request.query_params.get("lang", ""), subscription.language)
    language = choose(wishes, request.headers.get("Accept-Language", ""), parts.language)
    return render("mute.html", language=language, visitor=None, subscription=subscription, token=token)
