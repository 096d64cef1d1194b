"""Short names for what has no id: stable as long as it says the same."""

from hashlib import sha256


def fingerprint(said: object, digits: int = 12) -> str:
    """The first hexadecimal digits of the digest of a text, or of a value's `repr`. What is stored under one keeps its
    number of digits."""
    return sha256((said if isinstance(said, str) else repr(said)).encode()).hexdigest()[:digits]
