"""A server in a thread of its own that a test starts, stops and starts again at the same port."""

import threading


class Serving:
    """Knows its `port`; each conversation finds this object as `server.sink`."""

    server_class, conversation = None, None
    port = 0

    def start(self):
        self.server = self.server_class(("127.0.0.1", self.port), self.conversation)
        self.server.sink = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
