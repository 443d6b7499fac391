"""What a browser says of itself, in the words of its owner."""

import re

from django.utils.translation import gettext as _

# The first that is found counts: most browsers also name those before them.
BROWSERS = [
    ("Edg(e|A|iOS)?/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("(Firefox|FxiOS)/", "Firefox"),
    ("(Chrome|CriOS)/", "Chrome"),
    ("Version/.* Safari/", "Safari"),
]
SYSTEMS = [
    ("Windows NT", "Windows"),
    ("iPhone|iPod", "iOS"),
    ("iPad", "iPadOS"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
]


def browser_of(user_agent):
    """ "Chrome on Windows"; a `user_agent` that we do not know as it is."""
    browser, system = (
        next((name for pattern, name in known if re.search(pattern, user_agent)), "") for known in (BROWSERS, SYSTEMS)
    )
    if not (browser and system):
        return user_agent
    return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
