"""Tricks by which an address that must not be contacted poses as another one."""

import pytest

from crawler.guard import Guard
from domain.errors import GuardRefusalError

# {port} is where the canary listens in the crawl test; every one of these leads to this machine, a private network,
# a metadata service, or nowhere a web page could be.
TRICKS = (
    "http://127.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://127.127.127.127:{port}/",
    "http://１２７.0.0.1:{port}/",
    "http://127。0。0。1:{port}/",
    "http://127．0．0．1:{port}/",
    "http://①②⑦.0.0.1:{port}/",
    "http://%31%32%37.0.0.1:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2002:a00:1::1]:{port}/",
    "http://[2001:0:53aa:64c:0:1234:80ff:fffe]:{port}/",
    "http://[fe80::5efe:127.0.0.1]:{port}/",
    "http://[2606:4700::5efe:7f00:1]:{port}/",
    "http://[fe80::1]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]:{port}/",
    "http://[2001:db8::1]:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://site.localhost:{port}/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://169.254.7.7:{port}/",
    "http://100.100.100.200/",
    "http://168.63.129.16/",
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://192.168.0.1:{port}/",
    "http://100.64.0.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://192.0.2.1:{port}/",
    "http://224.0.0.1:{port}/",
    "http://240.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://user:word@127.0.0.1:{port}/",
    "http:\\\\127.0.0.1:{port}/",
    "http:/127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\@example.com/",
    "http://example.com:22/",
    "http://example.com:6379/",
    "http://example.com:99999/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET",
    "data:text/html,hello",
    "javascript:alert(1)",
    "ws://127.0.0.1:{port}/",
    "//127.0.0.1:{port}/",
    "http://",
)
PUBLIC = (
    "http://example.com/",
    "https://example.com:8443/a?b#c",
    "http://93.184.215.14/",
    "http://[2606:4700::1111]/",
    "http://中国.中国/",
    "http://[64:ff9b::5db8:d70e]/",
    "http://[2002:5db8:d70e::1]/",
)


@pytest.mark.parametrize("url", TRICKS)
def test_refuses_by_the_address_alone(url: str) -> None:
    with pytest.raises(GuardRefusalError):
        Guard().check_url(url.format(port=8000))


@pytest.mark.parametrize("url", PUBLIC)
def test_lets_public_addresses_pass(url: str) -> None:
    Guard().check_url(url)


LOOPBACK = Guard(allow_loopback=True, hosts=("site.localhost", "127.0.0.1"))


@pytest.mark.parametrize("url", ["http://site.localhost:8000/", "http://sub.site.localhost/", "http://127.1:8000/"])
def test_loopback_where_allowed(url: str) -> None:
    LOOPBACK.check_url(url)


@pytest.mark.parametrize(
    "url",
    ["http://other.localhost/", "http://example.com/", "http://10.0.0.1/", "http://169.254.169.254/", "http://[::1]/"],
)
def test_allowing_loopback_allows_nothing_else(url: str) -> None:
    with pytest.raises(GuardRefusalError):
        LOOPBACK.check_url(url)


@pytest.mark.parametrize("address", ["10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "8.8.8.8", "fe80::1"])
def test_only_loopback_addresses_while_loopback_is_allowed(address: str) -> None:
    with pytest.raises(GuardRefusalError):
        LOOPBACK.check_address(address)
    LOOPBACK.check_address("::ffff:127.0.0.1")
