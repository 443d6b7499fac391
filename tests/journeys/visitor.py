"""Somebody in front of a browser, who finds things by what they are called in the language of the page."""

import io
import os
import re

from django.utils import translation
from PIL import Image
from playwright.sync_api import expect

from tmgportal.stack import BASE_DIR
from tmgportal.supervisor import wait_until

SCREENSHOTS = BASE_DIR / "docs/screenshots"


class Visitor:
    """One browser profile with one tab.

    Names are given as the code has them, in English, and looked for in `language`. `troubles` collects what no page
    may do: errors in the console (a violated Content Security Policy is one) and answers from 500 on.
    """

    def __init__(self, context, portal, language):
        self.context, self.portal, self.language = context, portal, language
        self.troubles, self.clicks, self.keys = [], 0, 0
        self.password = None
        self.page = self._tab()

    def _tab(self):
        page = self.context.new_page()
        page.on("console", lambda message: message.type == "error" and self._console(page, message))
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on(
            "response", lambda answer: answer.status >= 500 and self.troubles.append(f"{answer.url}: {answer.status}")
        )
        return page

    def _console(self, page, message):
        # That a page does not exist is said by the page; that a part of it does not is trouble.
        if message.location["url"] != page.url:
            self.troubles.append(f"{page.url}: {message.text}")

    # ---- words ----
    def words(self, text, **values):
        with translation.override(self.language):
            said = translation.gettext(text)
        return said % values if values else said

    def _named(self, text, **values):
        """The whole name, to which a field that may stay empty adds a word; capital letters make no difference."""
        name, optional = re.escape(self.words(text, **values)), re.escape(self.words("(optional)"))
        return re.compile(rf"^\s*{name}(\s*{optional})?\s*$", re.IGNORECASE)

    # ---- acts ----
    def open(self, path=""):
        return self.page.goto(path if path.startswith("http") else f"{self.portal.url}/{self.language}/{path}")

    def press(self, text, within=None, **values):
        """Follow a link or push a button."""
        place, name = within or self.page.get_by_role("main"), self._named(text, **values)
        place.get_by_role("link", name=name).or_(place.get_by_role("button", name=name)).click()
        self.clicks += 1

    def field(self, text, **values):
        return self.page.get_by_role("textbox", name=self._named(text, **values))

    def fill(self, text, value, **values):
        self.field(text, **values).fill(value)
        self.clicks, self.keys = self.clicks + 1, self.keys + len(value)

    def choose(self, text, value, **values):
        self.page.get_by_role("combobox", name=self._named(text, **values)).select_option(value)
        self.clicks += 2

    def tick(self, text, **values):
        name = self._named(text, **values)
        box = self.page.get_by_role("checkbox", name=name).or_(self.page.get_by_role("radio", name=name))
        box.check()
        self.clicks += 1

    # ---- looks ----
    def sees(self, text, **values):
        """The page's heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.words(text, **values))

    def reads(self, text, **values):
        expect(self.page.get_by_role("main")).to_contain_text(self.words(text, **values))

    def mail(self, to, subject="", count=1):
        """The text of the newest mail to `to` with `subject`, once `count` of them are there."""
        tab = self._tab()

        def arrived():
            tab.goto(f"{self.portal.url}/{self.language}/mailbox/?to={to}")
            link = tab.get_by_role("rowheader").get_by_role("link").filter(has_text=subject)
            if link.count() >= count:
                link.first.click()
            return "mailbox/?" not in tab.url

        assert wait_until(arrived, 20), f"No mail to {to}: {self.portal.worker.last_lines()}"
        text = tab.get_by_role("article").inner_text()
        tab.close()
        return text

    def fill_password(self, password):
        # No role of its own: only its label names it.
        self.page.get_by_label(self.words("Password"), exact=True).fill(password)
        self.clicks, self.keys = self.clicks + 1, self.keys + len(password)

    def type_code(self, email, subject="", count=1, button="Confirm"):
        """Read the code that was mailed to `email`, and enter it. `subject` and `count`: of which mail (see `mail`)."""
        mail = self.mail(email, subject, count)
        self.fill("Code", re.search(r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", mail, re.MULTILINE)[1])
        self.press(button)

    def sign_in(self, email):
        """As one of the people of `world`."""
        self.open("account/login/")
        self.fill("Email address", email)
        self.password = self.portal.world["passwords"][email]
        self.fill_password(self.password)
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("/account/login/"))

    def picture(self, name):
        """Renew a picture of the README, if that is asked for (SCREENSHOTS=1)."""
        if os.environ.get("SCREENSHOTS") == "1":
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            self.page.evaluate("scrollTo(0, 0)")
            image = Image.open(io.BytesIO(self.page.screenshot()))
            image.save(SCREENSHOTS / f"{name}.webp", quality=85)

    def prove_who_they_are(self):
        """Again, where a page asks for it."""
        self.fill_password(self.password)
        self.press("Confirm")
        expect(self.page).not_to_have_url(re.compile("/reauthenticate/"))
