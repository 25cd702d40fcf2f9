"""nginx in front of Parley, with the site that we ship; without TLS, which the load generator does not speak."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from bench.machine import LOCALHOST, ROOT, Process, free_port, install

AROUND = """
{user}
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log;
worker_processes auto;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    client_body_temp_path {directory}/bodies;
    proxy_temp_path {directory}/proxied;
    include {directory}/site.conf;
}}
"""


class Nginx:
    """On `port`, until `end`. `serving` and `uploads` are the ports of two processes of Parley."""

    def __init__(self, directory: Path, *, serving: int, uploads: int) -> None:
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        if not program and not install("nginx"):
            raise RuntimeError("The bench needs nginx:  sudo apt-get install -y nginx")
        self.port = free_port()
        directory.mkdir(exist_ok=True)
        user = "user root;" if os.getuid() == 0 else ""
        (directory / "nginx.conf").write_text(AROUND.format(user=user, directory=directory))
        shipped = (ROOT / "nginx" / "parley.conf").read_text()
        (directory / "site.conf").write_text(site(shipped, self.port, serving=serving, uploads=uploads))
        command = [program or "/usr/sbin/nginx", "-c", str(directory / "nginx.conf"), "-g", "daemon off;"]
        self.process = Process(command, log=directory / "nginx.log", directory=directory)
        self.process.listens(self.port)

    def end(self) -> None:
        self.process.end()


def site(shipped: str, port: int, *, serving: int, uploads: int) -> str:
    """Of its servers only the one that people reach."""
    around, *_, server = re.split(r"^server (?=\{$)", shipped, flags=re.MULTILINE)
    around = around.replace(f"{LOCALHOST}:8000", f"{LOCALHOST}:{serving}")
    around = around.replace(f"{LOCALHOST}:8009", f"{LOCALHOST}:{uploads}")
    server = re.sub(r"^ *(listen|ssl_\w+|server_name) [^;]*;\n", "", server, flags=re.MULTILINE)
    return f"{around}server {server.replace('{', f'{{ listen {LOCALHOST}:{port};', 1)}"
