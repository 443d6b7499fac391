"""Both registrations from sign-up to the status page, as a browser without JavaScript would go."""

import pytest
from django.utils import translation

from accounts.models import DomesticRegistration, OverseasRegistration, User
from privacy import ledger
from privacy.models import Matter
from tests.accounts.mail import last_code, messages_to, read_all

pytestmark = pytest.mark.django_db
PASSWORD = "a quiet harbour at dawn"


@pytest.fixture(params=["en", "ja"])
def language(request):
    with translation.override(request.param):
        yield request.param


def version_on(response):
    return response.context["version"]


def sign_up(client, language, side):
    begin = f"/{language}/registration/{side}/"
    assert client.get(begin).status_code == 200
    client.post(
        f"/{language}/account/signup/?next={begin}",
        {"email": "ｎew@Inn.example", "password1": PASSWORD, "terms": "on", "next": begin},
    )
    response = client.post(f"/{language}/account/confirm-email/", {"code": last_code()})
    assert response.url == begin
    return client.post(begin).url


def fill(client, url, answers):
    response = client.post(url, {"version": version_on(client.get(url)), **answers})
    assert response.status_code == 302, response.context["form"].errors
    return response.url


def test_domestic_registration(client, language):
    tasks = sign_up(client, language, "domestic")
    assert client.get(tasks).status_code == 200
    url = fill(
        client,
        f"{tasks}business/",
        {
            "business_name": "㈱見本旅館",
            "business_name_romanised": "Mihon Ryokan",
            "postcode": "１６３－８００１",
            "prefecture": "13",
            "city": "新宿区",
            "street_address": "西新宿2-8-1",
            "telephone": "０３－５３２０－４７６９",
            "has_no_homepage": "on",
            "employees": "１２人",
            "representative_name": "𠮷田 髙子",
        },
    )
    prefilled = client.get(url).context["form"]
    assert prefilled["tokyo_municipality"].value() == "131041"
    url = fill(client, url, {"has_tokyo_office": "yes", "tokyo_municipality": "131041", "tokyo_address": "西新宿2-8-1"})
    url = fill(client, url, {"licence_state": "held", "kind_0": "", "authority_0": "", "number_0": ""})
    url = fill(
        client, url, {"contact_name": "担当 花子", "contact_telephone": "090-1234-5678", "contact_address": "account"}
    )
    assert url == tasks
    check = client.get(f"{tasks}check/")
    assert [item["url"].split("#")[1] for item in check.context["missing"]] == ["id_kind_0"]

    licences = client.get(f"{tasks}licences/")
    fill(
        client,
        f"{tasks}licences/",
        {"licence_state": "follows", "kind_0": "", "authority_0": "", "number_0": ""},
    )
    assert licences.status_code == 200
    check = client.get(f"{tasks}check/")
    sent = client.post(f"{tasks}check/", {"is_right": "on", "version": check.context["form"]["version"].value()})
    assert sent.url == f"{tasks}sent/"

    registration = DomesticRegistration.objects.get()
    assert registration.status == "submitted"
    assert registration.postcode == "163-8001"
    assert registration.reference in client.get(sent.url).content.decode()
    assert client.get(f"{tasks}status/").status_code == 200
    assert client.get(tasks).url == f"{tasks}status/"
    assert messages_to("new@inn.example") == ["email_confirmation_signup", "application_received"]
    assert {mail.extra_headers["Content-Language"] for mail in read_all()} == {language}


def test_overseas_registration(client, language):
    page = client.get(sign_up(client, language, "overseas")).url
    check = fill(
        client,
        page,
        {
            "business_name": "Voyages du Pont",
            "country": "FR",
            "street_address": "12 rue de l’Exemple\nBâtiment B",
            "city": "Lyon",
            "telephone": "04 78 00 00 00",
            "homepage": "voyages-du-pont.example",
            "employees": "8",
            "contact_name": "Élodie Martin",
            "contact_address": "account",
        },
    )
    shown = client.get(check)
    assert not shown.context["missing"]
    sent = client.post(check, {"is_right": "on", "version": shown.context["form"]["version"].value()})
    assert client.get(sent.url).status_code == 200
    registration = OverseasRegistration.objects.get()
    assert registration.telephone == "+33478000000"
    assert registration.contact_email == "new@inn.example"
    person = User.objects.get()
    assert (person.side, person.language) == ("overseas", language)
    assert ledger.state_of(person.ref, Matter.AGE).state == "attested"
