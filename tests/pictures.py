"""Takes the pictures of README and docs, by `make pictures`: people play four weeks in a sandbox of its own, and a
browser without a window looks. Needs Chromium and a font with emoji (fonts-noto-color-emoji). Look at each picture
before you commit it."""

import base64
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.looked.example import looked
from tests.test_run import PROGRAM, ROOT, Running, running
from tests.test_sandbox_browser import Browser

IMAGES = ROOT / "docs" / "images"
POSTS = {
    "leo": (
        "It knew that I was in a hurry.",
        "The first line of https://example.org/page/tram said how long it would take me: two minutes.",
        "Do your readers know how long your page takes?",
    ),
    "aiko": ("It knew what I had tried.", "It began with the mistake that I had just made.", "Whose mistake is yours?"),
    "mia": (
        "It knew what I was afraid of.",
        "The letter of my landlord answered 'Can I stay?' in line 1; the rest took 3 pages.",
        "What is your reader afraid of?",
    ),
}
"""What they post in the discussion: claim, evidence, question."""

IN_A_POD = {
    "mia": (
        "A kitchen in Berlin, with a door that closes.",
        "One page that my landlord reads.",
        "Mornings, before nine.",
    ),
    "leo": ("The tram, line 9.", "To stop apologising in the first line.", "Twice a day for two minutes."),
    "aiko": ("Osaka, near the river.", "Courage.", "Evenings here, so your mornings."),
}
"""How they introduce themselves to their pod."""

DRAFTS = {
    "mia": "Jo, before you press 'Restart': look who is working. The list is at the top left; it takes ten seconds.",
    "leo": "You can register in eight minutes. Bring your passport and this page, and ask for counter 4.",
    "aiko": "Aunt, the shop sells more if its door says when it is open. Here is how to change that today.",
}
IN_REVIEWS = {
    "mia": ("'Here is how to change that today.'", "None. I would add the one about the door."),
    "leo": ("'Look who is working': I would have pressed 'Restart'.", "The one about the list, if the link says it."),
    "aiko": ("'Bring your passport and this page.'", "None, but counter 4 comes too late: begin with it."),
}
"""What they hand in, and what they say of one another's."""

TEAM_OF_TWELVE = "My reader is my whole team of twelve. Is that one reader, or do I have to pick one of them?"
PICK_ONE = "Pick one, by name. A page for twelve people ends up as twelve half sentences."
HOW_LONG = "How long may the page be? Is there a limit in words?"

FEEDBACK = "I can see your reader. Now say what they do once they have read it."

Json = dict[str, Any]


