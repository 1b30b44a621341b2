"""Things that customers of a barbershop say, from unhappy to delighted; only the demo company uses them."""

UNHAPPY_EN = [
    "Waited forty minutes past my appointment and nobody said a word.",
    "The fade was uneven and I only saw it at home.",
    "I was told one price on the phone and charged another.",
    "Nobody looked up when I came in.",
    "My usual barber was away and no one let me know.",
    "Left with a cut on my neck and not even a sorry.",
    "Asked for a trim and lost five centimetres.",
    "Third time that my booking was not in the book.",
    "Paid for a wash that I never got.",
    "Phone rang all through my cut and my barber kept answering it.",
]
SO_SO_EN = [
    "Good cut, but I felt rushed at the end.",
    "The haircut is fine. Booking by phone takes forever.",
    "It used to be friendlier when there were fewer people.",
    "Music so loud we could not talk.",
    "Parking is a problem, and nobody tells you about the yard behind.",
    "Cut was all right, the beard a little short for me.",
    "Fine, nothing special. Prices went up again.",
    "It was cold in the shop.",
    "Nice chat, but the line at the back was not straight.",
    "Had to ask twice for the layers.",
    "The new barber is learning, I suppose.",
    "Would be nice to pay by card everywhere.",
]
PLEASED_EN = [
    "Always a clean cut. A bit of a wait on Saturdays.",
    "Nice people, fair price.",
    "Good as ever. I would love an evening appointment.",
    "Happy with the cut. The new chairs are great.",
    "Solid. Coffee could be better.",
    "My son was nervous and it went well in the end.",
    "Quick, tidy, friendly.",
    "Took my time constraints seriously.",
    "Good advice on the beard oil, without pushing it.",
    "Easy to book, easy to find.",
    "A place where you can also just be quiet.",
    "My barber explains what he does. I like that.",
]
DELIGHTED_EN = [
    "You remembered my dry scalp and had the shampoo ready. Wow.",
    "I came in soaked and left with a dry jacket and a tea.",
    "Squeezed me in before a funeral and would not take extra for it.",
    "Best hot towel shave in town. I keep telling people.",
    "My little one got a certificate for his first haircut. It is on our fridge.",
    "They called me when I had left my glasses, and brought them round after closing.",
    "Asked about the job interview I had mentioned a month ago!",
    "First place that understands curls.",
    "I always leave feeling two feet taller.",
    "Stayed open ten minutes longer so that I could make it from the train.",
    "They noticed that my hair was thinning and were kind about it.",
    "Got a card on my birthday, handwritten.",
    "My father is in a wheelchair, and they had moved two chairs before we came in.",
    "Found the song that played at our wedding and put it on. I nearly cried.",
    "Showed my daughter how to braid, in the slow hour.",
    "Fixed what another barber had ruined and charged me half.",
    "A glass of water without asking, and the right magazine.",
    "Never waited more than five minutes in three years.",
    "They know my name, my cut and my football club. In that order.",
]
UNHAPPY_TR = [
    "Randevuma rağmen kırk dakika bekledim, kimse bir şey söylemedi.",
    "Telefonda başka fiyat söylendi, kasada başka.",
    "Saçımın arkası eğri kesilmiş, evde fark ettim.",
]
SO_SO_TR = [
    "Kesim iyi ama sona doğru aceleye geldi.",
    "Telefonla randevu almak çok zor.",
    "Müzik çok yüksekti.",
]
PLEASED_TR = [
    "Her zamanki gibi temiz iş.",
    "Güler yüzlü insanlar, fiyatlar makul.",
    "Memnunum, cumartesi biraz kalabalık.",
]
DELIGHTED_TR = [
    "Geçen ay anlattığım iş görüşmesini sordular, çok şaşırdım.",
    "Oğlumun ilk tıraşı için sertifika hazırlamışlar.",
    "Gözlüğümü unutmuşum, kapanıştan sonra eve getirdiler.",
]

VOICES = {
    "en": [UNHAPPY_EN, SO_SO_EN, PLEASED_EN, DELIGHTED_EN],
    "tr": [UNHAPPY_TR, SO_SO_TR, PLEASED_TR, DELIGHTED_TR],
}
