"""The keys of the course file: the one declaration behind loader, forms, JSON Schema and reference page."""

from datetime import timedelta

from bot.core.translation import N_
from bot.course.grammar import Key, ListOf, MapOf
from bot.course.model import INTRODUCED
from bot.course.moment import Clockface
from bot.course.policies import LONGEST, CompletionValue, ExtensionValue, LateValue, MilestonesNeeded, QuantityValue
from bot.course.protocols import PROTOCOLS
from bot.course.source import quoted
from bot.course.value_types.moments import HoursValue, MomentValue
from bot.course.value_types.numbers import WeekValue, Whole
from bot.course.value_types.spans import Minutes, Span
from bot.course.value_types.texts import Id, Language, Link, SecureLink, ShortText, Text, plain_word
from bot.course.value_types.words import Choice, Flag

TITLE = Key("title", Text(), "What learners read.", required=True)
WEEK_NUMBER = WeekValue()
MOST_WEEKS = 104
"""Weeks of a course: two years."""

MOST_ITEMS = 520
"""Items of one kind, such as milestones: five a week."""

MOST_FIELDS = 6
"""Fields of a discussion post."""

MOST_ROUNDS = 6
"""Rounds of a discussion."""

MOST_LIVE_ONLY = 5
"""Objectives of a course that need people at the same time."""

MOST_NODES = 60
"""Nodes of a scenario."""

MOST_CHOICES = 5
"""Choices of a node: one row of buttons on each platform."""

LEAST_IN_POD, MOST_IN_POD = 4, 6
"""People in a pod, where the numbers come out."""

MOST_INTRODUCED = 5
"""Questions of an introduction: one form on each platform."""

LONE_TEXTS = ListOf(Text(), 1, lone=True)
REFLECTION = ListOf(Text(), 1, lone=True, most=5)
"""At most as many questions as a form takes."""


def _id(doc: str, example: str) -> Key:
    return Key("id", Id(), doc, required=True, example=example)


def _week(doc: str) -> Key:
    return Key("week", WEEK_NUMBER, doc, required=True, example="1")


def _title(default: str, doc: str = "What learners read.") -> Key:
    return Key("title", Text(), doc, default=default)


def _minutes(doc: str) -> Key:
    return Key("minutes", Minutes(), doc, default="0")


def _flag(name: str, doc: str, default: str = "no") -> Key:
    return Key(name, Flag(), doc, default=default)


def _moment(name: str, zone: Clockface, usual: str, doc: str) -> Key:
    return Key(name, MomentValue(zone, usual), doc, default=usual)


HOLD = Span(
    timedelta(days=14),
    timedelta(hours=1),
    says=N_("a length of time from an hour to 14 days: `48 h`, `3 days`"),
    example="48 h",
    least=timedelta(hours=1),
)

DAYS = Span(LONGEST, timedelta(days=1), says=N_("a number of days: `3 days`, or `none`"), example="3 days")

COMPLETION = MapOf(
    "Completion rule",
    "The rule in parts. Its short form is a sentence.",
    (
        Key("milestones", MilestonesNeeded(), "Which milestones must be handed in.", default="essential"),
        Key("wrapups", QuantityValue(), "How many wrap-ups must be answered.", default="none"),
        Key("discussions", QuantityValue(), "In how many discussions to post and reply.", default="none"),
        Key("scenarios", QuantityValue(), "How many scenarios to play to an ending.", default="none"),
        Key("reviews", QuantityValue(), "In how many peer reviews to give the reviews asked for.", default="none"),
    ),
    short=CompletionValue(),
)

COURSE = MapOf(
    "Course",
    "What the course is and how much time it takes.",
    (
        _id("Names the course in commands and links; it stays the same from run to run.", "my-course"),
        TITLE,
        Key(
            "weekly_minutes",
            Minutes(1),
            "How much time a learner has for the course in a week. The audit compares every week with it. During a run "
            "only the manager can raise it.",
            required=True,
            example="300",
            looser="higher",
            label=N_("minutes a week"),
        ),
        Key(
            "completion",
            COMPLETION,
            "Who has completed the course. Where no milestone is essential, `essential` means all of them.",
            default="all essential milestones",
        ),
        Key(
            "language",
            Language(),
            "The language in which the course's people write. Where it is not English, nothing is suggested, grouped "
            "or read out of threads by its meaning, and searches go by words alone.",
            default="en",
        ),
        Key(
            "live_only",
            ListOf(Text(), 1, lone=True, most=MOST_LIVE_ONLY),
            "The few objectives that need people at the same time. Each live session serves one of them. While a "
            "cohort runs, only its manager adds to them.",
        ),
        _flag("recap", "Whether the instructors' desk has a script for their weekly recap.", "yes"),
    ),
)