class Stage:
    """The sandbox, the browser, and the folder for the pictures."""

    def __init__(self, sandbox: Running, browser: Browser, out: Path) -> None:
        self.sandbox, self.browser, self.out = sandbox, browser, out

    def until(self, at: str) -> None:
        self.sandbox.ask("POST", "clock", {"advance": at})

    def act(self, who: str, do: str, **more: Any) -> Json:
        result: Json = self.sandbox.act(who, do, **more)
        assert not result["errors"], result
        return result

    def state(self, who: str) -> Json:
        found: Json = json.loads(self.sandbox.ask("GET", f"state?as={who}"))
        return found

    def press(self, who: str, action: str, about: str = "") -> Json:
        """Presses the newest button of an action that the person sees. `about`: how its subject ends."""
        pressed = [
            (message["id"], control["action"])
            for message in self.state(who)["messages"]
            for control in message["actions"]
            if control["action"].startswith(action) and control["action"].endswith(about)
        ]
        message, exact = pressed[-1]
        return self.act(who, "press", message=message, action=exact)

    def submit(self, who: str, opened: Json, **values: str) -> Json:
        return self.act(who, "submit", action=opened["form"]["action"], values=values)

    def fill(self, who: str, opened: Json, *texts: str, **values: str) -> Json:
        """Submits a form; `texts` go into its text fields in their order."""
        names = [f["name"] for f in opened["form"]["fields"] if f["kind"] == "text"]
        return self.submit(who, opened, **dict(zip(names, texts, strict=False)), **values)

    def post_of(self, words: str, place: str, who: str = "mia") -> int:
        """The newest message of the bot with these words."""
        shown = [m["id"] for m in self.state(who)["messages"] if m["place"] == place and words in m["text"]]
        return int(shown[-1])

    def wrap_up(self, who: str, done: str, then: str, stuck: str = "", quote: str = "yes") -> None:
        opened = self.act(who, "command", text="wrapup")
        self.submit(who, opened, done=done, next=then, stuck=stuck, quote=quote)

    def hand_in(self, who: str, work: str, title: str) -> None:
        opened = self.act(who, "command", text=f"submit {work}")
        if opened["form"]:
            (which,) = [f for f in opened["form"]["fields"] if f["kind"] == "choice"]
            (chosen,) = [o["value"] for o in which["options"] if o["label"].startswith(title)]
            self.submit(who, opened, **{which["name"]: chosen, **self._filled(opened)})

    @staticmethod
    def _filled(opened: Json) -> Json:
        return {f["name"]: f["value"] for f in opened["form"]["fields"] if f["kind"] == "text"}

    def shoot(
        self, name: str, page: str, width: int, height: int, scale: float = 1, show: str = "", then: Sequence[str] = ()
    ) -> None:
        """A picture of a page. `show`: scrolls the last post with this text to the top. `then`: scripts, each of which
        is tried until it gives true."""
        tab = self.browser.open(page if "://" in page else f"http://127.0.0.1:{self.sandbox.port}{page}")
        size = {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 500}
        self.browser.ask("Emulation.setDeviceMetricsOverride", tab.session, **size)
        place = [script for script in (show and scrolled(show, -1), *then) if script and "scrollTop" in script]
        self.browser.ask("Emulation.setScrollbarsHidden", tab.session, hidden=True)
        tab.until("document.readyState === 'complete'")
        time.sleep(4 if then else 1)  # until the page has scrolled and drawn, and hears presses
        if show:
            tab.until(scrolled(show, -1))
        for script in then:
            tab.until(script)
            time.sleep(1)
        for _try in range(5):
            cut = int(tab.run(CUT))
            if not cut:
                break
            size["height"] += cut
            self.browser.ask("Emulation.setDeviceMetricsOverride", tab.session, **size)
            time.sleep(0.5)
            for script in place or [AT_THE_END]:
                tab.until(script)
            time.sleep(0.5)
        time.sleep(0.5)
        png = self.browser.ask("Page.captureScreenshot", tab.session)["data"]
        (self.out / f"{name}.png").write_bytes(base64.b64decode(png))
        self.browser.ask("Page.close", tab.session)


CUT = """(() => {
  const dialog = document.querySelector('dialog[open]');
  for (const list of dialog ? [] : document.querySelectorAll('.posts')) {
    const {top, bottom} = list.getBoundingClientRect(), walker = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
    const lines = [...list.querySelectorAll('button, select, img')].map(e => e.getBoundingClientRect());
    while (walker.nextNode()) {
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      lines.push(...range.getClientRects());
    }
    const there = lines.filter(line => line.height > 4 && line.width > 4);
    const below = there.filter(line => line.top < bottom - 1 && line.bottom > bottom + 1);
    if (below.length) return Math.ceil(Math.max(...below.map(line => line.bottom - bottom))) + 10;
    const above = there.filter(line => line.top < top - 1 && line.bottom > top);
    if (above.length) return Math.ceil(Math.max(...above.map(line => top - line.top))) + 10;
  }
  return 0;
})()"""
"""By how many pixels a picture has to be higher, so that no line or button is cut at an edge of a list of posts."""

AT_THE_END = "([...document.querySelectorAll('.posts')].forEach(list => list.scrollTop = list.scrollHeight), true)"


