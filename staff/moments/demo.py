"""Moments of the demo company, and what belongs to them."""

import random
from datetime import datetime

from staff.moments import demo_ideas, demo_notes, demo_occasions, demo_stories


def make(*, rng: random.Random, now: datetime) -> None:
    """With dice of its own, so that what other rooms throw stays as it is."""
    demo_ideas.make(now=now)
    demo_occasions.make(now=now)
    demo_stories.make(now=now)
    demo_notes.make(now=now)
