"""A refused sign-in to the mailbox is remembered, and not tried again with the same secret for six hours.

Providers lock an account that signs in wrongly again and again (NetEase: `auth error limit exceed`).
"""

from __future__ import annotations

from datetime import timedelta

from intake.errors import SignInRefused
from intake.mailbox import Account
from scheduler.clock import Clock
from storage import gates
from storage.register import Register

SIGN_IN = "imap sign-in"
AGAIN_AFTER = timedelta(hours=6)


class SigningIn:
    """The gate before one mailbox; only a salted hash of a refused secret is kept."""

    def __init__(self, register: Register, account: Account, clock: Clock) -> None:
        self._register, self._account, self._clock = register, account, clock

    def check(self) -> None:
        """Raise the refusal that still stands; a secret that has changed since opens the gate."""
        with self._register.reading() as tx:
            gate = gates.shut_now(tx, SIGN_IN, self._clock.now())
        if gate is None:
            return
        if gate.secret_hash == self._register.secret_hash(self._account.secret()):
            raise SignInRefused("not tried again with the same secret", sentence=gate.reason)
        with self._register.writing() as tx:
            gates.open_gate(tx, SIGN_IN)

    def remember(self, error: SignInRefused) -> None:
        """Shut the gate after a refusal."""
        now = self._clock.now()
        secret_hash = self._register.secret_hash(self._account.secret())
        with self._register.writing() as tx:
            gates.shut(tx, SIGN_IN, error.sentence, now + AGAIN_AFTER, secret_hash, now=now)