def scrolled(words: str, which: int, part: str = ".post") -> str:
    """Scrolls to a post, or a part of one, with these words: the first (0) or the last one (-1)."""
    found = (
        f"[...document.querySelectorAll('{part}')].filter(p => p.innerText.includes({json.dumps(words)})).at({which})"
    )
    to_top = "list.scrollTop += post.getBoundingClientRect().top - list.getBoundingClientRect().top - 2"
    return (
        f"(post => {{ if (!post) return false; const list = post.closest('.posts'); {to_top}; return true }})({found})"
    )


def clicked(label: str) -> str:
    """Presses the newest button, or the tab of a page, with this label."""
    found = f"[...document.querySelectorAll('button, header a')].filter(b => b.innerText == {json.dumps(label)}).at(-1)"
    return f"(button => button && (button.click(), true))({found})"


def typed(*texts: str) -> str:
    """Fills in the text fields of the open form."""
    fields = "[...document.querySelectorAll('dialog textarea')]"
    put = f"{json.dumps(texts)}.forEach((text, n) => fields[n].value = text)"
    return f"(fields => fields.length >= {len(texts)} && ({put}, true))({fields})"


def chosen(number: int) -> str:
    """Chooses an option of the open form."""
    return f"(field => field && (field.selectedIndex = {number}, true))(document.querySelector('dialog select'))"


def discuss(stage: Stage) -> None:
    """Leo and Aiko post; Mia fills in the form, reads them, and replies."""
    for who in ("leo", "aiko"):
        stage.fill(who, stage.press(who, "discussions.post"), *POSTS[who], quote="yes" if who == "leo" else "")
    stage.shoot("discussion-form", "/as/mia/page-writers", 1080, 980, then=[clicked("Post"), typed(*POSTS["mia"])])
    stage.fill("mia", stage.press("mia", "discussions.post"), *POSTS["mia"], quote="yes")
    stage.press("mia", "discussions.read")
    stage.shoot("discussion-others", "/as/mia/dm", 900, 800, show="Nobody has answered yet.")
    stage.fill("mia", stage.press("mia", "discussions.reply"), "Mine do not. I will put it into the first line.")


def first_week(stage: Stage) -> None:
    stage.until("2026-03-02T10:12:00Z")
    stage.shoot("live-session", "/as/mia/dm", 900, 760, show="Read it aloud")
    asked = stage.act("mia", "say", place="questions", text=TEAM_OF_TWELVE)["message"]
    stage.until("2026-03-02T13:40:00Z")
    text = "I had the same doubt. I wrote for the newest colleague, and the rest understood it too."
    helped = stage.act("leo", "say", place="questions", thread=asked, text=text)["message"]
    stage.act("mia", "shortcut", message=helped, action="thanks.thank")
    stage.until("2026-03-03T07:05:00Z")
    reply = stage.act("ines", "say", place="questions", thread=asked, text=PICK_ONE)["message"]
    stage.act("mia", "react", message=reply, emoji="✅")
    discuss(stage)
    stage.fill("mia", stage.press("mia", "selfchecks.try"), "My colleagues would: it says that Jo is new and shy.")
    stage.press("mia", "selfchecks.answer")
    stage.shoot("self-check", "/as/mia/dm", 900, 560, show="Check yourself\n")
    question = "May the page be in Japanese, if my reader reads no English?"
    stage.act("aiko", "command", text=f"ask {question} anonymous=yes")
    stage.until("2026-03-05T09:10:00Z")
    stage.hand_in("mia", "My reader is Jo, who starts in our team on Monday.", "Your reader")
    stage.until("2026-03-06T09:10:00Z")
    stage.act("aiko", "say", place="dm:aiko", text="I may have to stop, my father is ill")
    stage.shoot("private-message", "/as/aiko/dm", 980, 760)
    stage.press("aiko", "talk.team")
    stage.until("2026-03-06T15:42:00Z")
    stage.wrap_up(
        "mia",
        "Described my reader: Jo, who starts in our team on Monday.",
        "Three openings, and then I keep one.",
        "How much Jo knows already.",
    )
    stage.shoot("phone", "/as/mia/dm", 390, 844, 2, show="Week 1 wrap-up")
    stage.until("2026-03-07T09:00:00Z")
    stage.shoot("thanks", "/as/leo/dm", 900, 760, show="May I name you")
    stage.wrap_up("leo", "Threw two descriptions away. The third one is a person.", "Read it aloud.")
    stage.wrap_up("aiko", "Translated my page twice.", "The last sentence.", "My reader keeps changing.", quote="")
    stage.hand_in("aiko", "My reader is my aunt, who sells tea and has four minutes.", "Your reader")
    stage.until("2026-03-08T08:00:00Z")
    stage.act("tane", "say", place="questions", text=HOW_LONG)
    stage.until("2026-03-08T12:30:00Z")
    stage.act("ines", "command", text="desk")
    stage.press("ines", "recaps.script")
    stage.shoot("recap", "/as/ines/dm", 900, 820, show="Recap of week 1")


