"""Words by which one notices that a sentence speaks of health, diet or belief, in the product's four languages.

They decide nothing: whoever writes one down is asked once whether it is meant so (GDPR, Article 9).
"""

import re

HEALTH = (
    "allerg", "asthma", "cancer", "celiac", "coeliac", "depress", "diabet", "disab", "epilep", "illness", "intoleran",
    "medication", "migraine", "pregnan", "surgery",
    "alerji", "ameliyat", "astım", "diyabet", "engelli", "epilepsi", "gebe", "hamile", "hastalı", "ilaç", "kanser",
    "migren",
    "алерг", "астм", "вагітн", "депрес", "діабет", "епілеп", "інвалід", "ліки", "мігрен", "непереносим", "операці",
    "хвор", "аллерг", "беремен", "депресс", "диабет", "инвалид", "лекарств", "мигрен", "операци", "болезн", "эпилеп",
)  # fmt: skip
DIET = (
    "gluten", "lactose", "vegan", "vegetarian", "alkol", "glüten", "laktoz", "vejetaryen",
    "веган", "вегетар", "глютен", "лактоз",
)  # fmt: skip
BELIEF = (
    "belief", "christian", "church", "halal", "jewish", "kosher", "muslim", "prays", "ramadan", "religi",
    "camii", "camiy", "dindar", "helal", "hristiyan", "kilise", "koşer", "musevi", "müslüman", "namaz", "oruç",
    "ramazan",
    "кошер", "молит", "мусульман", "намаз", "рамадан", "релігі", "халяль", "християн", "церкв",
    "иуде", "религи", "христиан",
)  # fmt: skip
STEMS = HEALTH + DIET + BELIEF


def sounds_delicate(text: str) -> bool:
    """Whether a word of the text begins like one of health, diet or belief."""
    lowered = text.replace("İ", "i").lower()
    return any(word.startswith(STEMS) for word in re.findall(r"\w+", lowered))
