"""Certificates and TLS servers for tests, on loopback, with a certificate authority of the test's own."""

from __future__ import annotations

import base64
import ipaddress
import socket
import ssl
import struct
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

P256 = 0x0017
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

#: 1024 bits, the second Oakley group (RFC 2409, 6.2): what old servers exchange keys with, and OpenSSL refuses by default
OAKLEY = bytes.fromhex(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08"
    "798E3404DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637"
    "ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF")


@dataclass(frozen=True)
class Papers:
    """An authority's certificate and a server's chain, as files. The environment variable SSL_CERT_FILE makes it trusted."""

    authority: Path
    server: Path


def papers(folder: Path, host: str, trusted_for: str = "", server_key: Key | None = None) -> Papers:
    """Papers for a server at `host`; `trusted_for` another name makes a certificate that does not fit."""
    key = ec.generate_private_key(ec.SECP256R1())
    server_key = server_key or ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
    root = _certificate(name, name, key).add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    address = x509.IPAddress(ipaddress.ip_address(trusted_for or host))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "server")])
    leaf = _certificate(subject, name, server_key).add_extension(
        x509.SubjectAlternativeName([address]), False).sign(key, hashes.SHA256())
    found = Papers(folder / f"authority-{host}.pem", folder / f"server-{host}.pem")
    found.authority.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    found.server.write_bytes(server_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + leaf.public_bytes(serialization.Encoding.PEM))
    return found


def _certificate(subject: x509.Name, issuer: x509.Name, key: Key) -> x509.CertificateBuilder:
    start = datetime.now(UTC) - timedelta(days=1)
    return (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + timedelta(days=30)))


class TlsFront:
    """Stands before a plain server and speaks TLS for it; `only_p256` breaks off when a client offers any other curve.

    An `old` one exchanges keys of 1024 bits only, for which its certificate must be one of RSA.
    """

    def __init__(self, certificate: Path, host: str, behind: tuple[str, int], only_p256: bool = False,
                 old: bool = False) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if old:
            grow_old(self.context, certificate.with_name("dh.pem"))
        self.context.load_cert_chain(certificate)
        self.behind = behind
        self.only_p256 = only_p256
        self.offers: list[list[int]] = []
        self.socket = socket.create_server((host, 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self) -> TlsFront:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client:
            groups = curves(_hello(client))
            self.offers.append(groups)
            if self.only_p256 and groups != [P256]:
                client.recv(65_536)
                client.sendall(b"\x15\x03\x03\x00\x02\x02\x28")          # alert: fatal, handshake failure
                return
            try:
                with (self.context.wrap_socket(client, server_side=True) as speaking,
                      socket.create_connection(self.behind) as plain):
                    _pump(speaking, plain)
            except OSError:
                return


def grow_old(context: ssl.SSLContext, parameters: Path) -> None:
    """Let a server exchange keys by Diffie and Hellman with 1024 bits and by nothing else."""
    numbers = b"\x30\x81\x87\x02\x81\x81\0" + OAKLEY + b"\x02\x01\x02"          # DER of PKCS #3: a prime, and 2
    told = base64.encodebytes(numbers).decode()
    parameters.write_text(f"-----BEGIN DH PARAMETERS-----\n{told}-----END DH PARAMETERS-----\n")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE:@SECLEVEL=0")
    context.load_dh_params(parameters)


def _pump(speaking: ssl.SSLSocket, plain: socket.socket) -> None:
    back = threading.Thread(target=_copy, args=(plain, speaking), daemon=True)
    back.start()
    _copy(speaking, plain)
    back.join(5)


def _copy(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        return


def _hello(client: socket.socket) -> bytes:
    """The ClientHello, looked at and left where it is."""
    while True:
        seen = client.recv(65_536, socket.MSG_PEEK)
        if not seen or len(seen) >= 5 + struct.unpack(">H", seen[3:5])[0]:
            return seen


def curves(hello: bytes) -> list[int]:
    """The groups a ClientHello offers (its extension 10)."""
    at = 5 + 4 + 2 + 32
    at += 1 + hello[at]
    at += 2 + struct.unpack(">H", hello[at:at + 2])[0]
    at += 1 + hello[at] + 2
    while at + 4 <= len(hello):
        kind, size = struct.unpack(">HH", hello[at:at + 4])
        if kind == 10:
            return list(struct.unpack(f">{(size - 2) // 2}H", hello[at + 6:at + 4 + size]))
        at += 4 + size
    return []
