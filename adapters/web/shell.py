"""The HTML around every page, its headers, and the error pages."""

from collections.abc import Sequence

from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from adapters.web.render import PageRenderer
from bot.core.message import message, paragraph, with_code
from bot.core.pages import Tab
from bot.core.translation import _, _n

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "cache-control": "no-store",
    # Sign-in links must not reach other sites. 'no-referrer' would also hide the origin of our own forms.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
}

_SCRIPT = Markup('<script src="/live.js" defer></script>\n')
_SHAPE = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="color-scheme" content="light dark">\n<meta name="robots" content="noindex">\n'
    '<title>{title}</title>\n<link rel="icon" href="data:,">\n<link rel="stylesheet" href="/web.css">\n'
    "{script}</head>\n"
    "<body>\n{above}<main{again}>\n{heading}{body}\n</main>{end}\n</body>\n</html>\n"
)


def html(
    title: str,
    body: Markup,
    status: int = 200,
    heading: bool = True,
    above: Markup | None = None,
    goes_on: bool = False,
) -> Response:
    """`goes_on`: the script shows the page again after a while."""
    top = Markup("<h1>{}</h1>\n").format(title) if heading else ""
    again = Markup(" data-again") if goes_on else ""
    script = _SCRIPT if goes_on or Markup(" data-try") in body else ""
    # Empty until the script has shown the last of it: a screen reader announces it then.
    done = Markup('\n<p class="note" role="status" data-done="{}"></p>').format(
        _("It is done: this page has the result.")
    )
    end = done if goes_on else ""
    page = _SHAPE.format(title=title, script=script, again=again, above=above or "", heading=top, body=body, end=end)
    return HTMLResponse(page, status, headers=HEADERS)


def draw_tabs(tabs: Sequence[Tab], cohort: str) -> Markup:
    """The pages that belong together; empty without any. `cohort`: the title of theirs, if they are about one."""
    if not tabs:
        return Markup("")
    one = Markup('<li><a href="/{}"{}>{}</a></li>')
    here = Markup(' aria-current="page"')
    links = Markup("").join(one.format(tab.path, here if tab.here else "", tab.label) for tab in tabs)
    title = Markup('<p dir="auto">{}</p>').format(cohort) if cohort else ""
    shape = Markup('<header>{0}<nav aria-label="{1}"><ul>{2}</ul></nav></header>\n')
    return shape.format(title, _("Pages of this cohort") if cohort else _("Your pages"), links)


def plain(title: str, text: str, status: int) -> Response:
    """A page with one sentence; text between backticks is code."""
    return html(title, PageRenderer().draw(message(paragraph(*with_code(text)))), status)


def too_many(wait: int) -> Response:
    minutes = -(-wait // 60)
    said = _n(
        "Too many wrong addresses were tried. Please try again in a minute.",
        "Too many wrong addresses were tried. Please try again in {n} minutes.",
        minutes,
    )
    response = plain(_("Too many tries"), said, 429)
    response.headers["retry-after"] = str(wait)
    return response


async def say_error(request: Request, error: Exception) -> Response:
    """The error page for 404, 405 and 500."""
    if not isinstance(error, HTTPException):
        return plain(_("Something went wrong"), _("Please try again in a moment. Nothing that was saved is lost."), 500)
    if error.status_code == 405:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=error.headers)
        response = plain(_("Not here"), _("This address takes nothing like that. Open it in a browser."), 405)
        response.headers.update(error.headers or {})
        return response
    said = _("There is no such page. Look at its address once more; `/cohort` in the chat leads to what is yours.")
    return plain(_("Not found"), said, error.status_code)
