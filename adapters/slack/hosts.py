"""Recognizes Slack's addresses. Tokens, uploads and private answers go nowhere else, whatever a payload names."""

from urllib.parse import urlsplit

OWN = ("slack.com", "slack-files.com", "slack-gov.com")


def trusted(address: str, api_url: str) -> bool:
    """Whether an address is an HTTPS address of Slack. If the settings name another server (`api_url`, for tests),
    only that host is trusted."""
    try:
        asked, api = urlsplit(address), urlsplit(api_url)
        asked_host, api_host = asked.hostname or "", api.hostname or ""
        _ = asked.port
    except ValueError:
        return False
    if asked.username is not None or asked.password is not None:
        return False
    if _is_slack(api_host):
        return asked.scheme == "https" and asked.port in (None, 443) and _is_slack(asked_host)
    return asked.scheme in ("http", "https") and asked_host == api_host


def _is_slack(host: str) -> bool:
    return any(host == own or host.endswith(f".{own}") for own in OWN)
