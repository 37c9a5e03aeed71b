"""A mail server that keeps what it is given, refuses what it is told to refuse, and can be stopped and started."""

import socketserver
import threading
import time
from email import message_from_bytes, policy

from tests.activity.serving import Serving


class Conversation(socketserver.StreamRequestHandler):
    """One SMTP connection."""

    def handle(self):
        sink = self.server.sink
        sink.connections += 1
        self.say(220, "sink")
        while line := self.rfile.readline():
            word, _, rest = line.decode().strip().partition(" ")
            answer = getattr(self, f"on_{word.lower()}", None)
            if answer is None:
                self.say(250, "fine")
            elif answer(rest) is False:
                return

    def say(self, code, text):
        self.wfile.write(f"{code} {text}\r\n".encode())

    def on_mail(self, rest):
        self.readers = []
        self.say(250, "fine")

    def on_rcpt(self, rest):
        address = rest.split(":", 1)[1].strip().strip("<>").split(">")[0]
        code, text = self.server.sink.refuse_reader.get(address, (250, "fine"))
        if code == 250:
            self.readers.append(address)
        self.say(code, text)

    def on_data(self, rest):
        sink = self.server.sink
        self.say(354, "go on")
        content = b""
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            content += line[1:] if line.startswith(b"..") else line
        if set(self.readers) & sink.hang_up_on:
            return False
        refusal = next((sink.refuse_content[reader] for reader in self.readers if reader in sink.refuse_content), None)
        if refusal:
            self.say(*refusal)
            return True
        time.sleep(sink.pause)
        sink.keep(self.readers, content)
        self.say(250, "taken")
        return True

    def on_quit(self, rest):
        self.say(221, "bye")
        return False


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class Sink(Serving):
    """Start it, send to `port`, read `taken`: pairs (addresses of the envelope, parsed message)."""

    server_class, conversation = Server, Conversation

    def __init__(self, pause=0.0):
        self.pause = pause  # seconds that it takes before a mail is accepted
        self.taken, self.connections, self.lock = [], 0, threading.Lock()
        self.refuse_reader, self.refuse_content, self.hang_up_on = {}, {}, set()
        self.start()

    def keep(self, readers, content):
        with self.lock:
            self.taken.append((readers, message_from_bytes(content, policy=policy.default)))

    @property
    def readers(self):
        return [reader for readers, _ in self.taken for reader in readers]

    @property
    def message_ids(self):
        return [message["Message-ID"] for _, message in self.taken]
