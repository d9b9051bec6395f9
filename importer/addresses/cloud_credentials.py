"""The clouds' credentials and endpoints, from the variables and files that their own tools read.

What is missing is told at once: the clouds' libraries would ask this machine's metadata service for minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from importer.errors import UsageError

_AWS_SIGNS = (
    "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)  # fmt: skip
_GOOGLE_SIGNS = ("GOOGLE_APPLICATION_CREDENTIALS", "STORAGE_EMULATOR_HOST")
_AZURE_SIGNS = (
    "AZURE_STORAGE_ACCOUNT_KEY", "AZURE_STORAGE_SAS_TOKEN", "AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE",
    "IDENTITY_ENDPOINT", "MSI_ENDPOINT",
)  # fmt: skip
_METADATA = ("169.254.169.254", 80)
"""Where a machine in any of the three clouds can ask who it is, and how it asks."""
_AMAZON = ("PUT", "/latest/api/token", ("X-aws-ec2-metadata-token-ttl-seconds", "60"))
_GOOGLE = ("GET", "/computeMetadata/v1/instance/", ("Metadata-Flavor", "Google"))
_AZURE = ("GET", "/metadata/instance?api-version=2021-02-01", ("Metadata", "true"))


def s3_options(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what S3FileSystem needs: region, endpoint, and the keys where the environment holds them.

    UsageError: there are no credentials, neither in the environment nor in ~/.aws nor from the machine itself.
    """
    endpoint = environ.get("AWS_ENDPOINT_URL_S3") or environ.get("AWS_ENDPOINT_URL")
    home = Path(environ.get("HOME") or Path.home())
    files = [
        Path(environ.get("AWS_SHARED_CREDENTIALS_FILE") or home / ".aws" / "credentials"),
        Path(environ.get("AWS_CONFIG_FILE") or home / ".aws" / "config"),
    ]
    asks_machine = not endpoint and environ.get("AWS_EC2_METADATA_DISABLED", "").lower() != "true"
    if not (_any(environ, _AWS_SIGNS) or any(map(Path.is_file, files)) or (asks_machine and _is_in_cloud(*_AMAZON))):
        message = (
            "There are no credentials for s3://: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, "
            "or run `aws configure`."
        )
        raise UsageError(message)
    options: dict[str, Any] = {}
    if environ.get("AWS_ACCESS_KEY_ID"):
        if not environ.get("AWS_SECRET_ACCESS_KEY"):
            message = "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not; set both."
            raise UsageError(message)
        options = {
            "access_key": environ["AWS_ACCESS_KEY_ID"],
            "secret_key": environ["AWS_SECRET_ACCESS_KEY"],
            "session_token": environ.get("AWS_SESSION_TOKEN") or None,
        }
    if region := environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION"):
        options["region"] = region
    if endpoint:
        parts = urlsplit(endpoint if "://" in endpoint else f"https://{endpoint}")
        options |= {"endpoint_override": parts.netloc + parts.path.rstrip("/"), "scheme": parts.scheme}
    return options


def google_options(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what GcsFileSystem needs. UsageError: there are no credentials."""
    home = Path(environ.get("HOME") or Path.home())
    known = home / ".config" / "gcloud" / "application_default_credentials.json"
    if not (_any(environ, _GOOGLE_SIGNS) or known.is_file() or _is_in_cloud(*_GOOGLE)):
        message = (
            "There are no credentials for gs://: name a key file in GOOGLE_APPLICATION_CREDENTIALS, or run "
            "`gcloud auth application-default login`."
        )
        raise UsageError(message)
    options: dict[str, Any] = {"retry_time_limit": timedelta(seconds=10)}
    if host := environ.get("STORAGE_EMULATOR_HOST"):
        parts = urlsplit(host if "://" in host else f"http://{host}")
        options |= {"endpoint_override": parts.netloc, "scheme": parts.scheme, "anonymous": True}
    return options


def azure_options(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what AzureFileSystem needs. UsageError: no account, or no credentials."""
    account = environ.get("AZURE_STORAGE_ACCOUNT_NAME")
    if not account:
        message = "az:// needs the storage account's name: set AZURE_STORAGE_ACCOUNT_NAME in the environment."
        raise UsageError(message)
    home = Path(environ.get("HOME") or Path.home())
    if not (_any(environ, _AZURE_SIGNS) or (home / ".azure").is_dir() or _is_in_cloud(*_AZURE)):
        message = (
            "There are no credentials for az://: set AZURE_STORAGE_ACCOUNT_KEY in the environment, or run `az login`."
        )
        raise UsageError(message)
    options: dict[str, Any] = {"account_name": account}
    if key := environ.get("AZURE_STORAGE_ACCOUNT_KEY"):
        options["account_key"] = key
    elif token := environ.get("AZURE_STORAGE_SAS_TOKEN"):
        options["sas_token"] = token
    if endpoint := environ.get("AZURE_STORAGE_BLOB_ENDPOINT"):  # an emulator, such as Azurite
        parts = urlsplit(endpoint)
        options |= {"blob_storage_authority": parts.netloc, "blob_storage_scheme": parts.scheme}
        options |= {"dfs_storage_authority": parts.netloc, "dfs_storage_scheme": parts.scheme}
    return options


def _any(environ: Mapping[str, str], names: tuple[str, ...]) -> bool:
    return any(environ.get(name) for name in names)


def _is_in_cloud(method: str, path: str, header: tuple[str, str]) -> bool:
    """Tell whether this machine has a cloud's metadata service, from which credentials may come.

    Its answer is looked at, not the connection: some networks take connections to every address.
    """
    service = HTTPConnection(*_METADATA, timeout=1)
    try:
        service.request(method, path, headers=dict([header]))
        return service.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        service.close()
