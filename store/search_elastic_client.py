"""The connection to Elasticsearch, as the settings have it."""

from typing import Any

from elasticsearch import Elasticsearch

from config.settings import SearchSettings
from store.secrets import read_secret


def elastic_client(settings: SearchSettings) -> Elasticsearch:
    """A client for the cluster of the settings; it connects when first asked for something.

    Over HTTPS the server's certificate is always checked. Raises `StoreError` when a secret cannot be read.
    """
    options: dict[str, Any] = {"request_timeout": settings.timeout_seconds, "retry_on_timeout": False}
    if settings.api_key_file:
        options["api_key"] = read_secret(settings.api_key_file)
    if settings.user:
        options["basic_auth"] = (settings.user, read_secret(settings.password_file))
    if settings.ca_file:
        options["ca_certs"] = settings.ca_file
    return Elasticsearch(settings.url.split(), **options)