MATERIAL = MapOf(
    "Material",
    "Something to study.",
    (
        TITLE,
        Key("link", Link(), "Where it is."),
        _minutes("How long it takes an ordinary learner."),
        Key(
            "kind",
            Choice(
                {"video": "film", "audio": "podcast", "reading": "article text book", "exercise": "", "tool": ""},
                default="reading",
            ),
            "What it is. Without it, it is guessed from the link and a title beginning with 'Watch' or 'Listen'.",
        ),
        Key(
            "transcript",
            Text("a link or a path to the transcript, or `yes` where the link itself carries it", "yes"),
            "The words of a video or a recording, for those who cannot or will not listen.",
        ),
        _flag("captions", "Whether a video has captions."),
        Key("guide", LONE_TEXTS, "Guided notes or pause prompts: what to look for, where to stop and think."),
    ),
)

SELF_CHECK = MapOf(
    "Self-check",
    "A question that learners answer for themselves: nobody reads what they try. Its short form is the question alone.",
    (
        Key("question", Text(), "The question.", required=True),
        Key("answer", Text(), "What a good answer holds. A learner sees it after a try of their own."),
    ),
    short=Text(),
)

WEEK = MapOf(
    "Week",
    "One week, in order: the first is week 1.",
    (
        TITLE,
        Key(
            "id",
            Id(),
            "What `week:` may name instead of the number, which changes when a week is inserted. Without it a week is "
            "recognised by its title.",
            example="kick-off",
        ),
        Key("goal", Text(), "What a learner can do at its end. The audit asks for one in every week."),
        Key("minutes", Minutes(), "How long the whole week takes, if that is more than the sum of its items."),
        Key("materials", ListOf(MATERIAL), "What to study."),
        Key("self_check", ListOf(SELF_CHECK, 1, lone=True), "Questions to check oneself with."),
    ),
)

QUESTION = MapOf(
    "Question",
    "One field of a prompt.",
    (
        _id("Keeps the answers together when the wording changes.", "question"),
        Key(
            "kind",
            Choice(
                {
                    "text": "short string line short_text short_answer",
                    "long": "paragraph textarea longtext long_text long_answer free_text open",
                    "choice": "select multiple_choice radio dropdown options",
                    "scale": "rating stars likert",
                    "number": "integer int count",
                    "yes_no": "boolean bool yesno yes-no checkbox tick",
                    "link": "url",
                },
                default="long",
            ),
            "`text` is one line and `long` several; `choice` and `scale` take `options`.",
            required=True,
            example="long",
        ),
        Key("text", Text(), "What is asked.", required=True),
        Key(
            "audience",
            Choice(
                {
                    "cohort": "everyone everybody all public learners students group class",
                    "instructors": "private staff teachers teacher managers team",
                },
                default="instructors",
            ),
            "Who sees the answer. There is no default; the form tells the person who answers.",
            required=True,
            example="instructors",
        ),
        Key(
            "options",
            ListOf(Text(), 2),
            "The choices of a `choice`, or the steps of a `scale` if they are not 1 to 5.",
        ),
        _flag("required", "Whether it must be answered.", "yes"),
    ),
)

EXTENSION = MapOf(
    "Extension",
    "Each counts from the date that the learner would have otherwise. Its short form is one of them.",
    (
        Key("self", DAYS, "How far learners may move the date by themselves.", default="none"),
        Key("ask", DAYS, "How much more time they may ask for. An instructor answers by one press.", default="14 days"),
        Key("auto", DAYS, "Up to how much a request is granted at once: more than `self`.", default="none"),
    ),
    short=ExtensionValue(),
)

_EXTENSION = Key(
    "extension",
    EXTENSION,
    "How far the date may move, and who may move it.",
    default="7 days by instructor",
)

PROMPT = MapOf(
    "Prompt",
    "A wrap-up prompt: it opens and closes by the clock of each learner, and 'late' is after their own close.",
    (
        _id("Names it in commands and reports.", "wrapup"),
        _title("Weekly wrap-up", "What learners read above it."),
        Key("week", WEEK_NUMBER, "The one week in which it is asked. Give this or `weekly`."),
        Key("weekly", Flag(), "`yes`: it is asked in every week."),
        _moment("opens", "learner", "Fri 16:00", "When it is sent."),
        _moment(
            "closes",
            "learner",
            "Sun 23:59",
            "When an answer becomes late: the first such moment after `opens`, so it may lie in the next week.",
        ),
        _flag(
            "names",
            "`yes`, for introductions: each author is asked whether the cohort sees their name with their answers.",
        ),
        _EXTENSION,
        Key("questions", ListOf(QUESTION, 1), "What is asked.", required=True),
    ),
)

