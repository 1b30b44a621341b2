"""Thanks of the demo company: three months of them, four values, a spotlight, and a wall in the kitchen."""

import random
from datetime import datetime, timedelta

from delight.organisation.models import Organisation
from delight.outbox.models import Message, State
from staff.moments.models import Moment
from staff.people.models import Team, User
from staff.recognition.digest import DIGEST, key_of, last_due, readers
from staff.recognition.models import Comment, Reaction, Recipient, Recognition, Taste, Value, Wall
from staff.recognition.services import this_week

VALUES = (
    ("Time for people", "Nobody is a number. The next one can wait two minutes."),
    ("Hands that know", "We learn from each other, and show how it is done."),
    ("Straight and kind", "We say what is so, and say it warmly."),
    ("One house", "Three shops, one team: we fill in for each other."),
)
SHY = "freya"
# From, to (a team has a capital), how many days ago, which value (0: none), what for.
THANKS = (
    ("oksana", "daan", 2, 1, "You saw that my last customer was close to tears and took the phone for half an hour, so"
     " that I could sit with her. That was all she needed."),
    ("stylist", "oksana", 3, 2, "For showing me the razor work at the neck. I had done it wrong for two years, and you"
     " did not laugh."),
    ("chiara", "noah", 4, 4, "You came in on your free Monday when the water was off. We would have sent nine people"
     " home."),
    ("manager", "chiara", 6, 3, "You told the wedding party that we would be late before they noticed it. They stayed,"
     " and they laughed."),
    ("elif", "jonas", 5, 4, "For driving to Mill Lane with the spare clippers in the rain, without anybody asking."),
    ("marie", "tomasz", 7, 1, "An old gentleman told me that you walk him to the tram. I did not know. Thank you."),
    ("jonas", "ines", 9, 2, "Your way to calm children with the mirror works. I tried it on Saturday with three of"
     " them."),
    ("tomasz", "pieter", 10, 4, "You stayed until the float was right, and it was my mistake. Next time the cake is on"
     " me."),
    ("noah", "Mill Lane", 12, 4, "I had a bad week, and nobody made a thing of it. You just took my five o’clocks."
     " Thank you, all of you."),
    ("ines", "elif", 13, 3, "You said to me that I talk over customers. It was right, it was kind, and it has changed"
     " my days."),
    ("pieter", "marie", 15, 0, "For the roster that lets me bring my daughter to school. I know that it was a puzzle."),
    ("stylist", "chiara, noah", 16, 1, "The two of you made a birthday out of a trim. He has not stopped talking of"
     " it."),
    ("mehmet", "elif", 18, 2, "Renk konusunda herkes sana soruyor. Sabırla anlattığın için teşekkürler."),
    ("oksana", "manager", 20, 3, "You stood in front of me when that man raised his voice. I shall not forget it."),
    ("chiara", "stylist", 21, 2, "For the notes on beards. I have them in my drawer, and I use them each day."),
    ("daan", "ines", 22, 4, "You lent us your Saturday. Mill Lane was full, and you came with a smile."),
    ("tomasz", "marie", 24, 1, "You noticed that I was not well before I did, and sent me home."),
    ("elif", "mehmet", 26, 0, "İlk günümde yanımda durduğun için teşekkür ederim. Hâlâ hatırlıyorum."),
    ("noah", "oksana", 28, 2, "For the evening on scissor over comb. Four of us stayed, and none looked at the clock."),
    ("marie", "Station Square", 30, 4, "The inventory was done in one evening, with music. You are a fine crew."),
    ("jonas", "mehmet", 31, 3, "You asked me what I would do, and then let me do it. That was new for me."),
    ("ines", "jonas", 33, 1, "You gave your break to the man who had come on the wrong day. He is ours for life now."),
    ("pieter", "tomasz", 35, 2, "Whoever sits in your chair leaves taller. I watch, and I learn."),
    ("manager", "noah", 37, 4, "You opened the shop for a week while I was away, and I heard nothing but good."),
    ("oksana", "chiara", 40, 1, "You remembered her dog’s name. After a year! She told everybody."),
    ("stylist", "manager", 42, 3, "For telling me plainly that the fade was not good enough, and for staying to mend it"
     " with me."),
    ("chiara", "oksana", 44, 0, "Your soup on Thursday saved the whole afternoon. You know why."),
    ("elif", "ines", 46, 2, "You explained the new till to each of us, one by one. No question was too small."),
    ("tomasz", "freya", 60, 1, "The lady with the walking frame asks for you by name. You make her morning."),
    ("mehmet", "jonas, ines", 50, 4, "Two days, one chair out of order, and no customer noticed. Well done, both of"
     " you."),
    ("marie", "pieter", 53, 3, "You gave the deposit back before anybody asked. That is how we want to be."),
    ("noah", "daan", 56, 2, "For the trick with the cold towel. It works, and I look as if I had always known it."),
    ("oksana", "noah", 59, 1, "Ти знайшов час для хлопця, який боявся машинки. Він пішов гордий."),
    ("jonas", "elif", 62, 4, "You took my late shift so that I could be at the school play. I owe you one."),
    ("pieter", "freya", 64, 3, "You said sorry for all of us, and you meant it. She came back the week after."),
    ("chiara", "manager", 68, 0, "For the chair by the window. I asked once, and it stood there on Monday."),
    ("ines", "mehmet", 72, 1, "You called the customer yourself. Nobody would have blamed you for a mail."),
    ("daan", "Harbour", 76, 4, "You sent us two of yours on the worst Saturday of the year. Mill Lane says thank you."),
    ("tomasz", "pieter", 81, 2, "I asked you the same thing three times, and you showed it to me three times."),
    ("marie", "tomasz", 86, 1, "You closed late for the groom who had forgotten the day. There is a photo in my"
     " drawer."),
)  # fmt: skip
SPOTLIGHT = (
    "marie", "pieter", 11, 1, "For three Fridays Pieter cut hair at the shelter after work, and told nobody. I heard"
    " of it from a customer. That is what we mean by time for people.",
)  # fmt: skip
TREAT = ("manager", "noah", 25, "The course on long hair in Antwerp, two days, and the train. You asked; go and shine.")
BELOW = ("So true.", "I was there. It was like that.", "Well deserved!", "This made my day.", "Cake, by the way, was"
         " promised.", "And the customer came back yesterday.")  # fmt: skip


