"""Tokens of workspaces and tenants, kept encrypted (Fernet: AES-128-CBC and HMAC-SHA256, cryptography.io/fernet)."""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class WrongKey(Exception):
    """This was encrypted with a key that is not among the ones given. Add the earlier key after the new one."""


class Vault:
    """Encrypts with the first of its comma-separated keys and decrypts with any: that is how a key is replaced."""

    def __init__(self, key: str) -> None:
        keys = [part.strip() for part in key.split(",") if part.strip()]
        if not keys:
            raise ValueError("There is no encryption key")
        try:
            self._keys = MultiFernet([Fernet(one) for one in keys])
        except ValueError:
            raise ValueError("An encryption key is 44 letters, digits, - and _, ending in =") from None

    def __repr__(self) -> str:
        return "Vault(…)"

    def encrypt(self, secret: str) -> str:
        """The secret as it may be stored: letters, digits, - and _, different each time. An empty one stays empty."""
        return self._keys.encrypt(secret.encode()).decode("ascii") if secret else ""

    def decrypt(self, stored: str) -> str:
        """The secret again. Raises WrongKey where it was changed, or none of the keys made it."""
        if not stored:
            return ""
        try:
            return self._keys.decrypt(stored.encode()).decode()
        except InvalidToken:
            raise WrongKey("A stored token was encrypted with another key: add that key after the new one") from None

    def renew(self, stored: str) -> str:
        """The same secret under the first key, so that an earlier key can be taken away. Raises WrongKey."""
        return self.encrypt(self.decrypt(stored))


def new_key() -> str:
    """A fresh key: 256 bits from the operating system."""
    return Fernet.generate_key().decode("ascii")
