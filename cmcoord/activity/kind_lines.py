"""What is said of a kind of event, and of what a reader is asked to do? The lines of the tables in kinds.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """How one kind of event is told: `headline` in a subject line, `sentence` in a timeline or mail.

    `force` is the sentence for a reader on the force's side; without one, the reader learns only that there is news.
    `variants` say it more exactly, by what the event's data name under "what": each for the one side and the other.
    """

    group: str
    headline: Any
    sentence: Any
    force: Any = ""
    variants: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)

    def told(self, what: str, *, to_force: bool) -> Any:
        """The sentence for one side, of this variant where there is one."""
        return self.variants.get(what, (self.sentence, self.force))[to_force]


@dataclass(frozen=True)
class Expectation:
    """What a reader is asked to do: `subject` follows the reference in a subject line, `sentence` stands in the mail.

    `steps` are the clocks by which it has to be done.
    """

    subject: Any
    sentence: Any
    steps: tuple[str, ...] = ()