MILESTONE = MapOf(
    "Milestone",
    "Work to hand in. Its due date is one instant for everybody, shown to each reader in their own time.",
    (
        _id("Names it in commands and keeps the work together.", "milestone"),
        _week("The week in which it opens and is due."),
        TITLE,
        _moment(
            "opens", "learner", "Mon 00:00", "From when it can be handed in. `week 2 Mon 09:00` names another week."
        ),
        _moment("due", "aoe", "Sun 23:59", "When it is due: in the same week, unless it reads `week 4 Sun 23:59`."),
        Key("grace", Span(), "How long after `due` it still counts as on time.", default="none"),
        Key("late", LateValue(), "What happens to work after that.", default="accepted"),
        _EXTENSION,
        _flag("essential", "Whether the course cannot be completed without it. A missed one brings the catch-up card."),
        _flag("pod", "Whether one hands in for their whole pod. Learners without a pod hand in for themselves."),
        _minutes("How long the work takes."),
    ),
)

POST_FIELD = MapOf(
    "Field of a post",
    "One part of a post. Its short form is the title alone.",
    (
        Key(
            "title",
            Text(),
            "What stands above it. A `Claim` needs `Evidence`, and a `Question` an answer.",
            required=True,
        ),
        Key("about", Text(), "What it is for: learners read it in the form."),
    ),
    short=Text(),
)

POST_FIELDS = ListOf(POST_FIELD, 1, lone=True, most=MOST_FIELDS)

DISCUSSION_ROUND = MapOf(
    "Round of a discussion",
    "In each round, every learner writes one post.",
    (
        _moment("opens", "learner", "Mon 09:00", "When it opens. `week 3 Mon 09:00` names another week."),
        _moment("closes", "aoe", "Sun 23:59", "When it closes: the first such moment after `opens`."),
        Key("fields", POST_FIELDS, "What a post holds, part by part; without it, as the `protocol` says."),
    ),
)

DISCUSSION = MapOf(
    "Discussion",
    "A structured discussion in writing: each learner posts, and answers others.",
    (
        _id("Names it.", "discussion"),
        _week("The week in which it opens."),
        TITLE,
        Key("question", Text(), "What is discussed.", required=True),
        Key(
            "protocol",
            POST_FIELDS,
            f"What a post holds, part by part, or a protocol by its name: {', '.join(f'`{p}`' for p in PROTOCOLS)}.",
            default="[Claim, Evidence, Question]",
        ),
        Key("replies", Whole(0, 20), "How many posts of others each learner replies to.", default="1"),
        _moment("opens", "learner", "Mon 09:00", "When it opens."),
        _moment("closes", "aoe", "Sun 23:59", "When it closes: the first such moment after `opens`."),
        Key(
            "rounds",
            ListOf(DISCUSSION_ROUND, 1, most=MOST_ROUNDS),
            "Several rounds, each with its own `opens` and `closes`, instead of those of the discussion.",
        ),
        Key(
            "reveal",
            Choice({"own": "post posted after", "close": "end closed", "open": "once immediately always"}, "own"),
            "When others' posts can be read: after one's `own` post, at the `close` of the round, or at once (`open`). "
            "In the thread they stand from the close on, or at once. A round that closes by each learner's own clock "
            "has closed once it has by everybody's.",
            default="own",
        ),
        _EXTENSION,
        Key(
            "group",
            Whole(0, 100, all=0),
            "About how many people read one another before the close; half as many again stay together. `0`: all.",
            default="10",
        ),
        _minutes("How long reading, posting and replying take."),
    ),
    strict=False,
)

CHECKIN = MapOf(
    "Check-in",
    "Everybody works in a shared document, and says on fixed days what is done, what comes next and where they are "
    "stuck. What people say stands in one post a day.",
    (
        _id("Names it.", "checkin"),
        _title("Check-in", "What learners read above it."),
        Key("link", Link(), "The shared document."),
        Key("week", WEEK_NUMBER, "The one week in which it is asked. Give this or `weekly`."),
        Key("weekly", Flag(), "`yes`: it is asked in every week."),
        Key(
            "days",
            ListOf(MomentValue("cohort", "Wed 09:00"), 1, lone=True, most=7),
            "When it opens, once for each day. It closes after two days, or when the next one opens.",
            required=True,
            example="[Tue 09:00, Thu 09:00]",
        ),
        _flag("pod", "Whether pods check in by themselves: what a learner says is for their pod, and stands there."),
        _EXTENSION,
        _minutes("How long one check-in takes."),
    ),
)

