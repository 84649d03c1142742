"""How a simulated host speaks TLS: with papers that nobody vouches for, breaking off, or not at all."""

from __future__ import annotations

import socket
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from crawler.demo.simulation import Tls

_BROKEN_OFF = b"\x15\x03\x03\x00\x02\x02\x28"           # alert: fatal, handshake failure


def spoken(client: socket.socket, tls: Tls) -> socket.socket:
    """The connection as the host speaks on it. Raises OSError when it ends there."""
    if tls == "none":
        return client
    if tls == "breaks-off":
        client.recv(65_536)
        client.sendall(_BROKEN_OFF)
        raise ConnectionAbortedError
    return _stranger().wrap_socket(client, server_side=True)


@cache
def _stranger() -> ssl.SSLContext:
    """The context of a server whose certificate it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    start = datetime.now(UTC) - timedelta(days=1)
    paper = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
             .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + timedelta(days=30))
             .sign(key, hashes.SHA256()))
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "server.pem"
        path.write_bytes(secret + paper.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)
    return context
