"""A client of a Restwave server in plain Python, to show how little the protocol asks: JSON objects in WebSocket text frames.

    pip install websockets            # or, on Debian: apt-get install python3-websockets
    npm start                         # the quickstart, in another terminal
    python3 examples/python/client.py ws://localhost:8000/ws/
"""

import asyncio
import itertools
import json
import sys

import websockets


class ApiError(Exception):
    """What the server refused: its status, and messages or messages by field."""

    def __init__(self, status, errors):
        super().__init__(f"{status}: {json.dumps(errors)}")
        self.status = status
        self.errors = errors


class Client:
    """Sends requests, and hands each answer or event to whoever has the request's id."""

    def __init__(self, socket):
        self._socket = socket
        self._ids = itertools.count(1)
        self._frames = {}  # request id to a queue of the frames that came for it
        self._reader = asyncio.ensure_future(self._read())

    async def call(self, action, **arguments):
        """One request and its answer."""
        request_id, frames = await self._send(action, arguments)
        try:
            return self._data(await frames.get())
        finally:
            del self._frames[request_id]

    async def subscribe(self, action, **arguments):
        """A subscription: yields ("reset", all of it), then (what happened, the row) for each change."""
        request_id, frames = await self._send(action, arguments)
        try:
            yield "reset", self._data(await frames.get())
            while True:
                event = await frames.get()
                yield event["action"], self._data(event)
        finally:
            del self._frames[request_id]

    async def close(self):
        self._reader.cancel()
        await self._socket.close()

    async def _send(self, action, arguments):
        request_id, frames = next(self._ids), asyncio.Queue()
        self._frames[request_id] = frames
        await self._socket.send(json.dumps({**arguments, "action": action, "request_id": request_id}))
        return request_id, frames

    async def _read(self):
        async for text in self._socket:
            frame = json.loads(text)
            if frame["request_id"] in self._frames:
                self._frames[frame["request_id"]].put_nowait(frame)

    @staticmethod
    def _data(frame):
        if frame["errors"]:
            raise ApiError(frame["response_status"], frame["errors"])
        return frame["data"]


async def main(url):
    client = Client(await websockets.connect(url))
    print("list    ", [user["username"] for user in await client.call("list")])
    user = await client.call("create", data={"username": "python", "password": "a long secret"})
    print("create  ", user)
    print("patch   ", await client.call("patch", pk=user["id"], data={"email": "python@example.com"}))
    print("retrieve", await client.call("retrieve", pk=user["id"]))
    try:
        await client.call("create", data={"username": ""})
    except ApiError as error:
        print("refused ", error)
    print("delete  ", await client.call("delete", pk=user["id"]))
    await client.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "ws://localhost:8000/ws/"))