SCENARIO_CHOICE = MapOf(
    "Choice of a scenario",
    "One way on. It is a button.",
    (
        Key("label", ShortText(70), "What the button says.", required=True, example="Go on"),
        Key("to", Id("the id of a node"), "Which node follows.", required=True, example="next"),
        Key("feedback", ShortText(500), "What a learner reads about this choice, above the node that follows."),
    ),
)

SCENARIO_NODE = MapOf(
    "Node of a scenario",
    "One moment of the story. It has `choices`, or it is an `ending`.",
    (
        _id("Names it for the choices that lead to it.", "next"),
        Key("text", ShortText(1500), "What happens.", required=True),
        Key("choices", ListOf(SCENARIO_CHOICE, 1, most=MOST_CHOICES), "The ways on."),
        Key("ending", ShortText(70), "That the story ends here, and the name of this ending."),
    ),
)

SCENARIO = MapOf(
    "Scenario",
    "A short story that branches: a learner chooses by buttons, in private, how it goes on.",
    (
        _id("Names it.", "scenario"),
        _week("The week that offers it."),
        TITLE,
        _moment("opens", "learner", "Mon 00:00", "From when it can be begun. It has no end."),
        Key("start", Id("the id of a node"), "Where it begins; without it, at the first node."),
        Key(
            "nodes",
            ListOf(SCENARIO_NODE, 2, most=MOST_NODES),
            "Its moments, in any order.",
            required=True,
            example="[{id: first, text: …, choices: [{label: Go on, to: last}]}, {id: last, text: …, ending: The end}]",
        ),
        _minutes("How long one way through takes."),
    ),
)

REVIEW = MapOf(
    "Peer review",
    "Learners review one another's work on a milestone.",
    (
        _id("Names it.", "review"),
        Key("milestone", Id("the id of a milestone"), "Whose work is reviewed.", required=True, example="milestone"),
        _title("Peer review"),
        Key("week", WEEK_NUMBER, "The week of the review; without it, the one after the milestone is due."),
        _moment("opens", "aoe", "Mon 00:00", "When the work is handed out."),
        _moment("due", "aoe", "Sun 23:59", "When the reviews are due."),
        Key("reviews", Whole(1, 10), "How many pieces each learner reviews.", default="2"),
        Key(
            "rubric",
            LONE_TEXTS,
            "What a review answers, point by point.",
            required=True,
            example='["What works best?", "What would you change first?"]',
        ),
        _flag(
            "anonymous",
            "Whether authors and reviewers stay unnamed to one another; the course team sees who they are. During a "
            "run only the manager can take it back.",
        ),
        Key(
            "points",
            Whole(0, 100),
            "The most points that a review gives; with `0`, reviews are in words alone.",
            default="0",
        ),
        Key(
            "hold",
            HOLD,
            "How long a reviewer keeps a piece. An unfinished one is then free for the next reviewer. A number alone "
            "counts hours.",
            default="48 h",
        ),
        _minutes("How long all of a learner's reviews take."),
    ),
    strict=False,
)

ALTERNATIVE = MapOf(
    "Alternative",
    "What learners who do not come do in their own time, for full participation. Its short form is `recording`, which "
    "goes with a `reflection`, or for a `sensitive` session `feedback`: in private, in writing or recorded.",
    (
        Key(
            "item",
            Id("the id of a milestone, discussion, check-in or review"),
            "What they do, in the session's week or the one after.",
            required=True,
            example="milestone",
        ),
    ),
    short=Text("`recording`, or the id of an item: `{item: my-id}`", "recording"),
)

PAYMENT = MapOf(
    "Payment",
    "Work of the session's week that gives up minutes for it.",
    (
        Key("item", Text("an id, or the title of a material"), "An id, or a material's title.", required=True),
        Key("minutes", Minutes(1), "How many minutes of it are left out.", required=True, example="30"),
    ),
)