def make(*, rng: random.Random, now: datetime) -> list[Recognition]:
    """With dice of its own, so that what other rooms throw stays as it is. Nothing here is to be mailed."""
    own = random.Random(777)  # noqa: S311 - the same company each time is what is wanted
    people = {_login(user): user for user in User.objects.all()}
    people["daan"] = people["stylist"]
    teams = {team.name: team for team in Team.objects.all()}
    values = [Value.objects.create(name=name, meaning=meaning) for name, meaning in VALUES]
    Taste.objects.create(user=people[SHY], likes_public=False)
    made = [_thanks(own, now, people, teams, values, line) for line in THANKS]
    made.append(_spotlight(own, now, people, values))
    _treat(now, people)
    _about_moments(made, now)
    for each in made:
        _signs(own, each, list(people.values()), now)
    _mails_of_the_week(now)
    wall = Wall.objects.create(name="Kitchen", team=teams["Mill Lane"], made_by=people["manager"])
    Wall.objects.filter(pk=wall.pk).update(made_at=now - timedelta(days=60))
    return made


def _login(user: User) -> str:
    return (user.email or user.login_name or "").split("@")[0]


def _at(own: random.Random, now: datetime, days: int) -> datetime:
    """In working hours of that day, and never in the future."""
    day = now - timedelta(days=days)
    return day.replace(hour=own.randrange(8, 17), minute=own.randrange(60), second=0, microsecond=0)


def _thanks(
    own: random.Random, now: datetime, people: dict[str, User], teams: dict[str, Team], values: list[Value], line: tuple
) -> Recognition:
    by, to, days, value, text = line
    thanked = [] if to in teams else [people[login] for login in to.split(", ")]
    return _made(
        thanked, by=people[by], text=text, team=teams.get(to), value=values[value - 1] if value else None,
        is_private=[_login(each) for each in thanked] == [SHY], told_at=_at(own, now, days),
    )  # fmt: skip


def _made(to: list[User], **fields: object) -> Recognition:
    made = Recognition.objects.create(**fields)
    Recognition.objects.filter(pk=made.pk).update(created_at=made.told_at)
    Recipient.objects.bulk_create(Recipient(recognition=made, user=user, by=made.by) for user in to)
    return made


def _spotlight(own: random.Random, now: datetime, people: dict[str, User], values: list[Value]) -> Recognition:
    by, to, days, value, text = SPOTLIGHT
    week = this_week() - timedelta(days=14)
    return _made(
        [people[to]], kind=Recognition.Kind.SPOTLIGHT, by=people[by], text=text, value=values[value - 1], week=week,
        told_at=_at(own, now, days),
    )  # fmt: skip


def _treat(now: datetime, people: dict[str, User]) -> None:
    by, to, days, text = TREAT
    told_at = now - timedelta(days=days)
    kind = Recognition.Kind.TREAT
    made = _made([people[to]], kind=kind, by=people[by], text=text, is_private=False, may_tell=True, told_at=told_at)
    made.recipients.update(agrees_to_tell=True)


def _mails_of_the_week(now: datetime) -> None:
    """Their latest mail of the week has gone out, and the next one is not due yet."""
    company = Organisation.get()
    due = {user.pk: last_due(user, company, now) for user in readers()}
    Message.objects.bulk_create(
        Message(
            kind=DIGEST, object_id=pk, key=key_of(pk, at), due_at=at, promised_at=at, state=State.SENT,
            ended_at=at + timedelta(seconds=40),
        )
        for pk, at in due.items()
    )  # fmt: skip


def _about_moments(made: list[Recognition], now: datetime) -> None:
    """Some of them are about a moment of whom they thank."""
    for each in made[1:20]:
        if each.team_id is not None or each.is_private:
            continue
        thanked = each.recipients.values("user_id")
        taken = Recognition.objects.filter(moment__isnull=False).values("moment_id")
        told = Moment.objects.told().filter(user__in=thanked, happened_at__lt=each.told_at).exclude(pk__in=taken)
        if each.pk % 4 == 0 and (moment := told.first()):
            Recognition.objects.filter(pk=each.pk).update(moment=moment)


def _signs(own: random.Random, made: Recognition, people: list[User], now: datetime) -> None:
    if made.is_private:
        return
    kinds = [kind.value for kind in Reaction.Kind]
    for user in own.sample(people, own.randrange(0, 5)):
        Reaction.objects.create(recognition=made, user=user, kind=own.choice(kinds))
    Reaction.objects.filter(recognition=made).update(at=made.told_at + timedelta(hours=3))
    if own.random() < 0.3:
        comment = Comment.objects.create(recognition=made, by=own.choice(people), text=own.choice(BELOW))
        Comment.objects.filter(pk=comment.pk).update(at=min(made.told_at + timedelta(hours=5), now))
