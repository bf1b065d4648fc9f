"""How many requests one client may make: a bucket for each, in the memory of each server process."""

from collections import OrderedDict
from math import ceil
from threading import Lock
from time import monotonic

MINUTE_S = 60
MOST_CLIENTS = 20_000  # a few megabytes; beyond them whoever has been quiet longest begins anew


class Throttle:
    """Lets each client make so many requests at once, and as many again in a minute; 0: any number.

    A bucket is one number, the moment at which it would be full again. Nothing is shared between processes: with two
    of them a client gets up to twice as much.
    """

    def __init__(self, per_minute: int) -> None:
        self.interval_s = MINUTE_S / per_minute if per_minute else 0.0
        self.full_at: OrderedDict[str, float] = OrderedDict()
        self.lock = Lock()

    def wait_s(self, client: str) -> int:
        """0 when the client's request may be answered, which it then has used; else the whole seconds to wait."""
        if not self.interval_s:
            return 0
        now = monotonic()
        with self.lock:
            full_at = max(self.full_at.get(client, now), now) + self.interval_s
            if full_at - now > MINUTE_S:
                return ceil(full_at - now - MINUTE_S)
            self.full_at[client] = full_at
            self.full_at.move_to_end(client)
            if len(self.full_at) > MOST_CLIENTS:
                self.full_at.popitem(last=False)
        return 0
