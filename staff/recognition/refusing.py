"""Why something is not taken, in words for the person who tried."""


class Refused(Exception):
    """A rule says no; `sentence` says it kindly, in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class KeyUsed(Exception):
    """The key came before, with something else: one of the two would be lost if this were taken for the same."""
