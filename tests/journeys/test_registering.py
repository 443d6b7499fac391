"""Both sides register, staff approve, each finds the other and introduces itself."""

import io
import json
import re
import time

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tmgportal.stack import VAR

PASSWORD = "correct horse battery"
STAFF = "staff@city.example"
RYOKAN, OPERATOR = "okami@kawabe.example", "claire@pontneuf.example"


def create_log_in(visitor, email):
    visitor.press("Create your log-in")
    visitor.press("I am 16 or older")
    visitor.fill("Email address", email)
    visitor.fill_password(PASSWORD)
    visitor.tick("I agree to the terms of use.")
    visitor.press("Send me a code")
    visitor.type_code(email)
    visitor.press("Start")


def register_in_tokyo(visitor, email):
    """As somebody who writes with a Japanese keyboard: digits and signs come in full width."""
    visitor.open()
    visitor.press("Register", within=visitor.page.get_by_role("banner"))
    visitor.press("Register a business in Japan")
    create_log_in(visitor, email)
    visitor.press("Your business")
    visitor.fill("business name", "川辺旅館")
    visitor.fill("business name in Latin letters", "Kawabe Ryokan")
    visitor.fill("postcode", "１１１－００３２")
    visitor.choose("prefecture", "13")
    visitor.fill("city", "台東区")
    visitor.fill("street address", "浅草９－９－９")
    visitor.fill("telephone number", "０３－３５５５－０１００")
    visitor.fill("homepage", "https://kawabe.example")
    visitor.fill("number of employees", "１２")
    visitor.fill("name of registered representative", "川辺 一郎")
    visitor.press("Save and continue")
    visitor.sees("Office in Tokyo")
    visitor.press("Save and continue")
    visitor.sees("Licences")
    visitor.tick("We hold a licence or have filed a notification")
    visitor.choose("Kind of licence %(number)d", "hotel", number=1)
    visitor.fill("Authority %(number)d", "台東区台東保健所長", number=1)
    visitor.fill("Licence number %(number)d", "２６台健生環き第１２号", number=1)
    visitor.picture("registration")
    visitor.press("Save and continue")
    visitor.sees("Person in charge")
    visitor.fill("name of person in charge", "川辺 花子")
    visitor.fill("telephone of person in charge", "０３－３５５５－０１０１")
    visitor.press("Save and continue")
    visitor.press("Check answers")
    visitor.reads("03-3555-0100")


def register_abroad(visitor, email):
    visitor.open()
    visitor.press("Register", within=visitor.page.get_by_role("banner"))
    visitor.press("Register a business abroad")
    create_log_in(visitor, email)
    visitor.fill("business name", "Voyages Pont-Neuf")
    visitor.choose("country or region", "FR")
    visitor.fill("street address", "12 rue de l’Exemple")
    visitor.fill("city", "Paris")
    visitor.fill("postcode", "75001")
    visitor.fill("telephone number", "01 42 00 00 00")
    visitor.tick("we have no homepage")
    visitor.fill("number of employees", "8")
    visitor.fill("name of person in charge", "Claire Exemple")
    visitor.press("Save and continue")


def send(visitor):
    """Sends the answers; returns the reference number."""
    visitor.sees("Check answers")
    visitor.tick("These facts are right, and I may give them on behalf of the business.")
    visitor.press("Send")
    visitor.sees("Your registration has been sent")
    return visitor.page.get_by_role("main").get_by_role("strong").inner_text()


def register(visitor, answer, email):
    """From the home page to the reference number; writes down what that took (`var/journeys/registration.json`)."""
    began = time.monotonic()
    answer(visitor, email)
    reference = send(visitor)
    took = {"clicks": visitor.clicks, "keystrokes": visitor.keys, "seconds": round(time.monotonic() - began, 1)}
    record = VAR / "journeys/registration.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    known = json.loads(record.read_text()) if record.exists() else {}
    record.write_text(json.dumps(known | {answer.__name__: took}, indent=2))
    return reference


def approve(staff, kind, reference, *, seen=()):
    staff.open(f"admin/accounts/{kind}registration/")
    staff.press(reference)
    staff.press("Approve", within=staff.page)
    for text in seen:
        staff.tick(text)
    staff.press("Approve")
    staff.reads("Approved")


def picture():
    """The bytes of a JPEG: a river below a red sun."""
    image = Image.new("RGB", (1600, 1000), "#dfe9ea")
    draw = ImageDraw.Draw(image)
    draw.ellipse((1080, 180, 1330, 430), fill="#b5483a")
    draw.polygon([(0, 720), (500, 420), (900, 640), (1600, 520), (1600, 1000), (0, 1000)], fill="#35606b")
    data = io.BytesIO()
    image.save(data, "JPEG", quality=80)
    return data.getvalue()


