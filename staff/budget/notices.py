"""Whom a movement on the budget concerns: rows of the outbox, decided again when they are about to leave.

Keys: `budget-approval:<spend>:<n>`, `budget-decided:<spend>:<n>`, `budget-closed:<suspension>:<what>:<n>`,
`budget-differs:<day>`.
"""

from staff.budget.models import BudgetPeriod, Spend, Suspension, SuspensionWord


def approval_wanted(spend: Spend) -> None:
    """The managers of the person's teams hear that money waits for them."""


def decided(spend: Spend) -> None:
    """The person hears what became of their wish."""


def suspended(suspension: Suspension) -> None: ...
def renewed(suspension: Suspension, word: SuspensionWord) -> None: ...
def lifted(suspension: Suspension) -> None: ...
def replied(suspension: Suspension, word: SuspensionWord) -> None: ...
def books_differ(periods: list[BudgetPeriod]) -> None: ...
