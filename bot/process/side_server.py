"""The HTTP server of the doors that are not Slack's: a thread for each request, on an IPv4 or IPv6 address."""

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SideServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, place: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        """Raises OSError for a port in use."""
        self.address_family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        super().__init__(place, handler)