def add_photo(visitor, english, japanese):
    visitor.press("Photos")
    file = {"name": "river.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    visitor.page.get_by_label(visitor.words("Photo"), exact=True).set_input_files(file)
    visitor.fill("What the photo shows, in English", english)
    visitor.fill("What the photo shows, in Japanese", japanese)
    visitor.press("Add the photo")
    visitor.reads("The photo is added to your draft.")
    visitor.press("Your listing")


def publish(visitor):
    visitor.press("Publish")
    visitor.reads("Your listing is published. The other side can find it now.")


def introduce(visitor, words, name, text):
    """Find `name` by `words`, write to it; returns the listing's address."""
    visitor.open("partners/")
    visitor.page.get_by_role("searchbox").fill(words)
    visitor.press("Search")
    visitor.press(name, within=visitor.page.get_by_role("article"))
    address = re.search(r"partners/.*", visitor.page.url)[0]
    visitor.press("Introduce yourself")
    visitor.fill("Your message", text)
    visitor.press("Send")
    visitor.reads("Your introduction is on its way.")
    return address


def publish_ryokan(visitor):
    visitor.open("my-page/")
    visitor.press("Write your listing")
    visitor.press("Texts")
    visitor.fill("Headline in English", "Twelve riverside rooms in Asakusa")
    visitor.fill("Headline in Japanese", "浅草の川辺、十二室の宿")
    visitor.fill("Description in English", "A family inn by the Sumida river with a garden and a wooden bath.")
    visitor.fill("Description in Japanese", "隅田川に面した家族経営の旅館です。庭と木のお風呂があります。")
    visitor.press("Save")
    visitor.press("Type of business")
    visitor.choose("Main type of business", "ACC-02")
    visitor.press("Save")
    visitor.press("What you offer")
    visitor.tick("English")
    visitor.tick("Japanese")
    visitor.press("Save")
    add_photo(visitor, "The river below a red sun", "赤い夕日と川")
    publish(visitor)


def publish_operator(visitor):
    visitor.open("my-page/")
    visitor.press("Write your listing")
    visitor.press("Texts")
    visitor.fill("Headline in English", "Slow journeys for small groups")
    visitor.fill("Headline in Japanese", "少人数でめぐる巡礼の旅")
    visitor.fill("Description in English", "Walking tours for readers, gardeners and cooks from France and Belgium.")
    visitor.press("Save")
    visitor.press("Your travel business")
    visitor.tick("Tour operator or wholesaler")
    visitor.tick("French")
    visitor.press("Save")
    add_photo(visitor, "A bridge over the Seine", "セーヌ川にかかる橋")
    publish(visitor)


def read_introduction(visitor, email, sender, text):
    mail = visitor.mail(email, sender)
    assert text in mail
    visitor.open(re.search(r"\S+/introductions/\S+", mail)[0])
    visitor.sees("Introduction from %(name)s", name=sender)
    visitor.reads(text)


@pytest.mark.req("R043")
def test_a_ryokan_and_a_tour_operator_find_each_other(visitor):
    ryokan, operator, staff, public = visitor("ja"), visitor("en"), visitor("ja"), visitor("en")
    staff.sign_in(STAFF)

    reference = register(ryokan, register_in_tokyo, RYOKAN)
    approve(staff, "domestic", reference, seen=["Yes, I have seen that it has"])
    assert ryokan.words("Your registration") in ryokan.mail(RYOKAN)
    approve(staff, "overseas", register(operator, register_abroad, OPERATOR))

    publish_ryokan(ryokan)
    publish_operator(operator)

    operator.open("partners/")
    operator.picture("directory")
    tokyo = introduce(operator, "riverside", "Kawabe Ryokan", "We bring small groups of walkers in spring.")
    paris = introduce(ryokan, "巡礼", "Voyages Pont-Neuf", "春の団体様をお待ちしております。")

    read_introduction(ryokan, RYOKAN, "Voyages Pont-Neuf", "We bring small groups of walkers in spring.")
    read_introduction(operator, OPERATOR, "Kawabe Ryokan", "春の団体様をお待ちしております。")
    for address, own_side in [(tokyo, ryokan), (paris, operator)]:
        assert own_side.open(address).status == 404
        public.open(address)
        public.sees("Sign in")


def test_only_what_the_chosen_answer_calls_for_is_asked_and_nothing_typed_is_lost(visitor, portal):
    applicant = visitor("en")
    applicant.sign_in("applicant@demo.example")
    registration = portal.world["records"]["applicant@demo.example"]["registration"]
    applicant.open(f"registration/{registration}/licences/")
    number = applicant.field("Licence number %(number)d", number=1)
    reason = applicant.field("why no licence is needed")

    applicant.tick("We hold a licence or have filed a notification")
    expect(reason).to_be_hidden()
    number.fill("2-6811")
    applicant.tick("Our business needs none")
    expect(number).to_be_hidden()
    expect(reason).to_be_visible()
    applicant.tick("The number is to follow")
    expect(reason).to_be_hidden()
    applicant.tick("We hold a licence or have filed a notification")
    expect(number).to_have_value("2-6811")
