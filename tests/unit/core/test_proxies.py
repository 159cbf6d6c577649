"""Who asks: the address of the connection, unless a proxy of ours says for whom it asks."""

import pytest
from django.test import RequestFactory

from alliance.core import checks
from alliance.core.proxies import client_address

PROXY, OUTER, VISITOR, LIAR = "172.18.0.1", "10.0.0.5", "203.0.113.7", "198.51.100.9"


def asked(peer, forwarded=None):
    more = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_address(RequestFactory().get("/", headers=more, REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "found"),
    [
        ([], VISITOR, None, VISITOR),
        ([], VISITOR, LIAR, VISITOR),
        ([], "127.0.0.1", LIAR, "127.0.0.1"),
        (["172.16.0.0/12"], VISITOR, LIAR, VISITOR),
        (["172.16.0.0/12"], PROXY, VISITOR, VISITOR),
        (["172.16.0.0/12"], PROXY, f"{LIAR}, {VISITOR}", VISITOR),
        (["172.16.0.0/12"], PROXY, f"{VISITOR}, {OUTER}", OUTER),
        (["172.16.0.0/12", OUTER], PROXY, f"{LIAR}, {VISITOR}, {OUTER}", VISITOR),
        (["172.16.0.0/12"], PROXY, None, PROXY),
        (["172.16.0.0/12"], PROXY, f"{LIAR}, unknown", PROXY),
        (["172.16.0.0/12"], f"::ffff:{PROXY}", "2001:db8::1", "2001:db8::1"),
        ([], "fe80::1%eth0", None, "fe80::1"),
        ([], "", LIAR, None),
        (["0.0.0.0/0"], PROXY, f"{LIAR}, {VISITOR}", LIAR),
    ],
    ids=[
        "no proxy",
        "no proxy, spoofed",
        "a proxy nobody named",
        "past the proxy, spoofed",
        "through the proxy",
        "through the proxy, spoofed",
        "an outer proxy nobody named",
        "through both, spoofed",
        "the proxy itself",
        "the proxy says nonsense",
        "IPv6 through a proxy seen as IPv6",
        "by a named interface",
        "by a socket file",
        "everybody is believed to the end of the list",
    ],
)
def test_client_address(settings, trusted, peer, forwarded, found):
    settings.TRUSTED_PROXIES = trusted
    assert asked(peer, forwarded) == found


@pytest.mark.parametrize(
    ("listed", "ids"),
    [
        ([], []),
        (["10.0.0.5", "172.16.0.0/12", "fd00::/8"], []),
        (["proxy.example.org"], ["core.E005"]),
        (["10.0.0.5/8"], ["core.E005"]),
    ],
)
def test_nonsense_is_refused_at_the_start(settings, listed, ids):
    settings.TRUSTED_PROXIES = listed
    assert [error.id for error in checks.proxies(None)] == ids