def second_week(stage: Stage, folder: Path) -> None:
    stage.until("2026-03-09T09:30:00Z")
    stage.shoot("week-card", "/as/mia/dm", 900, 1130, show="Week 1 wrap-up")
    stage.shoot("desk", "/as/ines/dm", 1280, 1210, show="Your desk")
    give_feedback(stage)
    root = stage.post_of("Which page did you last read", "page-writers")
    both = [scrolled("Which page did you last read", 0), scrolled("in short", -1)]
    stage.shoot("discussion", f"/as/mia/page-writers?thread={root}", 1280, 760, then=both)
    stage.hand_in("leo", "https://example.org/leo/reader", "Your reader")
    questions = stage.state("mia")["messages"]
    thread = next(m["id"] for m in questions if m["place"] == "questions" and m["text"] == TEAM_OF_TWELVE)
    stage.shoot("sandbox", f"/as/mia/questions?thread={thread}", 1280, 800)
    stage.act("ines", "command", text="faq")
    stage.shoot("faq-review", "/as/ines/dm", 1280, 620)
    stage.press("ines", "faq.approve")
    together = next(m["id"] for m in questions if "Week 1: the week together" in m["text"])
    stage.shoot("week-together", f"/as/tane/page-writers?thread={together}", 1280, 800, show="the week together")
    change_course(stage, folder)


def give_feedback(stage: Stage) -> None:
    opened = stage.press("ines", "feedback.give")
    work = opened["form"]["action"].partition(":")[2]
    stage.fill("ines", opened, FEEDBACK)
    link = stage.press("ines", "feedback.page")
    found = re.search(r"http://[^ )]+/in/[^ )]+", link["reply"]["text"])
    assert found
    stage.shoot(
        "feedback",
        found[0],
        900,
        560,
        then=[clicked("Go on"), f"document.title.startsWith('Work') && (location.pathname += '/{work}', true)"],
    )


def page_of_the_team(stage: Stage, who: str, tab: str, name: str, height: int) -> None:
    stage.act(who, "command", text="desk")
    link = stage.press(who, "digests.pages")
    found = re.search(r"http://[^ )]+/in/[^ )]+", link["reply"]["text"])
    assert found
    there = f"document.querySelector('[aria-current]')?.textContent === '{tab}'"
    stage.shoot(name, found[0], 1200, height, then=[clicked("Go on"), clicked(tab), there])


def laid_out(stage: Stage) -> None:
    """The page on which the cohort's course is laid out."""
    link = stage.act("ines", "press", action=course_action(stage))
    found = re.search(r"http://[^ )]+/in/[^ )]+", link["reply"]["text"])
    assert found
    stage.shoot(
        "page-draft", found[0], 1200, 900, then=[clicked("Go on"), "document.querySelector('section') !== null"]
    )


def course_action(stage: Stage) -> str:
    shown = stage.act("ines", "command", text="course")["reply"]["actions"]
    return str(next(one["action"] for one in shown if one["label"] == "On a page"))


