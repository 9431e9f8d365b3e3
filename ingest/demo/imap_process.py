"""The demo's IMAP server as a process of its own: pymap's in-memory backend on loopback.

Run as a file. The first line on stdin is a JSON object of
{user: password}; the port is printed on stdout. It ends when stdin does: the pipe breaks when the
app dies, however it dies, so no server is left behind.
"""

import asyncio
import json
import sys
from argparse import Namespace

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import Config, Login
from pymap.imap import IMAPServer
from pymap.user import Passwords, UserMetadata


async def serve(accounts: dict[str, str]) -> None:
    """Serve the accounts on a free port of the loopback address until stdin ends."""
    config = Config(
        Namespace(passlib_cfg=None, proxy_protocol=None),
        host="127.0.0.1",
        port=0,
        tls_enabled=False,
        secure_auth=False,
        demo_data=False,
        demo_user="",
        demo_password="",
    )
    config.apply_context()
    login = Login(config)
    for user, password in accounts.items():
        hashed = await Passwords(config).hash_password(password)
        login.users_dict[user] = UserMetadata(config, user, password=hashed)
    speak = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(login, config))
    server = await asyncio.start_server(speak, host="127.0.0.1", port=0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(json.loads(sys.stdin.readline())))