METRIC = MapOf(
    "Metric",
    "What makes a session worth its cost, in percent.",
    (
        Key("attended", Whole(1, 100), "How many of the learners come.", required=True, example="50"),
        Key(
            "worth", Whole(1, 100), "How many of those who came say that it was worth it.", required=True, example="70"
        ),
    ),
    short=Text("`{attended: 50, worth: 70}`", "{attended: 50, worth: 70}"),
)

LIVE = MapOf(
    "Live session",
    "A live session and its answers to the six questions of the gate. One that fails a question is held: nobody is "
    "told about it.",
    (
        _id("Names it.", "live"),
        _week("The week in which it takes place."),
        TITLE,
        Key("minutes", Minutes(1), "How long it lasts.", required=True, example="45"),
        Key(
            "slots",
            ListOf(MomentValue("cohort", "Wed 17:00"), 1, lone=True),
            "When it is offered, in its own week: two to six times, twelve hours apart unless each suits zones of its "
            "own, none at night for more than half of the learners.",
        ),
        Key(
            "kind",
            Choice(
                {
                    "rehearsal": "practice",
                    "simulation": "negotiation roleplay role_play",
                    "decision": "group_decision",
                    "sensitive": "sensitive_feedback",
                    "community": "social",
                    "content": "lecture presentation talk webinar",
                    "discussion": "seminar",
                    "problem": "problem_solving workshop",
                    "office_hours": "q&a qa questions",
                },
                default="rehearsal",
            ),
            "1. What people do in it. `content`, `discussion` and `problem` go as well or better in writing; "
            "`office_hours` stand beside questions that are answered within a day.",
        ),
        Key("objective", Text(), "1. Which of the course's `live_only` objectives it serves, word for word."),
        Key("goal", Text(), "Why it exists; learners read it."),
        Key("link", SecureLink(), "Where the call is. Learners who said yes read it, and nobody else."),
        _flag("optional", "2. Whether attendance is optional."),
        Key("alternative", ALTERNATIVE, "3. What learners who do not come do instead."),
        Key("reflection", REFLECTION, "3. Questions for those who watch the recording; it counts as having come."),
        _flag("recorded", "4. Whether it is recorded. A `sensitive` one is not."),
        Key(
            "pays",
            ListOf(PAYMENT, 1, most=20),
            "5. What its week gives up for it, minute for minute.",
        ),
        Key("workload", Text(), "What the week gives up, in words for learners."),
        Key("metric", METRIC, "6. What makes it worth its cost (should)."),
        _flag(
            "trial",
            "Whether it is tried although it fails one question. It takes effect once the manager agrees. Not together "
            "with a policy of the school.",
        ),
        Key(
            "mandated",
            Text(),
            "A policy of the school that asks for it. It takes effect once the manager agrees; absence counts nowhere.",
        ),
    ),
    strict=False,
)


ROOM = MapOf(
    "Quiet room",
    "Learners work silently beside one another, each on their own; who is there stands in one post. Nobody is asked to "
    "come, nobody counts who does, and it takes no minutes of the week.",
    (
        _id("Names it.", "room"),
        _title("Quiet room"),
        Key("week", WEEK_NUMBER, "The one week of its slots. Give this or `weekly`."),
        Key("weekly", Flag(), "`yes`: its slots are in every week."),
        Key(
            "slots",
            ListOf(MomentValue("cohort", "Wed 17:00"), 1, lone=True, most=7),
            "When it opens by itself, by the cohort's clock. Without slots people open it when they like, and "
            "`/cohort week` tells the course team which would suit their learners.",
        ),
        Key("minutes", Minutes(5, 480), "How long it is open.", default="50"),
        _flag("any_hour", "`yes`: its slots outside `messages.hours` open too, for learners elsewhere."),
    ),
)


PERCENT = Whole(0, 100, "a whole number of percent")


def _percent(name: str, usual: int, doc: str) -> Key:
    return Key(name, PERCENT, doc, default=str(usual))