def change_course(stage: Stage, folder: Path) -> None:
    text = (ROOT / "courses" / "demo.yaml").read_text()
    for before, after in (
        ("without losing a thought", "and lose no thought"),
        (
            'Read "The first three lines"\n        link: https://example.org/page/first-lines\n        minutes: 20',
            'Read "The first three lines"\n        link: https://example.org/page/first-lines\n        minutes: 15',
        ),
        (
            "title: The first draft of your page\n    due: Sun 23:59",
            "title: The first draft of your page\n    due: Sun 18:00",
        ),
    ):
        assert before in text
        text = text.replace(before, after)
    stage.act("ines", "command", text="course")
    opened = stage.press("ines", "revisions.upload")
    (field,) = [f for f in opened["form"]["fields"] if f["kind"] == "file" or f.get("long")][:1]
    stage.submit("ines", opened, **{field["name"]: text})
    stage.shoot("course", "/as/ines/dm", 900, 840, show="This would change")


def last_weeks(stage: Stage) -> None:
    stage.until("2026-03-10T08:30:00Z")
    form = [clicked("Move my dates"), clicked("The first draft of your page")]
    form += [chosen(7), typed("We move house this week.")]
    stage.shoot("more-time", "/as/mia/dm", 900, 760, then=form)
    stage.press("mia", "milestones.more")
    opened = stage.press("mia", "milestones.more", ":draft")
    stage.submit("mia", opened, days="7", reason="We move house this week.")
    stage.act("ines", "command", text="desk")
    stage.press("ines", "digests.pile", "milestones/time.1")
    stage.shoot("more-time-desk", "/as/ines/dm", 900, 420)
    stage.until("2026-03-13T15:30:00Z")
    stage.wrap_up("mia", "Five openings, and one that works.", "Cut it.")
    stage.hand_in("mia", "https://example.org/my-draft", "The first draft")
    stage.until("2026-03-16T12:10:00Z")
    stage.shoot("manager", "/as/omar/dm", 1280, 960, show="would like a look")
    page_of_the_team(stage, "ines", "Learners", "page-learners", 690)
    page_of_the_team(stage, "omar", "Dates", "page-dates", 1040)
    laid_out(stage)
    for who, day, done in (
        ("mia", "2026-03-17T09:30:00Z", "Cut the opening to one line."),
        ("leo", "2026-03-17T11:00:00Z", "Read mine aloud to my neighbour."),
        ("aiko", "2026-03-17T12:00:00Z", "Found three sentences that say the same."),
    ):
        stage.until(day)
        stage.fill(who, stage.press(who, "checkins.answer"), done, "The second paragraph.", shown="yes")
    stage.until("2026-03-17T12:30:00Z")
    check_in = stage.post_of("The page of drafts", "page-writers")
    stage.shoot("check-in", f"/as/mia/page-writers?thread={check_in}", 1280, 700)
    stage.until("2026-03-17T18:05:00Z")
    for who, about, nameless in (("leo", "the third paragraph", ""), ("aiko", "", ""), ("mia", "my first line", "yes")):
        stage.fill(who, stage.press(who, "rooms.here"), about, nameless=nameless)
    stage.fill("aiko", stage.press("aiko", "rooms.done"), "Three sentences became one.", then="leave")
    room = stage.post_of("An hour for your page, open", "page-writers")
    stage.shoot("room", f"/as/leo/page-writers?thread={room}", 1280, 700)
    stage.until("2026-03-24T09:30:00Z")
    stage.press("mia", "scenarios.begin")
    stage.press("mia", "scenarios.choose")
    stage.shoot("scenario", "/as/mia/dm", 900, 620)
    stage.act("mia", "command", text="")
    stage.press("mia", "completion.stands")
    stage.shoot("progress", "/as/mia/dm", 900, 860)
    stage.until("2026-03-27T15:30:00Z")
    stage.hand_in("mia", "https://example.org/my-page", "The page")
    stage.until("2026-04-20T09:00:00Z")
    stage.press("mia", "completion.page")
    stage.press("mia", "completion.show")
    code = next(c for m in stage.state("mia")["messages"][::-1] for c in codes(m["text"]))
    stage.shoot("certificate-page", f"/certificate/{code}", 900, 520, 1.5)


