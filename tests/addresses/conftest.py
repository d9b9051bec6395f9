"""Real servers, shared by the tests of addresses."""

from s3_server import s3_server
from web_server import web_server

__all__ = ["s3_server", "web_server"]