LIVE_RULES = MapOf(
    "Rules of live sessions",
    "What live sessions keep to, and when one is in doubt. Once a cohort has learners, only its manager loosens them.",
    (
        Key(
            "replace_under",
            PERCENT,
            "Attendance under which replacing a session is proposed.",
            default="50",
            looser="lower",
            label=N_("percent who come before a replacement is proposed"),
        ),
        Key(
            "drop_under",
            PERCENT,
            "Attendance under which it may not be worth the effort.",
            default="30",
            looser="lower",
            label=N_("percent who come before a live session is in doubt"),
        ),
        Key(
            "reflect_days",
            Whole(1, 30),
            "For how many days a reflection on the recording counts.",
            default="7",
            # Shorter, there is less time for it; longer, what counts instead may close later.
            looser="either",
            label=N_("days for answers about a recording"),
        ),
        Key(
            "longest",
            Minutes(1),
            "How long a session may be.",
            default="60",
            looser="higher",
            label=N_("minutes of a live session"),
        ),
        Key(
            "per_week",
            Whole(1, 7),
            "How many sessions a week may have.",
            default="1",
            looser="higher",
            label=N_("live sessions a week"),
        ),
        Key(
            "weeks_share",
            PERCENT,
            "In which share of the weeks there may be one.",
            default="50",
            looser="higher",
            label=N_("percent of the weeks with a live session"),
        ),
        Key(
            "slots_apart",
            Whole(0, 84),
            "How many hours lie between the first and the last slot, unless each slot is somebody's only one.",
            default="12",
            looser="lower",
            label=N_("hours between the times of a live session"),
        ),
        Key(
            "trial_sessions",
            Whole(0, 10),
            "How many sessions of a run may be tried.",
            default="2",
            looser="higher",
            label=N_("live sessions on trial"),
        ),
        Key(
            "waking",
            HoursValue(),
            "Between which times of a learner's day a slot begins and ends.",
            default="08:00-22:00",
            looser="wider",
            label=N_("hours for live sessions"),
        ),
    ),
    strict=False,
)

PODS = MapOf(
    "Pods",
    "Small groups of four to six learners in near zones, each with a private channel. With seven there are two, and "
    "with fewer than four there is one.",
    (
        Key("size", Whole(LEAST_IN_POD, MOST_IN_POD), "How many a pod has if the numbers come out.", default="5"),
        Key(
            "join",
            Choice({"ask": "ask_for optional voluntary wish", "all": "everybody everyone always"}, default="ask"),
            "Who is in one: those who ask for it on their welcome card or week card, or all who do not say no.",
            default="ask",
        ),
        Key("week", WEEK_NUMBER, "The week in which they are formed.", default="1"),
        _moment("opens", "cohort", "Wed 12:00", "When they are formed. Whoever asks later gets a free place."),
        Key(
            "questions",
            ListOf(ShortText(100), 1, lone=True, most=MOST_INTRODUCED),
            "What people answer to introduce themselves. Their pod alone reads it.",
            default=f"[{', '.join(map(quoted, INTRODUCED))}]",
        ),
    ),
    strict=False,
)

FAQ = MapOf(
    "FAQ",
    "How questions are answered and kept.",
    (
        Key(
            "answer_within",
            Span(),
            "The promised time until a question is answered. It is measured.",
            default="24 h",
        ),
        Key(
            "verify_after",
            Span(timedelta(days=3660), timedelta(days=1), example="180 days"),
            "How long after its last verification an entry is shown as stale.",
            default="180 days",
        ),
        _flag("public", "Whether the FAQ may be published outside the cohort."),
        Key(
            "unreviewed",
            Choice({"cohort": "", "course": ""}),
            "Who finds what a thread has answered before it is approved: people of the same cohort, or everybody in a "
            "cohort of the course, in other workspaces too.",
            default="cohort",
        ),
    ),
    strict=False,
)

PRIVACY = MapOf(
    "Privacy",
    "What stays private, and from whom.",
    (
        _flag("anonymous_questions", "Whether questions may be asked without a name.", "yes"),
        Key(
            "quotes",
            Choice({"ask": "yes always", "never": "no off"}),
            "Whether learners may be asked to let a line of their wrap-up be quoted.",
            default="ask",
        ),
        Key(
            "smallest_group",
            Whole(5, 1000, example="5"),
            "The fewest people that a number may be about, at least 5. It holds for the survey, wrap-ups, self-checks, "
            "scenarios, recaps, live sessions and a learner's progress; what could be subtracted is hidden, too.",
            default="5",
        ),
        Key(
            "keep_days",
            Whole(0, 3650, example="365"),
            "How many days after the end of a cohort its learners are erased, as if each had asked for it: with what "
            "they wrote and handed in, and with their certificates. Who was in another cohort stays for as long as "
            "that keeps them; the course team stays. Give late work its time: 30 or more. 0: nobody is erased unasked.",
            default="0",
        ),
    ),
    strict=False,
)

MESSAGES = MapOf(
    "Messages",
    "When and how often the bot may write unasked.",
    (
        Key(
            "hours",
            HoursValue(),
            "Between which times of the reader's own day; in channels, of the cohort's.",
            default="08:00-22:00",
        ),
        Key(
            "reminders",
            Whole(0, 3),
            "How many reminders a learner gets in a week at most, for everything that is open.",
            default="1",
        ),
    ),
    strict=False,
)

