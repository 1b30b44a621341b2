"""Things that customers of a barbershop say, from unhappy to delighted; only the demo company uses them."""

UNHAPPY_EN = [
    "Waited forty minutes past my appointment and nobody said a word.",
    "The fade was uneven and I only saw it at home.",
    "I was told one price on the phone and charged another.",
    "Nobody looked up when I came in.",
    "My usual barber was away and no one let me know.",
    "Left with a cut on my neck and not even a sorry.",
]
SO_SO_EN = [
    "Good cut, but I felt rushed at the end.",
    "The haircut is fine. Booking by phone takes forever.",
    "It used to be friendlier when there were fewer people.",
    "Music so loud we could not talk.",
    "Parking is a problem, and nobody tells you about the yard behind.",
    "Cut was all right, the beard a little short for me.",
]
PLEASED_EN = [
    "Always a clean cut. A bit of a wait on Saturdays.",
    "Nice people, fair price.",
    "Good as ever. I would love an evening appointment.",
    "Happy with the cut. The new chairs are great.",
    "Solid. Coffee could be better.",
    "My son was nervous and it went well in the end.",
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
]
UNHAPPY_TR = [
    "Randevuma rağmen kırk dakika bekledim, kimse bir şey söylemedi.",
    "Telefonda başka fiyat söylendi, kasada başka.",
    "Saçımın arkası eğri kesilmiş, evde fark ettim.",
]
SO_SO_TR = ["Kesim iyi ama sona doğru aceleye geldi.", "Telefonla randevu almak çok zor.", "Müzik çok yüksekti."]
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