def pod(folder: Path, browser: Browser, out: Path) -> None:
    """Four learners in a pod, in a sandbox of its own: the demonstration has no pods."""
    with running(folder / "pods", clock="2026-03-02T07:00:00Z") as sandbox:
        sandbox.ask("GET", "people")
        stage = Stage(sandbox, browser, out)
        text = (ROOT / "courses" / "demo.yaml").read_text() + "\npods: {size: 4}\n"
        stage.act("ines", "command", text="course")
        opened = stage.press("ines", "revisions.upload")
        (field,) = [f for f in opened["form"]["fields"] if f["kind"] == "file" or f.get("long")][:1]
        stage.submit("ines", opened, **{field["name"]: text})
        stage.press("ines", "revisions.use")
        stage.until("2026-03-02T22:00:00Z")
        for who in IN_A_POD:
            stage.act(who, "command", text="")
            stage.press(who, "pods.join")
        stage.until("2026-03-04T12:00:00Z")
        for who, answers in IN_A_POD.items():
            stage.fill(who, stage.press(who, "pods.introduce"), *answers)
        stage.shoot("pod", "/as/mia/demo-pod-1", 1280, 760)


def reviews(folder: Path, browser: Browser, out: Path) -> None:
    """Three learners review one another."""
    with running(folder / "reviews", clock="2026-03-02T07:00:00Z") as sandbox:
        sandbox.ask("GET", "people")
        stage = Stage(sandbox, browser, out)
        stage.until("2026-03-13T09:00:00Z")
        for who, draft in DRAFTS.items():
            stage.hand_in(who, draft, "The first draft")
        stage.until("2026-03-17T09:00:00Z")
        for who in ("leo", "mia", "aiko"):
            stage.act(who, "command", text="")
            stage.press(who, "reviews.take")
            if who == "leo":
                stage.shoot("review-piece", "/as/leo/dm", 980, 620, show="The work of")
                form = [clicked("Write the review"), typed(*IN_REVIEWS["leo"])]
                stage.shoot("review-form", "/as/leo/dm", 980, 700, then=form)
            written = stage.press(who, "reviews.send")
            stage.fill(who, written, *IN_REVIEWS[who])
        stage.until("2026-03-18T17:00:00Z")
        stage.shoot("review-bundle", "/as/mia/dm", 980, 640, show="of your work")
        for who, useful in (("mia", "very"), ("leo", "not")):
            stage.press(who, "reviews.read")
            stage.submit(who, stage.press(who, "reviews.useful"), useful=useful)
        stage.act("ines", "command", text="")
        stage.press("ines", "reviews.matrix")
        stage.shoot("review-matrix", "/as/ines/dm", 980, 560, show="Cut the draft of one")


def codes(text: str) -> list[str]:
    return [part.split("/certificate/")[1] for part in text.split() if "/certificate/" in part]


def rehearsal(stage: Stage, folder: Path) -> None:
    course, out = ROOT / "courses" / "digital-marketing.yaml", folder / "rehearsal"
    line = [str(PROGRAM), "rehearse", str(course), "--start", "2026-03-02", "--learners", "30", "--out", str(out)]
    subprocess.run(line, check=False, stdout=subprocess.DEVNULL)
    stage.shoot("rehearsal", f"file://{out}/index.html", 900, 918)


def look(stage: Stage, folder: Path) -> None:
    """A course with calls, by its own export and calendar."""
    export, calendar = looked(folder)
    line = [str(PROGRAM), "look", str(export), str(calendar), "--out", str(folder / "look")]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    stage.shoot("look", f"file://{folder}/look/index.html", 900, 1052)


def main(out: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="pictures-"))
    with running(folder / "data", clock="2026-03-02T07:00:00Z") as sandbox:
        sandbox.ask("GET", "people")
        browser = Browser(folder / "browser")
        try:
            stage = Stage(sandbox, browser, out)
            first_week(stage)
            second_week(stage, folder)
            last_weeks(stage)
            rehearsal(stage, folder)
            look(stage, folder)
            pod(folder, browser, out)
            reviews(folder, browser, out)
        finally:
            browser.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)
