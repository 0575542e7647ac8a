"""Chromium as it is started for strangers' pages: nothing goes past the proxy, nothing of ours is in reach."""

import os

from playwright.async_api import Browser, Playwright

from crawler.rendering.proxy import GuardProxy

START_SECONDS = 60.0

# What each is for: names are never resolved by the browser (the proxy's own literal excepted), nor by multicast; UDP,
# by which WebRTC and QUIC would go past a proxy, is off; it calls nobody of its own accord; nothing is kept or shared.
FLAGS = (
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--dns-prefetch-disable",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-sync",
    "--no-pings",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-remote-fonts",
    "--disable-notifications",
    "--mute-audio",
    "--disable-features=MediaRouter,DialMediaRouteProvider,OptimizationHints,Translate,AutofillServerCommunication,"
    "InterestFeedContentSuggestions,CertificateTransparencyComponentUpdater,NetworkTimeServiceQuerying,DnsOverHttps,"
    "AsyncDns,WebBluetooth,Prerender2,WebRtcHideLocalIpsWithMdns",
)


async def launch(playwright: Playwright, path: str, proxy: GuardProxy, *, heap_bytes: int) -> Browser:
    """Start a browser that knows one way out, `proxy`, for every address, loopback's own included."""
    return await playwright.chromium.launch(
        executable_path=path,
        args=[*FLAGS, f"--js-flags=--max-old-space-size={heap_bytes // 2**20}"],
        # Without this the browser would reach this machine's own services directly.
        proxy={
            "server": proxy.address,
            "username": proxy.username,
            "password": proxy.password,
            "bypass": "<-loopback>",
        },
        # Chromium's sandbox does not work for root; whoever crawls as root is without it.
        chromium_sandbox=os.geteuid() != 0,
        timeout=START_SECONDS * 1000,
    )
