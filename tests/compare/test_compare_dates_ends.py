"""Dates on which something ends: what stops, closes or is no longer there, and what did so long ago."""

import pytest

from monitor.compare.dates.find import find_dates


def kinds_and_dates(text):
    return [f"{mention.kind} {mention.date}" for mention in find_dates(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Adverts that run already stop on 4 May 2027.",
        "On 4 May 2027, all running adverts stop.",
        "Starting 4 May 2027, we'll stop showing adverts to teens.",
        "From 4 May 2027 sellers must stop using it.",
        "The scheme ends on 4 May 2027.",
        "Support ends 4 May 2027.",
        "The licence lapses on 4 May 2027.",
        "The programme closes on 4 May 2027.",
        "The pilot is going to end on 4 May 2027.",
        "The service will shut down on 4 May 2027.",
        "Old tokens are removed as of 4 May 2027.",
        "The beta is planned to be switched off on 4 May 2027.",
        "We are ending support for old phones on 4 May 2027.",
        "We will discontinue the app on 4 May 2027.",
        "Cash is no longer accepted as of 4 May 2027.",
        "We no longer sell it from 4 May 2027.",
        "You can use the old form until 4 May 2027.",
        "Until 4 May 2027 you can still use the old form.",
        "Adverts may run up to 4 May 2027.",
        "Sellers must keep using the old form until 4 May 2027.",
        "Die Anzeigen enden am 4. Mai 2027.",
        "Der Dienst wird am 4. Mai 2027 eingestellt.",
        "Ab dem 4. Mai 2027 ist das Formular nicht mehr verfügbar.",
        "Das Formular kann bis zum 4. Mai 2027 verwendet werden.",
        "Le service s'arrête le 4 mai 2027.",
        "Le programme sera supprimé le 4 mai 2027.",
        "L'ancien formulaire peut être utilisé jusqu'au 4 mai 2027.",
        "À partir du 4 mai 2027, il n'est plus disponible.",
        "El servicio finalizará el 4 de mayo de 2027.",
        "El formulario se puede usar hasta el 4 de mayo de 2027.",
        "O serviço será encerrado em 4 de maio de 2027.",
        "O formulário pode ser usado até 4 de maio de 2027.",
        "Il servizio termina il 4 maggio 2027.",
        "Il modulo può essere usato fino al 4 maggio 2027.",
        "De dienst stopt op 4 mei 2027.",
        "Het formulier kan tot 4 mei 2027 worden gebruikt.",
        "Usługa kończy się 4 maja 2027 r.",
        "Tjänsten stängs den 4 maj 2027.",
        "Tjänsten slutar gälla den 4 maj 2027.",
        "Kauppa suljetaan 4. toukokuuta 2027.",
        "Сервис закрывается 4 мая 2027 года.",
        "サービスは2027年5月4日に終了します。",
        "本服务将于2027年5月4日终止。",
        "서비스는 2027년 5월 4일에 종료됩니다.",
    ],
)
def test_what_ends_on_a_date_has_its_sunset(text):
    assert kinds_and_dates(text) == ["sunset 2027-05-04"]


@pytest.mark.parametrize(
    "text",
    [
        "The trial ended on 4 May 2019.",
        "We stopped it on 4 May 2019.",
        "The shop had closed on 4 May 2019.",
        "The trial has ended on 4 May 2019.",
        "The video was switched off on 4 May 2019.",
        "The video has been removed on 4 May 2019.",
        "He was chairman until 4 May 2019.",
        "Until 4 May 2019 this was allowed.",
        "We removed 300 posts until 4 May 2019.",
        "To stop fraud, we began checks on 4 May 2019.",
        "The end of the story on 4 May 2019 is sad.",
        "We will remove posts that were made on 4 May 2019.",
        "For the financial year that ends on 4 May 2019 we report 3 cases.",
        "Data from 1 January 2019 until 4 May 2019 is shown.",
        "Reports are based on figures up to 4 May 2019.",
        "Data up to 4 May 2019 are shown.",
        "Der Versuch endete am 4. Mai 2019.",
        "Der Dienst wurde am 4. Mai 2019 eingestellt.",
        "Le service a pris fin le 4 mai 2019.",
        "Le contrat a été supprimé le 4 mai 2019.",
        "El juicio terminó el 4 de mayo de 2019.",
        "La página fue eliminada el 4 de mayo de 2019.",
        "A página foi removida em 4 de maio de 2019.",
        "La pagina è stata rimossa il 4 maggio 2019.",
        "De pagina werd op 4 mei 2019 verwijderd.",
        "Tjänsten stängdes den 4 maj 2019.",
        "サービスは2019年5月4日に終了しました。",
        "本服务已于2019年5月4日终止。",
        "서비스는 2019년 5월 4일에 종료되었습니다.",
    ],
)
def test_what_ended_in_the_past_and_what_only_counts_up_to_a_date_is_no_sunset(text):
    assert kinds_and_dates(text) == []


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("The consultation closes on 4 May 2027.", "comments_close 2027-05-04"),
        ("The comment period ends on 4 May 2027.", "comments_close 2027-05-04"),
        ("Sellers have until 4 May 2027 to accept the terms.", "compliance 2027-05-04"),
        ("As of 4 May 2027, any file without a licence shall be deleted.", "effective 2027-05-04"),
        ("From 4 May 2027, sellers may no longer name prices.", "effective 2027-05-04"),
    ],
)
def test_other_kinds_of_dates_stay_what_they_are(text, stated):
    assert kinds_and_dates(text) == [stated]
