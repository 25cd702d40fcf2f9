"""nginx with the very file that we ship; only names, ports and the certificate are others."""

from __future__ import annotations

import os
import re
import ssl
import subprocess
from pathlib import Path

from tests.faults.services import LOCALHOST, ROOT, Part, free_port

NAME = "localhost"
AROUND = """
{user}
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {directory}/bodies;
    proxy_temp_path {directory}/proxied;
    include {directory}/parley.conf;
}}
"""


class Nginx(Part):
    """`port` speaks TLS, `plain_port` sends people there."""

    def __init__(self, directory: Path, upstream: list[int], *, uploads: int = 0) -> None:
        super().__init__(directory)
        self.upstream, self.uploads, self.plain_port = upstream, uploads or upstream[0], free_port()
        self.files = directory / "data" / "files" / "kept"
        self.certificate, self.key = directory / "nginx.pem", directory / "nginx.key"
        make_certificate(self.certificate, self.key)
        user = "user root;" if os.getuid() == 0 else ""
        (directory / "nginx.conf").write_text(AROUND.format(user=user, directory=directory))
        (directory / "parley.conf").write_text(self._adapted())

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def command(self) -> list[str]:
        return ["nginx", "-c", str(self.directory / "nginx.conf"), "-g", "daemon off;"]

    def _adapted(self) -> str:
        first, second = self.upstream
        changes = {
            r"\n *listen \[::\][^\n]*": "",
            r"listen 80;": f"listen {LOCALHOST}:{self.plain_port};",
            r"listen 443 ": f"listen {LOCALHOST}:{self.port} ",
            r"chat\.example": NAME,
            r"server 127\.0\.0\.1:8000\b": f"server {LOCALHOST}:{first}",
            r"# server 127\.0\.0\.1:8001\b": f"server {LOCALHOST}:{second}",
            r"server 127\.0\.0\.1:8009\b": f"server {LOCALHOST}:{self.uploads}",
            r"/srv/parley/kept/": f"{self.files}/",
            r"ssl_certificate [^;]*": f"ssl_certificate {self.certificate}",
            r"ssl_certificate_key [^;]*": f"ssl_certificate_key {self.key}",
        }
        ours = (ROOT / "nginx" / "parley.conf").read_text()
        for pattern, replacement in changes.items():
            ours, number = re.subn(pattern, replacement, ours)
            assert number, f"nginx/parley.conf has no {pattern}"
        return ours


def make_certificate(certificate: Path, key: Path) -> None:
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(["openssl", "req", *kind, *names, *files], check=True, capture_output=True)  # noqa: S607
