"""The certificate as one self-contained page of HTML, made to be printed: A4, landscape."""

from datetime import date
from html import escape
from math import cos, pi, sin
from string import Template

from bot.core.codes import grouped
from bot.core.message import unwrapped
from bot.core.time import say_day
from bot.core.translation import _
from bot.features.completion.store import Certificate


def span(first: date, last: date) -> str:
    """'5 January to 1 February 2026'."""
    end = say_day(last, "long")
    if first.year != last.year:
        return _("{first} to {last}", first=say_day(first, "long"), last=end)
    if first.month != last.month:
        return _("{first} to {last}", first=say_day(first, "month"), last=end)
    return _("{first} to {last}", first=first.day, last=end)


def page(certificate: Certificate) -> str:
    """The whole page; everything that a person typed is escaped."""
    return _PAGE.substitute(
        name=escape(unwrapped(certificate.name)),
        course=escape(unwrapped(certificate.course)),
        name_size=_size(certificate.name, 6.6, 3.4, 22),
        course_size=_size(certificate.course, 3.2, 2.2, 50),
        ran=escape(_("which ran from {span}.", span=span(certificate.started_on, certificate.ended_on))),
        title=escape(
            _("Certificate: {name}, {course}", name=unwrapped(certificate.name), course=unwrapped(certificate.course))
        ),
        heading=escape(_("Certificate of completion")),
        certify=escape(_("This is to certify that")),
        completed=escape(_("has completed the course")),
        issued_on=escape(_("Issued on")),
        check=escape(_("To check it, write /cohort certificate and this code in the chat of the course")),
        issued=escape(say_day(certificate.issued_at, "long")),
        code=escape(grouped(certificate.code)),
        rosette=_rosette(),
    )


def _size(text: str, largest: float, least: float, fits: int) -> str:
    """The font size of a line in hundredths of the page's width: smaller if the text would not fit."""
    return f"{max(least, largest * min(1, fits / max(1, len(unwrapped(text))))):.2f}"


def _rosette() -> str:
    """The fine lines of the seal: two waves around a circle, as points of a closed path."""
    paths = []
    for petals, inner, outer in ((18, 30, 47), (18, 47, 30), (30, 36, 44)):
        points = []
        for n in range(360):
            turn = 2 * pi * n / 360
            radius = (inner + outer) / 2 + (outer - inner) / 2 * cos(petals * turn)
            points.append(f"{50 + radius * cos(turn):.1f} {50 + radius * sin(turn):.1f}")
        paths.append(f'<path d="M{"L".join(points)}Z"/>')
    return "".join(paths)


_PAGE = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>$title</title>
<style>
@page { size: A4 landscape; margin: 0 }
* { box-sizing: border-box; margin: 0 }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact }
body {
  display: grid; min-height: 100vh; place-items: center; background: #e7e5df; color: #1b2a38;
  font-family: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", "URW Palladio L", Georgia, serif;
}
main {
  container-type: inline-size; position: relative; overflow: hidden;
  width: min(297mm, 100vw, 141.4vh); aspect-ratio: 297 / 210;
  background: radial-gradient(circle at 50% 38%, #fffefb, #faf6ec); box-shadow: 0 2px 24px #22303c33;
}
.frame { position: absolute; inset: 3.4%; border: .2cqw solid #b08d3f }
.frame::before { content: ""; position: absolute; inset: .7cqw; border: .07cqw solid #b08d3f }
.corner {
  position: absolute; width: 4.6cqw; aspect-ratio: 1; border: .07cqw solid #b08d3f; background: #fcf9f1;
}
.corner::after {
  content: ""; position: absolute; inset: .6cqw; background: #b08d3f; transform: rotate(45deg) scale(.42);
}
.corner:nth-of-type(1) { top: -1px; left: -1px }
.corner:nth-of-type(2) { top: -1px; right: -1px }
.corner:nth-of-type(3) { bottom: -1px; left: -1px }
.corner:nth-of-type(4) { bottom: -1px; right: -1px }
article {
  position: absolute; inset: 9.5% 11% 8.5%; display: flex; flex-direction: column; align-items: center;
  text-align: center;
}
h1 {
  font-size: 2.1cqw; font-weight: 400; letter-spacing: .42em; margin-right: -.42em; text-transform: uppercase;
  color: #8a6b25;
}
.rule {
  width: 9cqw; height: .12cqw; margin-top: 1.5cqw;
  background: linear-gradient(90deg, transparent, #b08d3f, transparent);
}
section {
  flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center;
  padding-bottom: 1cqw;
}
p { font-size: 1.6cqw; line-height: 1.5; color: #4b5862 }
.name, .course { color: #1b2a38; overflow-wrap: anywhere; text-wrap: balance }
.name { font-size: ${name_size}cqw; line-height: 1.2; margin: 1.1cqw 0 .9cqw }
.course { font-size: ${course_size}cqw; line-height: 1.3; margin: .9cqw 0; font-style: italic }
footer { width: 100%; display: grid; grid-template-columns: 1fr auto 1fr; gap: 3cqw; align-items: start }
footer p { font-size: 1.15cqw; line-height: 1.45; padding-top: 4.2cqw }
footer b {
  display: block; font-weight: 400; font-size: 1.5cqw; line-height: 2cqw; color: #1b2a38;
  padding-bottom: .35cqw; margin-bottom: .5cqw; border-bottom: .07cqw solid #b08d3f;
}
footer .code {
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; letter-spacing: .06em;
  font-size: 1.4cqw;
}
svg { width: 11.5cqw; display: block }
@media print {
  body { background: none; display: block; min-height: 0 }
  main { width: 297mm; height: 209.9mm; box-shadow: none }
}
</style>
</head>
<body>
<main>
<div class="frame"><i class="corner"></i><i class="corner"></i><i class="corner"></i><i class="corner"></i></div>
<article>
<h1>$heading</h1>
<div class="rule"></div>
<section>
<p>$certify</p>
<p class="name" dir="auto"><bdi>$name</bdi></p>
<p>$completed</p>
<p class="course" dir="auto"><bdi>$course</bdi></p>
<p>$ran</p>
</section>
<footer>
<p><b>$issued</b>$issued_on</p>
<svg viewBox="0 0 100 100" aria-hidden="true"><g fill="none" stroke="#b08d3f" stroke-width=".32">$rosette</g>
<circle cx="50" cy="50" r="25" fill="#fdfaf2" stroke="#b08d3f" stroke-width=".9"/>
<circle cx="50" cy="50" r="22.6" fill="none" stroke="#b08d3f" stroke-width=".3"/>
<path d="M38.5 51l8 8 15-18" fill="none" stroke="#8a6b25" stroke-width="3" stroke-linecap="round"/></svg>
<p><b class="code">$code</b>$check</p>
</footer>
</article>
</main>
</body>
</html>
""")
