"""Twenty ideas for each trade that cost nothing: what everybody begins with. Shown in the reader's language.

A key is never used for another idea: rows remember it (`Idea.starter`).
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DO, SAY = "do", "say"
SALON, RESTAURANT, HOTEL, SERVICES = "salon", "restaurant", "hotel", "services"
OF_A_MIX = 5


class Starter(NamedTuple):
    """One line of the table. What is to be said is in the first person, ready to be said."""

    key: str
    trade: str
    kind: str
    text: str | Promise


_SALON = (
    ("name", DO, _("Greet regulars by name at the door, before they reach the counter.")),
    ("usual", SAY, _("The same as last time, short at the sides and the parting on the left? I have it noted.")),
    ("honest", SAY, _("To be honest, you don’t need that today. Come back in three weeks, and save your money.")),
    (
        "photo",
        DO,
        _(
            "Take a photo of a cut they love on their own phone, from the back as well, so that any barber can"
            " repeat it."
        ),
    ),
    ("touch-up", DO, _("Offer a free touch-up within a week, and say it before anybody has to ask.")),
    ("at-home", SAY, _("Let me show you how I do this, so that it looks the same at home tomorrow morning.")),
    ("between", DO, _("Tidy neck and fringe between two visits: two minutes, free of charge.")),
    ("quiet", SAY, _("Would you rather talk or have your peace? Both are fine with me.")),
    ("late", DO, _("If you run late, call before they leave home, not when they are sitting here.")),
    (
        "what-for",
        DO,
        _("Ask what the cut is for. Note the wedding, the interview, the trip, and ask about it next time."),
    ),
    ("interview", SAY, _("How did the interview go? I have been curious all week.")),
    ("mirror", DO, _("Show the back in the mirror before you call it done, and wait for the real answer.")),
    ("enough", SAY, _("You should still have enough of this at home. No need to buy another one today.")),
    ("child", DO, _("Let a child try the chair, the cape and the mirror before the scissors come out.")),
    ("first", SAY, _("This is your first time here, so I’ll explain each step. Stop me whenever you like.")),
    ("coat", DO, _("Help older customers out of the chair and into the coat, and walk with them to the door.")),
    ("thursday", SAY, _("I really appreciate that you come to me. It is always a pleasure.")),
    ("coffee", DO, _("Remember how they take their coffee, and bring it without asking.")),
    ("card", DO, _("Write shade, length and product on a card, so that they have it wherever they travel.")),
    ("colleague", SAY, _("With curls my colleague is better than I am. Shall I introduce you?")),
)
_RESTAURANT = (
    ("table", DO, _("Keep the table they like free until they come, with their name on it.")),
    ("usual", SAY, _("Your table by the window is free. Shall we begin with the usual?")),
    ("split", DO, _("Offer to split one dish on two warm plates, unasked and without a charge.")),
    ("smaller", SAY, _("Take the smaller one. It is plenty for two, and you can always order more.")),
    ("not-today", SAY, _("I would not take the fish today: it comes fresh on Thursdays. The lamb is wonderful.")),
    ("allergy", DO, _("Note an allergy once, and tell the kitchen before the guest has to say it again.")),
    ("children", DO, _("Bring the children’s food first, and paper and pencils with the menu.")),
    ("kitchen", DO, _("Ask a curious guest into the kitchen for a minute, to say hello to the cook.")),
    ("recipe", DO, _("Write down the recipe of the dish they praised, by hand, with the cook’s name.")),
    ("photo", DO, _("Offer to take the picture when you see somebody hold a phone at arm’s length.")),
    ("ten-minutes", SAY, _("Your main course needs ten more minutes. I’d rather tell you now than let you wonder.")),
    ("dog", DO, _("Put down a bowl of water for the dog before its owner asks.")),
    ("anniversary", SAY, _("Happy anniversary! Table five is yours again, as last year.")),
    ("coats", DO, _("In winter, hang wet coats where it is warm, and bring them when the guests get up.")),
    ("taste", DO, _("Let guests taste a spoon of the soup or the sauce when they cannot decide.")),
    ("taxi", DO, _("Call the taxi for them, and let them know when it stands at the door.")),
    (
        "next-door",
        SAY,
        _("We have no table until nine. Two doors down they cook very well; shall I call them for you?"),
    ),
    ("theatre", SAY, _("How was the theatre after your last dinner here?")),
    (
        "cold-soup",
        SAY,
        _("Thank you for telling me that the soup is cold. A hot one is on its way, and the kitchen will know."),
    ),
    ("alone", DO, _("Give somebody who eats alone a good table, something to read and an unhurried word.")),
)
_HOTEL = (
    ("name", DO, _("Use the guest’s name at the lift and at breakfast, not only at the desk.")),
    ("early", SAY, _("You are early, and your room is ready. Let me take you up.")),
    (
        "street",
        SAY,
        _("The room to the street is cheaper, but you will hear the tram. I’d take the one to the garden."),
    ),
    ("corner", DO, _("Walk with the guest to the corner and point the way, instead of explaining it at the desk.")),
    ("map", DO, _("Draw a small map by hand with three places where you would go yourself this evening.")),
    ("weather", DO, _("Leave a note in the evening: tomorrow’s weather, and the bus to where they are going.")),
    ("pillow", DO, _("Note the pillow, the floor and the side that a guest likes, and have it so next time.")),
    ("breakfast", DO, _("Pack the breakfast of those who leave before six, and write their name on the bag.")),
    ("bags", DO, _("After check-out, offer a place to wash and change before the night train.")),
    (
        "today",
        SAY,
        _("Is everything right so far? If not, I’d like to hear it today, while I can still do something about it."),
    ),
    ("again", SAY, _("Welcome back, Ms Aydin. Quiet side, third floor, as last time.")),
    ("key", DO, _("Let the child open the room with the key card, and ask at breakfast what was best yesterday.")),
    ("charger", DO, _("Offer a charger, an adapter or an umbrella before the guest has to look for one.")),
    (
        "ill",
        DO,
        _("When a guest is ill, call the room in the afternoon, and have the nearest doctor’s number at hand."),
    ),
    (
        "two-lines",
        DO,
        _("Write two lines by hand for the arrival, about why they come: the race, the fair, the honeymoon."),
    ),
    ("sleep-in", SAY, _("Sleep in. Nobody needs your room before one o’clock tomorrow.")),
    ("mistake", SAY, _("That was our mistake, not yours. I’ll stay with it until it is put right.")),
    ("tour", SAY, _("You can book that tour at the harbour yourself, for less than through us. Here is the address.")),
    (
        "left-behind",
        DO,
        _("Call about something left behind before the guest misses it, and ask how it should come back."),
    ),
    ("concert", SAY, _("How was the concert? I hope the seats were good.")),
)
_SERVICES = (
    ("day-after", DO, _("Call on the day after the start and ask one thing: what would you like to be different?")),
    (
        "bad-news",
        SAY,
        _(
            "I have bad news, and I’d like you to hear it from me first: we will be two days late. This is what"
            " we are doing about it."
        ),
    ),
    ("enough", SAY, _("You don’t need the larger package. The one you have is enough until you are fifty people.")),
    ("three-lines", DO, _("Send the decisions of a meeting in three lines, within the hour.")),
    ("praise", DO, _("Tell your contact’s boss, in writing, what went well thanks to your contact.")),
    ("introduce", DO, _("Introduce two customers who could be of use to each other, then step back.")),
    ("article", DO, _("Pass on an article or a call for tenders that fits their plans, with one sentence on why.")),
    ("by-four", SAY, _("I don’t know. I’ll find out and call you by four, even if there is no answer yet.")),
    ("direct", DO, _("Give them the direct number of the person who does the work.")),
    ("invoice", DO, _("Read the invoice before it goes out, and explain an unusual line before they ask.")),
    ("deadline", DO, _("Remind them of a deadline that is theirs, not yours: the tax, the licence, the domain.")),
    ("briefing", SAY, _("I really appreciate it, Mr Johnson. Your clear briefing saved us a week.")),
    ("if-you-were-me", SAY, _("One question: if you were me, what would you change in how we work with you?")),
    ("teach", DO, _("Show them in ten minutes how to do by themselves what they would pay you for each month.")),
    (
        "newcomer",
        DO,
        _("When somebody is new on their side, offer half an hour to go through it all from the beginning."),
    ),
    ("not-us", SAY, _("For that we are not the best. I know somebody who is. Shall I put you in touch?")),
    (
        "corrected",
        SAY,
        _(
            "That was our mistake. It is corrected, it costs you nothing, and this is how we keep it from"
            " happening again."
        ),
    ),
    (
        "busy-with",
        DO,
        _("Note what they are busy with (the fair, the audit, the move), and ask about it the week after."),
    ),
    ("fair", SAY, _("How did the fair go? I am curious to hear it.")),
    ("friday", DO, _("On Friday, send a short word on where things stand, even when nothing new has happened.")),
)
STARTERS = tuple(
    Starter(f"{trade}-{name}", trade, kind, text)
    for trade, lines in ((SALON, _SALON), (RESTAURANT, _RESTAURANT), (HOTEL, _HOTEL), (SERVICES, _SERVICES))
    for name, kind, text in lines
)
BY_KEY = {starter.key: starter for starter in STARTERS}


def starters_of(trade: str) -> list[Starter]:
    """Those of a trade; without one, some of each."""
    if trade:
        return [starter for starter in STARTERS if starter.trade == trade]
    mixed = []
    for each in (SALON, RESTAURANT, HOTEL, SERVICES):
        mixed += starters_of(each)[:OF_A_MIX]
    return mixed


def words_of(key: str) -> str:
    """A starter in the reader's language; empty for a key that is no more."""
    starter = BY_KEY.get(key)
    return str(starter.text) if starter else ""
