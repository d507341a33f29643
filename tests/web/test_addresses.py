"""The guard's table: which addresses it lets through, and which it refuses.

Collected in November 2026 from the tests and lists of pydantic-ai (`_ssrf`),
smokescreen, AntiSSRF and ssrf (Go), and from IANA's registries of special-purpose
addresses.
"""

import ipaddress
import socket

import pytest

from rindoku.errors import FetchRefused
from rindoku.settings import Settings
from rindoku.web import fetch
from rindoku.web.guard import is_public

PUBLIC = """
    1.1.1.1 8.8.8.8 9.9.9.9 11.0.0.1 93.184.216.34 100.63.255.255 100.128.0.1
    126.255.255.255 128.0.0.1 140.82.114.4 151.101.3.42 168.63.129.15 168.63.129.17
    169.253.255.255 169.255.0.1 172.15.255.255 172.32.0.1 192.0.1.1 192.0.3.1
    192.31.197.1 192.88.98.1 192.88.100.1 192.167.255.255 192.169.0.1 198.17.255.255
    198.20.0.1 198.51.99.1 203.0.112.1 223.255.255.254 2001:200::1 2001:4860:4860::8888
    2400:cb00::1 2606:2800:220:1:248:1893:25c8:1946 2606:4700:4700::1111 2620:4f::1
    2a00:1450:4001:81b::200e 2a04:4e42::347 2c0f:fb50::1
"""
REFUSED = """
    0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.64.0.1
    100.100.100.200 100.127.255.255 127.0.0.0 127.0.0.1 127.0.0.2 127.255.255.255
    168.63.129.16 169.254.0.1 169.254.42.42 169.254.169.254 169.254.170.2 169.254.170.23
    169.254.255.255 172.16.0.0 172.16.0.1 172.31.255.255 192.0.0.0 192.0.0.1 192.0.0.8
    192.0.0.9 192.0.0.10 192.0.0.170 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1
    192.88.99.1 192.88.99.2 192.168.0.0 192.168.0.1 192.168.255.255 192.175.48.1
    198.18.0.0 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 224.0.0.251
    232.0.0.1 233.252.0.1 239.255.255.255 240.0.0.0 240.0.0.1 250.1.2.3 255.255.255.254
    255.255.255.255

    :: ::1 ::2 ::7f00:1 ::a9fe:a9fe ::10.0.0.1 ::127.0.0.1 ::169.254.169.254 ::8.8.8.8
    ::192.168.1.1 ::ffff:0.0.0.0 ::ffff:10.0.0.1 ::ffff:100.100.100.200 ::ffff:127.0.0.1
    ::ffff:169.254.169.254 ::ffff:172.16.0.1 ::ffff:192.168.1.1 ::ffff:7f00:1
    ::ffff:8.8.8.8 ::ffff:a9fe:a9fe ::ffff:0:7f00:1 ::ffff:0:10.0.0.1
    ::ffff:0:169.254.169.254 ::ffff:0:8.8.8.8
    64:ff9b::7f00:1 64:ff9b::10.0.0.1 64:ff9b::100.100.100.200 64:ff9b::169.254.169.254
    64:ff9b::169.254.170.2 64:ff9b::192.168.1.1 64:ff9b::8.8.8.8 64:ff9b::a9fe:a9fe
    64:ff9b::a00:1 64:ff9b:1::1 64:ff9b:1::10.0.0.1 64:ff9b:1::169.254.169.254
    64:ff9b:1:a9fe:a9:fe00:: 64:ff9b:1:c0a8:1:100:: 64:ff9b:1:ffff::1
    100::1 100::ffff:ffff:ffff:ffff 100:0:0:1::1 200::1 400::1 800::1 1000::1 1fff::1
    2001:: 2001::1 2001::5601:5601 2001:0:4136:e378:8000:63bf:3fff:fdd2
    2001:0:7f00:1::1 2001:1::1 2001:1::2 2001:1::3 2001:2::1 2001:2:0:ffff::1 2001:3::1
    2001:4:112::1 2001:10::1 2001:1f:ffff::1 2001:20::1 2001:2f:ffff::1 2001:30::1
    2001:1ff:ffff::1 2001:db8::1 2001:db8:64::a9fe:a9fe 2001:db8:ffff::1
    2002:: 2002::1 2002:7f00:1:: 2002:7f00:1::1 2002:a00:1::1 2002:c0a8:101::1
    2002:a9fe:a9fe:: 2002:6464:64c8:: 2002:808:808::1
    2606:4700::5efe:10.0.0.1 2606:4700::5efe:169.254.169.254 2606:4700::5efe:192.168.1.1
    2606:4700::5efe:8.8.8.8 2606:4700::200:5efe:127.0.0.1
    2606:4700::200:5efe:169.254.169.254
    2606:4700:64::a9fe:a9fe 2606:4700:64::169.254.170.2 2606:4700:64::168.63.129.16
    2606:4700:a9fe:a9fe:: 2606:4700:a9:fea9:fe:: 2606:4700:1:a9fe:a9:fe00::
    2606:4700:1:a9:fe:a9fe:: 2606:4700:1:2:a9:fea9:fe00:0
    2620:4f:8000::1 3ffe::1 3ffe:831f::1 3fff::1 3fff:fff:ffff::1 4000::1 5f00::1
    5f00:ffff::1 6000::1 8000::1 a000::1 c000::1 e000::1 f000::1 f800::1 fc00::1
    fd00::1 fd00:42::42 fd00:ec2::23 fd00:ec2::254 fd20:ce::254
    fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff fe00::1 fe80:: fe80::1 fe80::1%eth0
    fe80::ffff:ffff:ffff:ffff febf::1 fec0::1 feff::1 ff00::1 ff01::1 ff02::1 ff02::fb
    ff05::2 ff0e::1
"""
# How links may write private addresses.
PRIVATE_HOSTS = (
    *(
        "127.1",
        "127.0.1",
        "127.0.0.1.",
        "0",
        "0.0.0.0.",
        "2130706433",
        "017700000001",
    ),
    *("0x7f000001", "0x7f.1", "0X7F.0.0.1", "0177.0.0.1", "0177.1", "127.0x0.1"),
    *("10.1", "0xa.1", "012.0.0.1", "167772161", "3232235777", "0xc0a80101"),
    *("192.168.257", "0xa9fea9fe", "2852039166", "0251.0376.0251.0376"),
    *(
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
    ),
    *("[::127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]"),
    *("localhost", "LOCALHOST", "localhost.", "127.0.0.1:80", "[::1]:80"),
    # What Unicode writes as digits, dots and letters, and what it leaves out.
    *("\u2460\u2461\u2466.\u24ea.\u24ea.\u2460", "127\u30020\u30020\u30021"),
    *("\uff11\uff12\uff17.0.0.1", "169.254.169.254\u200b", "127.0.0.\u00ad1"),
    *("\uff4cocalhost", "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3"),
)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_address_is_let_through(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", REFUSED.split())
def test_every_other_address_is_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_no_spelling_of_a_private_address_is_fetched(host: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"http://{host}/", Settings())


@pytest.mark.parametrize(
    "host",
    [
        "%31%32%37.0.0.1",
        "exa mple.org",
        "a..org",
        ".org",
        "a\x00.org",
        "[::1",
        "-x" * 64 + ".org",
        ".".join(["abcdefg"] * 40),
        "\ud800.org",
        "xn--\u3042.org",
        "*",
    ],
)
def test_what_is_no_name_of_a_host_is_refused(host: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"http://{host}/", Settings())


def test_every_address_of_the_resolver_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A host whose addresses are one public and any one of the refused."""
    for address in REFUSED.split():
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        rows = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 80)),
            (family, socket.SOCK_STREAM, 6, "", (address, 80)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, _rows=rows, **_k: _rows)
        with pytest.raises(FetchRefused, match="not a public address"):
            fetch("http://mixed.example/", Settings())


def test_the_table_is_large_and_has_no_address_twice() -> None:
    addresses = [*PUBLIC.split(), *REFUSED.split()]
    assert len(addresses) > 200
    assert len({ipaddress.ip_address(a) for a in addresses}) > len(addresses) - 12
