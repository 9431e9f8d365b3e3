"""What the house calls when a stranger names an address, and above all what it does not."""

import asyncio

import pytest

from inbox.errors import OutsideRefused
from inbox.outside import Outside, is_public

REFUSED = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.01/",
    "http://127.0.0.1./",
    "http://0/",
    "http://0x/",
    "http://0.0.0.0/",
    "http://00000000000/",
    "http://4294967296/",
    "http://127.0.0.1.0x0/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[2606:4700::1%25lo]/",
    "http://[fec0::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://[3fff::1]/",
    "http://[100::1]/",
    "http://[5f00::1]/",
    "http://[::1",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/",
    "http://192.0.0.9/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://198.51.100.1/",
    "http://203.0.113.1/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://127.0.0.1%2f@pictures.test/",
    "http://%31%32%37.0.0.1/",
    "http://pictures.test%00.example.com/",
    "http://１２７.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://localhost/",
    "http://router/",
    "http://localhost./",
    "http://pictures.test./",
    "http://pictures..test/",
    "http://.test/",
    "http://-a.test/",
    "http://user@pictures.test/",
    "http://user:word@pictures.test/",
    "http://pictures.test@127.0.0.1/",
    "http://pictures.test:22/",
    "http://pictures.test:8080/",
    "http://pictures.test:0/",
    "http://pictures.test:99999/",
    "http://pictures.test:８０/",
    "http://pictures.test\\@127.0.0.1/",
    "http://pictures.test\t.evil.test/",
    "http://pictures.test/\r\nHost: evil.test",
    "http://pictures .test/",
    "http:///etc/passwd",
    "http:127.0.0.1/",
    "https:",
    "//",
    "//127.0.0.1/x",
    "/picture.png",
    "",
    "ftp://pictures.test/a.png",
    "file:///etc/passwd",
    "gopher://pictures.test/",
    "data:image/png;base64,AAAA",
    "jar:http://pictures.test!/",
    "javascript:alert(1)",
    "h\u202ettp://pictures.test/",
    "http://pictures.test/" + "x" * 5000,
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_called(url: str) -> None:
    with pytest.raises(OutsideRefused):
        Outside().target(url)


@pytest.mark.parametrize(
    ("url", "called"),
    [
        ("http://pictures.test", "http://pictures.test/"),
        ("HTTPS://Pictures.Test/A b.png?x=é#top", "https://pictures.test/A%20b.png?x=%C3%A9"),
        ("//pictures.test/a.png", "https://pictures.test/a.png"),
        (" http://pictures.test:80/a ", "http://pictures.test/a"),
        ("http://pictures.test:443/a", "http://pictures.test:443/a"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("http://8.8.8.8/a", "http://8.8.8.8/a"),
        ("http://[2606:4700::1]/a", "http://[2606:4700::1]/a"),
        ("http://a_b.pictures.test/%41", "http://a_b.pictures.test/%41"),
    ],
)
def test_an_address_that_is_called(url: str, called: str) -> None:
    assert Outside().target(url).url == called


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["::1"], ["::ffff:10.0.0.1"], ["fe80::1%eth0"], ["x"]],
)
def test_a_name_that_leads_inside_is_not_called(addresses: list[str]) -> None:
    async def found(_host: str, _port: int) -> list[str]:
        return addresses

    outside = Outside(resolve=found)
    with pytest.raises(OutsideRefused):
        asyncio.run(outside.addresses(outside.target("http://pictures.test/")))


def test_what_is_trusted_is_one_port_of_one_name() -> None:
    outside = Outside(trusted=frozenset({"127.0.0.1:8123"}))

    assert outside.target("http://127.0.0.1:8123/a").port == 8123
    for other in ("http://127.0.0.1/", "http://127.0.0.1:8124/", "http://127.1:8123/"):
        with pytest.raises(OutsideRefused):
            outside.target(other)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1", "2a00:1450::1"])
def test_what_anyone_reaches_is_public(address: str) -> None:
    assert is_public(address)
