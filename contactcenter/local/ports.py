"""Free TCP ports on the loopback address."""

import socket
from collections.abc import Collection

from contactcenter.local.errors import LocalError

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Whether nobody listens there. Ports of connections that just ended count as free, as they do for servers."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def first_free(wanted: int, spoken_for: Collection[int] = ()) -> int:
    """`wanted`, or the next port up that is free and not spoken for. Raises LocalError when a hundred are taken."""
    for port in range(wanted, min(wanted + 100, 65536)):
        if port not in spoken_for and is_free(port):
            return port
    raise LocalError(f"ports {wanted} to {min(wanted + 99, 65535)} are all taken; choose another one")


def any_free() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
