"""Certificates for servers on loopback, from an authority made for one test run."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inbox import clock


@dataclass(frozen=True, slots=True)
class Pair:
    """PEM files of one certificate and its key."""

    certificate: Path
    key: Path


class Authority:
    """Signs what it is asked to; `file` goes into SSL_CERT_FILE."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        self.file = folder / "authority.pem"
        built = _builder(self._name, self._key, days=1).issuer_name(self._name)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file.write_bytes(_pem(built.sign(self._key, hashes.SHA256())))

    def issue(self, *names: str, days: int = 1) -> Pair:
        """A certificate for these host names or addresses; negative `days` has expired."""
        return self._write(names, days, self._name, self._key)

    def self_signed(self, *names: str) -> Pair:
        return self._write(names, 1, None, None)

    def _write(self, names, days, issuer, issuer_key) -> Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
        built = _builder(subject, key, days=days).issuer_name(issuer or subject)
        built = built.add_extension(
            x509.SubjectAlternativeName([_alternative(name) for name in names]), critical=False
        )
        stem = f"{names[0]}{days}{'' if issuer else 'self'}"
        pair = Pair(self._folder / f"{stem}.pem", self._folder / f"{stem}.key")
        pair.certificate.write_bytes(_pem(built.sign(issuer_key or key, hashes.SHA256())))
        pair.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return pair


def _builder(subject, key, *, days):
    today = clock.now()
    until = today + timedelta(days=days)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(today, until) - timedelta(days=1))
        .not_valid_after(until)
    )


def _alternative(name):
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)