MANAGER = MapOf(
    "Manager's week",
    "When the manager's weekly message says that a cohort would like a look. 0 turns a rule off.",
    (
        _percent(
            "look_under",
            50,
            "If fewer than so many percent of the learners were active, answered a wrap-up or handed in what was due.",
        ),
        _percent("look_at_risk", 25, "If at least so many percent of the learners may drop out."),
        Key(
            "look_feedback_days",
            Whole(0, 90, "a whole number of days"),
            "If some work has waited longer than so many days for feedback.",
            default="14",
        ),
        _percent(
            "look_late",
            50,
            "If at least so many percent of what was handed in for a milestone came late, from three pieces on.",
        ),
        _percent(
            "look_over",
            25,
            "If a week took so many percent more than `weekly_minutes`, by the median of what learners report.",
        ),
        _percent(
            "look_outside",
            30,
            "If at least so many percent of the learners have no time of a live session between 08:00 and 22:00.",
        ),
        Key(
            "look_team_hours",
            Whole(0, 100, "a whole number of hours"),
            "If a week took an instructor more than so many hours, by the average of what instructors say.",
            default="10",
        ),
    ),
    strict=False,
)

COURSE_FILE = MapOf(
    "Course file",
    "A course in one file.",
    (
        Key("course", COURSE, "What the course is.", required=True),
        Key(
            "weeks",
            ListOf(WEEK, 1, most=MOST_WEEKS),
            "Its weeks, in order.",
            required=True,
            example="[{title: …, goal: …}]",
        ),
        Key("prompts", ListOf(PROMPT, most=MOST_ITEMS), "Its wrap-up prompts."),
        Key("milestones", ListOf(MILESTONE, most=MOST_ITEMS), "What is handed in."),
        Key("discussions", ListOf(DISCUSSION, most=MOST_ITEMS), "Its structured discussions."),
        Key("checkins", ListOf(CHECKIN, most=MOST_ITEMS), "Its check-ins."),
        Key("scenarios", ListOf(SCENARIO, most=MOST_ITEMS), "Its scenarios."),
        Key("reviews", ListOf(REVIEW, most=MOST_ITEMS), "Its peer reviews."),
        Key("pods", PODS, "Its pods."),
        Key("live", ListOf(LIVE, most=MOST_ITEMS), "Its live sessions."),
        Key("rooms", ListOf(ROOM, most=MOST_ITEMS), "Its quiet rooms."),
        Key("live_rules", LIVE_RULES, "What live sessions have to keep."),
        Key("faq", FAQ, "How questions are answered and kept."),
        Key("privacy", PRIVACY, "What stays private, and from whom."),
        Key("messages", MESSAGES, "When and how often the bot may write."),
        Key("manager", MANAGER, "When the manager's week asks for a look."),
    ),
)

LISTS = {
    k.name: k.value.item for k in COURSE_FILE.keys if isinstance(k.value, ListOf) and isinstance(k.value.item, MapOf)
}
"""The lists of the file, each with the declaration of its items."""

