"""Which network addresses are the outside world's and which are ours: the guard against being sent to ourselves."""

import ipaddress
import socket

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


class ForbiddenAddress(ValueError):
    """The host is, or leads to, an address inside our own networks, or cannot be one."""


class UnknownHost(OSError):
    """The name does not resolve now."""


def is_public(address: Address) -> bool:
    """Whether the address is one of the outside world, looked at through every way of wrapping IPv4 in IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
    return address.is_global and not address.is_multicast and not address.is_reserved


def public_address(host: str, port: int, *, by_name: bool = False) -> str:
    """An address of the host that may be connected to; connect to this very address, for the name may change its mind.

    Who connects `by_name` all the same may be led to any of its addresses, so that none may be ours.

    The resolver itself reads 0x7f.1, 2130706433 and the like, so whatever form was given, its result is judged. Hosts
    in OUTBOUND_PRIVATE_HOSTS are allowed as they are. Raises ForbiddenAddress, UnknownHost.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise ForbiddenAddress(f"{host!r} is not a host name") from None
    except OSError as error:
        raise UnknownHost(f"{host} is not known: {error}") from error
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    if host.lower().rstrip(".") in map(str.lower, settings.OUTBOUND_PRIVATE_HOSTS):
        return addresses[0]
    if by_name and not all(is_public(ipaddress.ip_address(address)) for address in addresses):
        raise ForbiddenAddress(f"{host} lies in a private network")
    for address in addresses:
        if is_public(ipaddress.ip_address(address)):
            return address
    raise ForbiddenAddress(f"{host} lies in a private network")
