"""What holds for every page, whatever it is about."""

from axe_playwright_python.sync_playwright import Axe

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Visible text that stands for Japanese and has four Latin words in a row; `names` are the same in every language.
ENGLISH_IN_JAPANESE = r"""(names) => {
  const found = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement;
    if (element.closest("[lang]").lang !== "ja") continue;
    if (element.closest("script, noscript, textarea, [translate=no]")) continue;
    const text = names.reduce((left, name) => left.replaceAll(name, ""), node.data.replace(/\s+/g, " "));
    const isSentence = /[A-Za-z][\w’'-]*(?:[ ,.:]+[A-Za-z][\w’'-]*){3,}/.test(text);
    if (isSentence && element.checkVisibility()) found.add(text.trim());
  }
  return [...found];
}"""


def violations(page, rules=(*WCAG, "best-practice")):
    """What axe finds, as texts."""
    found = Axe().run(page, options={"runOnly": list(rules)}).response["violations"]
    return [f"{violation['id']}: {node['html'][:200]}" for violation in found for node in violation["nodes"]]


def overflow(page):
    """Whether the page must be scrolled sideways, as texts."""
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{width} px wide in a window of {window} px"] if width > window else []


def english_in_japanese(page, names):
    return [f"not translated: {text}" for text in page.evaluate(ENGLISH_IN_JAPANESE, names)]
