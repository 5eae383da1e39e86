"""How not to write a policy: what a customer gets depends on his place in the list."""

from typing import ClassVar

import attrs
import numpy as np

from retainsdk.policies.none import Nothing
from retainsdk.policy import ActionKind, Actions, Budget, PolicyStream, act
from retainsdk.view import BookView


@attrs.frozen
class EveryThird(Nothing):
    """A greeting to every third customer."""

    name: ClassVar[str] = "every_third"

    def decide(self, view: BookView, budget: Budget, draw: PolicyStream) -> Actions:
        return act(view, np.arange(len(view)) % 3 == 0, ActionKind.GREETING, reason="Every third customer")
