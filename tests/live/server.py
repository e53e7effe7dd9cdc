"""A real server, as Streamlit runs one: uvicorn with the same implementation of WebSockets."""

from __future__ import annotations

import socket
import threading
import time

import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

PATIENCE_SECONDS = 20


class Server:
    """uvicorn in a thread, on a free port."""

    def __init__(self, routes: list[BaseRoute]) -> None:
        app = Starlette(routes=routes)
        config = uvicorn.Config(
            app, ws="websockets-sansio", ws_per_message_deflate=False, log_config=None, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        listening = socket.create_server(("127.0.0.1", 0))
        self.host = f"127.0.0.1:{listening.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, name="server")
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=PATIENCE_SECONDS)
        assert not self._thread.is_alive()
