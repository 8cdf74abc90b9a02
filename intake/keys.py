"""Public keys of senders' domains (DKIM), asked of DNS by the parent: children that touch foreign bytes stay offline.

Bounded in time, each answer remembered for a while; when DNS is away, so it is for some minutes, and mails are
not held up by it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping

from intake.mail.message import Message
from intake.mail.signed import keys_wanted
from intake.mail.verification import servers_word

SECONDS, SECONDS_A_MAIL = 2.0, 4.0
"""For one question; and how long after the first one of a mail another is still asked."""
REMEMBERED = 3600.0
"""Seconds for which an answer holds."""
PATIENCE, REST = 3, 300.0
"""After so many questions in a row without an answer none is asked for so many seconds."""
MOST = 2000
"""Answers that are remembered."""


class DnsAway(Exception):
    """DNS did not answer, or could not be asked."""


Lookup = Callable[[str], str]
"""A name to the text of its TXT record, "" when there is none; raises DnsAway."""


def ask_dns(name: str) -> str:
    """The first TXT record at `name`, by the resolver of this machine."""
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.resolve(f"{name}.", "TXT", lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ""
    except (dns.exception.DNSException, OSError) as error:
        raise DnsAway(str(error)) from error
    return b"".join(answer[0].strings).decode("ascii", "replace")


class KeyRing:
    """Keys by their names in DNS. Used by several threads at once."""

    def __init__(self, lookup: Lookup, authserv_id: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        """`authserv_id`: the server whose word goes before our own check; `clock`: seconds that only grow."""
        self._lookup, self._authserv_id, self._clock = lookup, authserv_id, clock
        self._lock = threading.Lock()
        self._known: dict[str, tuple[float, str]] = {}
        self._missed, self._rest_until = 0, 0.0

    def of(self, message: Message, *, ask: bool = True) -> Mapping[str, str | None] | None:
        """What `intake.mail.dkim_check` wants of a mail; None when the mailbox's server has checked it already."""
        if servers_word(message.header("authentication-results"), self._authserv_id) is not None:
            return None
        until = self._clock() + SECONDS_A_MAIL
        return {name: self._key(name, until) for name in (keys_wanted(message) if ask else ())}

    def _key(self, name: str, last: float) -> str | None:
        now = self._clock()
        with self._lock:
            until, known = self._known.get(name, (0.0, ""))
            if now < until:
                return known
            if now < self._rest_until or now > last:
                return None
        try:
            found = self._lookup(name)
        except DnsAway:
            with self._lock:
                self._missed += 1
                if self._missed >= PATIENCE:
                    self._missed, self._rest_until = 0, self._clock() + REST
            return None
        with self._lock:
            self._missed = 0
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[name] = (now + REMEMBERED, found)
        return found
