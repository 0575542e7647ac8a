"""The connection to Elasticsearch, as the settings have it."""

from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch

from config.settings import SearchSettings
from domain.errors import StoreError


def elastic_client(settings: SearchSettings) -> Elasticsearch:
    """A client for the cluster of the settings; it connects when first asked for something.

    Over HTTPS the server's certificate is always checked. Raises `StoreError` when a secret cannot be read.
    """
    options: dict[str, Any] = {"request_timeout": settings.timeout_seconds, "retry_on_timeout": False}
    if settings.api_key_file:
        options["api_key"] = _secret(settings.api_key_file)
    if settings.user:
        options["basic_auth"] = (settings.user, _secret(settings.password_file))
    if settings.ca_file:
        options["ca_certs"] = settings.ca_file
    return Elasticsearch(settings.url.split(), **options)


def _secret(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        problem = f"The secret {file} cannot be read ({error.strerror})."
        raise StoreError(problem, "Correct its path or its permissions; see [search] in the settings.") from error
