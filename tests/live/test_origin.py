"""Which pages may open the socket."""

from collections.abc import Iterator

import pytest
from starlette.routing import Mount
from websockets.exceptions import InvalidStatus

from playground.live import socket
from tests.live.server import Server
from tests.live.viewer import Viewer


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server([*socket.routes(), Mount("/some/where", routes=socket.routes(["https://friend.example"]))])
    yield server
    server.stop()


@pytest.mark.parametrize(
    ("origin", "headers", "is_welcome"),
    [
        ("http://{host}", {}, True),
        ("https://{host}", {}, True),
        (None, {}, True),
        ("https://friend.example", {}, True),
        ("https://stage.example", {"X-Forwarded-Host": "stage.example"}, True),
        ("https://stage.example", {"X-Forwarded-Host": "stage.example:443, inner"}, True),
        ("https://stage.example", {"X-Forwarded-Host": "stage.example:80"}, False),
        ("http://evil.example", {}, False),
        ("http://{host}.evil.example", {}, False),
        ("http://127.0.0.1:1", {}, False),
        ("http://127.0.0.1", {}, False),
        ("null", {}, False),
        ("", {}, False),
        ("http://", {}, False),
        ("http://[", {}, False),
        ("file://", {}, False),
    ],
)
def test_only_the_app_s_own_pages_may_connect(tiny_checkpoint, server, origin, headers, is_welcome):
    address = f"ws://{server.host}/some/where{socket.ADDRESS}"
    site = None if origin is None else origin.format(host=server.host)
    options = {"origin": site, "additional_headers": headers}
    if is_welcome:
        viewer = Viewer(address, **options)
        assert viewer.open("tiny") == {"ready": "tiny"}
        viewer.leave()
    else:
        with pytest.raises(InvalidStatus) as refused:
            Viewer(address, **options)
        assert refused.value.response.status_code == 403


def test_a_friend_of_one_place_is_a_stranger_in_another(server):
    with pytest.raises(InvalidStatus):
        Viewer(f"ws://{server.host}{socket.ADDRESS}", origin="https://friend.example")
