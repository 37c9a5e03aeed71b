"""An SMS gateway over HTTP that keeps what it is given, refuses what it is told to, and can be slow or stopped."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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


class SmsSink:
    """Start it, send to `url`, read `taken`: what the gateway accepted, as it came."""

    def __init__(self):
        self.taken, self.asked = [], []
        self.answer, self.answers, self.pause = 202, {}, 0.0
        self.port = 0
        self.start()

    def start(self):
        self.server = Server(("127.0.0.1", self.port), Conversation)
        self.server.sink = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/send"
