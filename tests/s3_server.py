"""A real S3 server on this machine: moto's, in a process of its own, with one bucket."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import pytest

BUCKET = "till-exports"
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIAMADEUP",
    "AWS_SECRET_ACCESS_KEY": "made-up-secret",
    "AWS_DEFAULT_REGION": "eu-central-1",
}


@dataclass(frozen=True)
class S3Server:
    """A running server. port: on 127.0.0.1."""

    port: int

    def environ(self, port: int | None = None) -> dict[str, str]:
        """What a user sets for it, or for a proxy before it."""
        return KEYS | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port or self.port}"}

    def put(self, key: str, content: bytes) -> None:
        self._client().put_object(Bucket=BUCKET, Key=key, Body=content)

    def get(self, key: str) -> bytes:
        return self._client().get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def names(self) -> list[str]:
        """The files of the bucket; not the empty objects that stand for folders."""
        found = self._client().list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [one["Key"] for one in found if not one["Key"].endswith("/")]

    def remove(self, key: str) -> None:
        self._client().delete_object(Bucket=BUCKET, Key=key)

    def empty(self) -> None:
        for one in self._client().list_objects_v2(Bucket=BUCKET).get("Contents", []):
            self.remove(one["Key"])

    def make_bucket(self) -> None:
        place = {"LocationConstraint": KEYS["AWS_DEFAULT_REGION"]}
        self._client().create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)

    def _client(self):
        import boto3

        return boto3.client(
            "s3",
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
            region_name=KEYS["AWS_DEFAULT_REGION"],
            endpoint_url=f"http://127.0.0.1:{self.port}",
        )


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    pytest.importorskip("moto", reason="moto is not installed (the extra dev brings it)")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        server = S3Server(port)
        server.make_bucket()
        yield server
    finally:
        process.kill()
        process.wait()
