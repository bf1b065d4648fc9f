"""How search reads and folds characters, brought into the database from ``layers.names``."""

from pathlib import Path

from django.conf import settings
from django.db import transaction

from layers.models import SearchCharacter, SearchReading
from layers.names import readings
from layers.names.folding import CHARACTERS, every_sound, fold, sound
from layers.names.readings import AFTER_SURNAME, Reading, Readings

BATCH = 5_000


def local() -> Readings:
    """The national readings under the place's own."""
    return readings.read(*(Path(path) for path in settings.NAME_READINGS))


@transaction.atomic
def bring(known: Readings) -> bool:
    """Makes the readings those of search. Whether they were others: the index then has to be made anew."""
    wanted = {text: sounds for text, sounds in _sounds(known).items() if sounds != [*map(sound, text)]}
    if wanted == dict(SearchReading.objects.values_list("text", "sounds")):
        return False
    SearchReading.objects.all().delete()
    SearchReading.objects.bulk_create(SearchReading(text=text, sounds=sounds) for text, sounds in wanted.items())
    return True


@transaction.atomic
def bring_characters() -> None:
    """Makes the characters those that ``layers.names`` knows."""
    sounds = every_sound()
    SearchCharacter.objects.all().delete()
    SearchCharacter.objects.bulk_create(
        (
            SearchCharacter(character=each, folded=CHARACTERS.get(each, each), sound=sounds.get(each, each))
            for each in sorted({*CHARACTERS, *sounds} - {"\0"})  # which no text of the database holds
        ),
        batch_size=BATCH,
    )


def _sounds(known: Readings) -> dict[str, list[str]]:
    """The readings of texts as search keeps them: a surname is one before what follows surnames."""
    found = {
        fold(reading.text + following): [*_plain(reading), sound(following)]
        for reading in known.surnames.values()
        for following in sorted(AFTER_SURNAME)
    }
    single_and_more = (*known.characters.values(), *known.phrases.values())
    return found | {fold(reading.text): _plain(reading) for reading in single_and_more}


def _plain(reading: Reading) -> list[str]:
    return [fold(syllable) for syllable in reading.syllables]
