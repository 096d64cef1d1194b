"""Asks authors whether a piece that may show a name is handed out without names all the same."""

from bot.core.contributions import Extra, Upcoming, Work
from bot.core.message import (
    Bold,
    Button,
    Message,
    Text,
    buttons,
    message,
    note,
    paragraph,
    shorten,
)
from bot.core.translation import _, phrase
from bot.features.reviews import rules
from bot.features.reviews.views import about, action


def may_show(cohort: int, title: str, work: Work, why: str) -> Message:
    """Asks the author whether a piece of an anonymous review may be handed out. `why` it may show their name."""
    extra = may_show_extra(cohort, title, work)
    return message(paragraph(*extra.text), note(why) if why else None, buttons(extra.button, extra.second))


def may_show_extra(cohort: int, title: str, work: Work) -> Extra:
    """The same on the card of a week."""
    no = Button(_("Not like this"), _consent(cohort, work, "no"))
    return Extra(
        _may_show(title, work), hand_out_button(cohort, work), second=no, name=f"reviews/{work.name}", stands=True
    )


def _may_show(title: str, work: Work) -> Text:
    what = Bold(shorten(work.link or (work.file.name if work.file else "") or _("your text"), 80))
    if work.pod and work.by not in (None, work.person):
        return phrase(
            "“{title}” is reviewed without names, and your name may stand in {what}, which your pod handed in. Nobody"
            " gets it before you say so.",
            title=about(title),
            what=what,
        )
    if work.pod:
        return phrase(
            "“{title}” is reviewed without names, and {what} may show a name of your pod. Nobody gets it before you say"
            " so.",
            title=about(title),
            what=what,
        )
    return phrase(
        "“{title}” is reviewed without names, and {what} may show your name. Nobody gets it before you say so.",
        title=about(title),
        what=what,
    )


def may_show_line(cohort: int, title: str, work: Work) -> Upcoming:
    button = Button(_("Hand it out"), action("ask_consent", cohort, work.name))
    return Upcoming(_may_show(title, work), None, button, counts=True)


def kept_line(cohort: int, title: str, work: Work) -> Upcoming:
    """They said no, and may think again."""
    line = _("“{title}”: you did not want your work handed out, so the instructor reads it", title=about(title))
    return Upcoming((line,), None, hand_out_button(cohort, work), name=about(title))


def kept_by_others_line(title: str) -> Upcoming:
    """Another one of the pod said no."""
    line = _(
        "“{title}”: somebody of your pod did not want their name handed out, so the instructor reads it. Without that"
        " name it is reviewed.",
        title=about(title),
    )
    return Upcoming((line,), None, None, name=about(title))


def hand_out_button(cohort: int, work: Work) -> Button:
    return Button(_("Hand it out as it is"), _consent(cohort, work, "yes"))


def _consent(cohort: int, work: Work, said: str) -> str:
    return action("consent", cohort, f"{work.name}.{rules.stamp_of(work)}.{said}")


def changed_since(cohort: int, title: str, work: Work, why: str) -> Message:
    """Answers a button of a version before. `why` the present one may show a name; '' if it asks nothing."""
    if not why:
        return message(paragraph(_("This work was changed since. There is nothing to ask about it as it is now.")))
    asked = may_show(cohort, title, work, why)
    return message(paragraph(_("This work was changed since. Please look once more.")), *asked.blocks)


def consented(cohort: int, title: str, work: Work, agreed: bool) -> Message:
    said = (
        _("“{title}”: your work is handed out to reviewers as it is.", title=about(title))
        if agreed
        else _(
            "“{title}”: your work is not handed out. Hand in one without your name instead, such as your text or a"
            " PDF; the course team sees it in any case.",
            title=about(title),
        )
    )
    other = Button(_("Do not hand it out"), _consent(cohort, work, "no")) if agreed else hand_out_button(cohort, work)
    return message(paragraph(said), buttons(other))
