"""The web server in front of two nodes, with the rules of the README's nginx configuration."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

NOT_PASSED_ON = {"connection", "transfer-encoding", "content-length", "server", "date"}


@dataclass
class Served:
    method: str
    path: str
    node: int  # -1: none of them
    status: int


@dataclass
class Proxy:
    """Asks the nodes in turn. One that refuses the connection is left out; a request that was cut off goes to the other
    node when it may come twice: pages that are only read, and the customers' own.
    """

    ports: list[int]
    retries: bool = True
    pinned: int | None = None
    after_reply: Callable[[int], None] | None = None  # called once instead of passing a reply on
    served: list[Served] = field(default_factory=list)
    turn: int = 0

    def __post_init__(self) -> None:
        self.lock = threading.Lock()
        handler = type("Handler", (Handler,), {"proxy": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.server.daemon_threads = True
        self.port: int = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    def order(self) -> Iterator[int]:
        with self.lock:
            self.turn += 1
            first = self.turn % len(self.ports) if self.pinned is None else self.pinned
        yield first
        if self.retries:
            yield from (number for number in range(len(self.ports)) if number != first)

    def failures(self) -> list[Served]:
        return [each for each in self.served if each.status >= 500]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Handler(BaseHTTPRequestHandler):
    """One request of a visitor."""

    proxy: Proxy
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        node, status, headers, content = self._ask(body)
        self.proxy.served.append(Served(self.command, self.path, node, status))
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_HEAD = do_GET

    def _ask(self, body: bytes) -> tuple[int, int, list[tuple[str, str]], bytes]:
        for node in self.proxy.order():
            line = http.client.HTTPConnection("127.0.0.1", self.proxy.ports[node], timeout=30)
            try:
                line.connect()
            except OSError:
                continue  # nothing was sent: the other one may have it
            try:
                return (node, *self._through(line, node, body))
            except (OSError, http.client.HTTPException):
                if self.command == "POST" and not self.path.startswith(("/a/", "/u/")):
                    break
            finally:
                line.close()
        return -1, 502, [], b""

    def _through(self, line: http.client.HTTPConnection, node: int, body: bytes) -> tuple:
        headers = {
            **{name: value for name, value in self.headers.items() if name.lower() not in NOT_PASSED_ON},
            "Content-Length": str(len(body)),
            "Connection": "close",
            "X-Forwarded-For": self.client_address[0],
            "X-Forwarded-Proto": "https",
        }
        line.request(self.command, self.path, body=body, headers=headers)
        answer = line.getresponse()
        content = answer.read()
        cut, self.proxy.after_reply = self.proxy.after_reply, None
        if cut is not None:
            cut(node)
            raise ConnectionResetError
        passed_on = [(name, value) for name, value in answer.getheaders() if name.lower() not in NOT_PASSED_ON]
        return answer.status, passed_on, content

    def log_message(self, *_: object) -> None:
        """Says nothing."""
