"""Networks and sockets."""

import fcntl
import os
import socket
import struct

from .trying import WORLD, attempt, harmless


@harmless
def connect_to_a_port_of_the_grader():
    with socket.create_connection(("127.0.0.1", WORLD["tcp"]), timeout=1):
        return True


@harmless
def send_a_datagram_to_the_grader():
    """Sending may seem to work; the grader looks whether anything came."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(b"hello", ("127.0.0.1", WORLD["udp"]))
        sock.settimeout(0.5)
        return sock.recv(10) == b"you too"


@attempt
def connect_to_the_internet():
    with socket.create_connection(("1.1.1.1", 53), timeout=1):
        return True


@attempt
def connect_by_ipv6():
    with socket.create_connection(("::1", WORLD["tcp"]), timeout=1):
        return True


@attempt
def ask_for_a_name():
    return socket.getaddrinfo("example.org", 80)


@harmless
def connect_to_an_abstract_socket():
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("\0" + WORLD["abstract"])
        return True


@harmless
def connect_to_a_socket_in_the_files():
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(WORLD["unix"])
        return True


@harmless
def connect_to_another_kernel():
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(WORLD["other_kernel"])
        return True


@attempt
def connect_to_a_kernel_by_its_own_sockets_name():
    """The name that our listening sockets carry says where others lie; it must lead nowhere."""
    for fd in map(int, os.listdir("/proc/self/fd")):
        try:
            name = socket.socket(fileno=os.dup(fd)).getsockname()
        except OSError:
            continue
        if isinstance(name, str) and name and os.path.exists(name):
            return name
    return None


@attempt
def reach_the_host_of_this_virtual_machine():
    with socket.socket(40, socket.SOCK_STREAM):  # AF_VSOCK: no namespace holds it
        return True


@attempt
def open_a_raw_socket():
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW):
        return True


@attempt
def use_the_kernels_ciphers():
    with socket.socket(38, socket.SOCK_SEQPACKET):  # AF_ALG
        return True


@attempt
def listen_to_the_kernels_audit():
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 9):
        return True


@attempt
def see_a_network():
    return [name for _, name in socket.if_nameindex() if name != "lo"]


@attempt
def ask_an_inherited_socket_for_the_machines_networks():
    """A socket remembers the network in which it was made."""
    for fd in map(int, os.listdir("/proc/self/fd")):
        try:
            answer = fcntl.ioctl(fd, 0x8912, struct.pack("iP", 0, 0))  # SIOCGIFCONF
        except OSError:
            continue
        if struct.unpack("iP", answer)[0] > 40:  # more than lo
            return fd
    return None
