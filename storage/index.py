"""What a process remembers of the texts that it searches, and how far it has read."""

from threading import Lock
from time import monotonic

from storage.postings import Postings

EVERYTHING = 2**62
"""Above every number of a row."""
OF_SKILLS = (5.0, 0.9)
"""BM25's k1 and b for skills, whose descriptions differ in length: see `docs/decisions.md` on plain sentences."""


class Index:
    """The texts of one database in this process. Whoever changes what is here holds `lock`."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.read_at = monotonic()
        """When this process last read what had changed, by its own clock; when it began, where it never did."""
        self.forget()

    def forget(self) -> None:
        """Nothing was read yet."""
        self.questions: Postings[int] = Postings()
        self.people: Postings[int] = Postings()
        self.skills: Postings[int] = Postings(*OF_SKILLS)
        self.floor: int | None = None
        """Every transaction of PostgreSQL below this number has ended, and was read. None before anything was read."""
        self.last = 0
        """The last row of `search_change` that was read."""
        self.seen: set[int] = set()
        """Rows of transactions above the floor that were read: others of those may be committed later."""
        self.below = {"skill": EVERYTHING, "person": EVERYTHING, "question": EVERYTHING}
        """What is still to be read of what was there at the start, the newest first: the rows below these numbers."""
        self.touched: set[tuple[str, int]] = set()
        """What changed since the start, and is not to be read again as it was then."""

    @property
    def complete(self) -> bool:
        """Whether all that was there at the start is here."""
        return self.floor is not None and not any(self.below.values())

    @property
    def age(self) -> float:
        """Seconds since what had changed was last read."""
        return monotonic() - self.read_at