_SYNONYMS = {
    "alternative": "async_alternative asynchronous_alternative instead",
    "anonymous": "anonymously blind double_blind anonymity nameless",
    "anonymous_questions": "anonymous anonymity",
    "answer": "a solution hint",
    "answer_within": "promise response_time",
    "audience": "visibility visible_to seen_by for to",
    "captions": "subtitles caption",
    "checkins": "check_ins checkin standups stand_ups",
    "choices": "options answers branches",
    "closes": "close ends end until closing closes_at deadline due",
    "completion": "complete passing completed",
    "days": "on weekdays opens when",
    "discussions": "forums debates",
    "due": "deadline due_date duedate due_at ends end until closes",
    "ending": "end final outcome",
    "essential": "required mandatory important",
    "extension": "extensions extend extra_time",
    "feedback": "response comment consequence",
    "fields": "parts protocol",
    "goal": "goals objective objectives aim outcome purpose",
    "grace": "grace_period",
    "group": "groups group_size",
    "guide": "notes guided_notes pause_prompts guidance",
    "hold": "hold_hours keep return_after timeout",
    "hours": "waking_hours message_hours between",
    "id": "key slug identifier shortname",
    "kind": "type format medium",
    "late": "late_policy",
    "link": "url href source src",
    "live": "live_sessions calls sessions meetings",
    "materials": "resources readings content material activities",
    "metric": "success_metric measure",
    "milestones": "assignments homework deliverables tasks",
    "minutes": "duration length workload_minutes mins",
    "opens": "open starts start from opening opens_at available",
    "optional": "voluntary",
    "options": "choices answers values scale",
    "pod": "team group in_pod for_pod",
    "pods": "pod teams small_groups study_groups",
    "pays": "paid_by paid_for payment payments replaces",
    "points": "score scores marks grade grades max_points",
    "prompts": "wrapups wrap_ups surveys",
    "protocol": "structure format steps",
    "question": "text q prompt topic",
    "questions": "fields items question",
    "recorded": "recording record",
    "reflection": "reflections",
    "reminders": "max_reminders reminder",
    "required": "mandatory",
    "reveal": "show visible visibility",
    "reviews": "peer_reviews reviewers count number per_learner",
    "rooms": "quiet_rooms coworking co_working study_rooms silent_rooms",
    "rounds": "phases stages",
    "rubric": "criteria questions",
    "self_check": "quiz check self_test questions",
    "slots": "times at when dates slot",
    "text": "question label prompt title",
    "nodes": "steps scenes passages",
    "scenarios": "scenario stories branching",
    "to": "next goto target leads_to",
    "title": "name heading label fullname full_name",
    "transcript": "text script",
    "unreviewed": "drafts",
    "verify_after": "stale_after",
    "week": "weeks",
    "weekly": "every_week recurring repeat",
    "weekly_minutes": "minutes_per_week budget minutes weekly_budget",
    "weeks": "modules units sections topics",
    "workload": "reduced",
    "wrapups": "prompts",
}

_IN_OTHER_LANGUAGES = {
    "anonymous": "anonym anónimo anônimo anonyme",
    "answer": "antwort respuesta resposta reponse",
    "audience": "sichtbar_für publikum visible_para audiencia",
    "closes": "schließt schliesst endet cierra fecha ferme",
    "completion": "abschluss",
    "course": "kurs lehrgang curso cours corso",
    "days": "tage dias días jours",
    "discussions": "diskussionen debates discusiones discussoes",
    "due": "fällig fälligkeit abgabe frist entrega fecha vence prazo plazo echeance",
    "essential": "pflicht wesentlich obligatorio obrigatorio essentiel esencial",
    "extension": "verlängerung prórroga",
    "goal": "ziel lernziel objetivo meta objectif",
    "grace": "kulanz gracia",
    "guide": "anleitung leitfaden guia",
    "hours": "uhrzeiten horas",
    "id": "kennung kürzel identificador",
    "kind": "art typ tipo",
    "language": "sprache idioma lingua langue lengua",
    "late": "verspätet tarde atraso",
    "link": "verweis enlace ligação lien",
    "materials": "materialien unterlagen materiales materiais",
    "messages": "nachrichten mensajes mensagens",
    "milestones": "aufgaben abgaben meilensteine tareas tarefas hitos entregas devoirs",
    "minutes": "minuten dauer minutos duración duração duree",
    "opens": "öffnet beginnt abre ouvre",
    "optional": "freiwillig opcional facultatif",
    "options": "auswahl opciones opções",
    "privacy": "datenschutz privacidad privacidade",
    "points": "punkte puntos pontos",
    "prompts": "rückblicke",
    "question": "frage pregunta pergunta",
    "questions": "fragen preguntas perguntas",
    "recorded": "aufgezeichnet grabado gravado",
    "reminders": "erinnerungen recordatorios lembretes rappels",
    "replies": "antworten respuestas respostas réponses",
    "reviews": "begutachtungen revisiones revisões",
    "rubric": "kriterien rúbrica",
    "slots": "termine horarios horários",
    "text": "texto texte",
    "title": "titel titulo titre bezeichnung nombre nome",
    "transcript": "transkript transcripción transcrição",
    "week": "woche semana semaine settimana",
    "weekly": "wöchentlich semanal hebdomadaire",
    "weekly_minutes": "wochenminuten minuten_pro_woche minutos_semanales minutos_por_semana minutos_semanais",
    "weeks": "wochen semanas semaines settimane einheiten",
}
SYNONYMS = {
    name: tuple(plain_word(word) for word in f"{_SYNONYMS.get(name, '')} {_IN_OTHER_LANGUAGES.get(name, '')}".split())
    for name in _SYNONYMS | _IN_OTHER_LANGUAGES
}
"""Other words that people write for a key, in any mapping that has it. Without accents, see `plain_word`."""
