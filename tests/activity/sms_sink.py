"""An SMS gateway over HTTP that keeps what it is given, refuses what it is told to, and can be slow or stopped."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.activity.serving import Serving


class Conversation(BaseHTTPRequestHandler):
    def do_POST(self):
        sink = self.server.sink
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        sink.asked.append((dict(self.headers), self.path, content))
        status = sink.answers.get(content["to"], sink.answer)
        if status < 300:
            sink.taken.append(content)
        time.sleep(sink.pause)
        if status == 0:  # taken, and hung up before it could say so
            sink.taken.append(content)
            self.close_connection = True
            self.connection.close()
            return
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        """A client that has gone is what some tests are about."""


class SmsSink(Serving):
    """Start it, send to `url`, read `taken`: what the gateway accepted, as it came."""

    server_class, conversation = Server, Conversation

    def __init__(self):
        self.taken, self.asked = [], []
        self.answer, self.answers, self.pause = 202, {}, 0.0
        self.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/send"
