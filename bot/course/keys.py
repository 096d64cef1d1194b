"""The keys of the course file: the one declaration behind loader, JSON Schema and reference page."""

from datetime import timedelta

from bot.course.grammar import Either, Key, ListOf, MapOf
from bot.course.policies import CompletionValue, ExtensionValue, LateValue, MilestonesNeeded, QuantityValue
from bot.course.value_types import Choice, Flag, HoursValue, Id, Link, Minutes, MomentValue, Span, Text, Whole

TITLE = Key("title", Text(), "What learners read.", required=True, also=("name", "heading", "label"))
WEEK_NUMBER = Whole(1, 104, "the number of a week, from 1")
TIME_WORDS = ("duration", "time", "length", "effort", "workload_minutes", "mins")
START_WORDS = ("open", "starts", "start", "from", "opening", "opens_at", "available")
END_WORDS = ("close", "ends", "end", "until", "closing", "closes_at", "deadline", "due")
DUE_WORDS = ("deadline", "due_date", "due_at", "ends", "end", "until", "closes")


def _id(doc: str, example: str) -> Key:
    return Key("id", Id(), doc, required=True, example=example, also=("key", "slug", "identifier"))


def _minutes(doc: str) -> Key:
    return Key("minutes", Minutes(), doc, default="0", also=TIME_WORDS)


COMPLETION = MapOf(
    "Completion rule",
    "The rule in parts. Its short form is a sentence.",
    (
        Key("milestones", MilestonesNeeded(), "Which milestones must be handed in.", default="essential"),
        Key("wrapups", QuantityValue(), "How many wrap-ups must be answered.", default="none", also=("prompts",)),
    ),
)

COURSE = MapOf(
    "Course",
    "What the course is and how much time it takes.",
    (
        _id("Names the course in commands and links; it stays the same from run to run.", "my-course"),
        TITLE,
        Key(
            "weekly_minutes",
            Minutes(1, says="a whole number of minutes"),
            "What a learner gives to the course in a week. Every week is held against it.",
            required=True,
            example="300",
            also=("weekly_hours", "minutes_per_week", "budget", "minutes", "hours", "weekly_budget"),
        ),
        Key(
            "completion",
            Either(CompletionValue(), COMPLETION),
            "Who has completed the course. Where no milestone is essential, `essential` means all of them.",
            default="all essential milestones",
            also=("complete", "passing", "completed"),
        ),
    ),
)

MATERIAL = MapOf(
    "Material",
    "Something to study.",
    (
        TITLE,
        Key("link", Link(), "Where it is.", also=("url", "href", "source", "src")),
        Key("minutes", Minutes(), "How long it takes an ordinary learner.", default="0", also=TIME_WORDS),
        Key(
            "kind",
            Choice(
                ("video", "audio", "reading", "exercise", "tool"),
                {"film": "video", "podcast": "audio", "article": "reading", "text": "reading", "book": "reading"},
                default="reading",
            ),
            "What it is. Without it, it is guessed from the link and a title beginning with 'Watch' or 'Listen'.",
            also=("type", "format", "medium"),
        ),
        Key(
            "transcript",
            Text("a link or a path to the transcript, or `yes` where the link itself carries it", "yes"),
            "The words of a video or a recording, for those who cannot or will not listen.",
            also=("text", "script"),
        ),
        Key(
            "captions",
            Flag(),
            "Whether a video has captions.",
            default="no",
            also=("subtitles", "caption"),
        ),
        Key(
            "guide",
            ListOf(Text(), 1, lone=True),
            "Guided notes or pause prompts: what to look for, where to stop and think.",
            also=("notes", "guided_notes", "pause_prompts", "guidance"),
        ),
    ),
)

SELF_CHECK = MapOf(
    "Self-check",
    "A question that learners answer for themselves. Its short form is the question alone.",
    (
        Key("question", Text(), "The question.", required=True, also=("text", "q", "prompt")),
        Key("answer", Text(), "What a good answer holds.", also=("a", "solution", "hint")),
    ),
)

WEEK = MapOf(
    "Week",
    "One week, in order: the first is week 1.",
    (
        TITLE,
        Key(
            "goal",
            Text(),
            "What a learner can do at its end. The audit asks for one in every week.",
            also=("goals", "objective", "objectives", "aim", "outcome"),
        ),
        Key(
            "minutes",
            Minutes(),
            "What the week takes as a whole, where that is more than its items say.",
            also=TIME_WORDS,
        ),
        Key("materials", ListOf(MATERIAL), "What to study.", also=("resources", "readings", "content", "material")),
        Key(
            "self_check",
            ListOf(Either(Text(), SELF_CHECK), 1, lone=True),
            "Questions to check oneself with.",
            also=("quiz", "check", "self_test", "questions"),
        ),
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
                ("text", "long", "choice", "scale", "number", "yes_no", "link"),
                {
                    "short": "text", "string": "text", "line": "text", "paragraph": "long", "textarea": "long",
                    "longtext": "long", "select": "choice", "multiple_choice": "choice", "radio": "choice",
                    "dropdown": "choice", "options": "choice", "rating": "scale", "stars": "scale", "likert": "scale",
                    "integer": "number", "int": "number", "count": "number", "boolean": "yes_no", "bool": "yes_no",
                    "yesno": "yes_no", "yes-no": "yes_no", "checkbox": "yes_no", "tick": "yes_no", "url": "link",
                },
                default="long",
            ),
            "`text` is one line and `long` several; `choice` and `scale` take `options`.",
            required=True,
            example="long",
            also=("type", "format"),
        ),
        Key(
            "text",
            Text(),
            "What is asked.",
            required=True,
            also=("question", "label", "prompt", "title"),
        ),
        Key(
            "audience",
            Choice(
                ("cohort", "instructors"),
                {
                    "everyone": "cohort", "everybody": "cohort", "all": "cohort", "public": "cohort",
                    "learners": "cohort", "students": "cohort", "group": "cohort", "class": "cohort",
                    "private": "instructors", "staff": "instructors", "teachers": "instructors",
                    "teacher": "instructors", "managers": "instructors", "team": "instructors", "me": "instructors",
                },
                default="instructors",
            ),
            "Who sees the answer. There is no default: who answers is told.",
            required=True,
            example="instructors",
            also=("visibility", "visible_to", "seen_by", "for", "to"),
        ),
        Key(
            "options",
            ListOf(Text(), 2),
            "The choices of a `choice`; the steps of a `scale`, where they are not 1 to 5.",
            also=("choices", "answers", "values", "scale"),
        ),
        Key("required", Flag(), "Whether it must be answered.", default="yes", also=("mandatory",)),
    ),
)  # fmt: skip

PROMPT = MapOf(
    "Prompt",
    "A wrap-up prompt: it opens and closes by the clock of each learner, and 'late' is after their own close.",
    (
        _id("Names it in commands and reports.", "wrapup"),
        Key("title", Text(), "What learners read above it.", default="Weekly wrap-up", also=("name", "label")),
        Key("week", WEEK_NUMBER, "The one week in which it is asked. Give this or `weekly`.", also=("weeks",)),
        Key("weekly", Flag(), "`yes`: it is asked in every week.", also=("every_week", "recurring", "repeat")),
        Key(
            "opens",
            MomentValue("learner", "Fri 16:00"),
            "When it is sent.",
            default="Fri 16:00",
            also=START_WORDS,
        ),
        Key(
            "closes",
            MomentValue("learner", "Sun 23:59"),
            "When an answer becomes late: the first such moment after `opens`, so it may lie in the next week.",
            default="Sun 23:59",
            also=END_WORDS,
        ),
        Key("questions", ListOf(QUESTION, 1), "What is asked.", required=True, also=("fields", "items", "question")),
    ),
)

MILESTONE = MapOf(
    "Milestone",
    "Work to hand in. Its due date is one instant for everybody, shown to each reader in their own time.",
    (
        _id("Names it in commands and keeps the work together.", "milestone"),
        Key("week", WEEK_NUMBER, "The week in which it opens and is due.", required=True, example="1", also=("weeks",)),
        TITLE,
        Key(
            "opens",
            MomentValue("learner", "Mon 00:00"),
            "From when it can be handed in. `week 2 Mon 09:00` names another week.",
            default="Mon 00:00",
            also=START_WORDS,
        ),
        Key(
            "due",
            MomentValue("aoe", "Sun 23:59"),
            "When it is due: in the same week, unless it reads `week 4 Sun 23:59`.",
            default="Sun 23:59",
            also=DUE_WORDS,
        ),
        Key(
            "grace", Span(), "How long after `due` it still counts as on time.", default="none", also=("grace_period",)
        ),
        Key("late", LateValue(), "What happens to work after that.", default="accepted", also=("late_policy",)),
        Key(
            "extension",
            ExtensionValue(),
            "How far the date may move, and who may move it.",
            default="7 days by instructor",
            also=("extensions", "extend", "extra_time"),
        ),
        Key(
            "essential",
            Flag(),
            "Whether the course cannot be completed without it. A missed one brings the catch-up card.",
            default="no",
            also=("required", "mandatory", "important"),
        ),
        _minutes("How long the work takes."),
    ),
)

DISCUSSION = MapOf(
    "Discussion",
    "A structured discussion in writing.",
    (
        _id("Names it.", "discussion"),
        Key("week", WEEK_NUMBER, "The week in which it opens.", required=True, example="1"),
        TITLE,
        Key("question", Text(), "What is discussed.", required=True, also=("prompt", "topic", "text")),
        Key(
            "protocol",
            ListOf(Text(), 1, lone=True),
            "What a post holds, part by part.",
            default="[Claim, Evidence, Question]",
            also=("structure", "format", "steps"),
        ),
        Key("replies", Whole(0, 20), "How many posts of others each learner replies to.", default="1"),
        Key("opens", MomentValue("learner", "Mon 09:00"), "When it opens.", default="Mon 09:00", also=START_WORDS),
        Key(
            "closes",
            MomentValue("aoe", "Sun 23:59"),
            "When it closes: the first such moment after `opens`.",
            default="Sun 23:59",
            also=END_WORDS,
        ),
        _minutes("How long reading, posting and replying take."),
    ),
    strict=False,
)

REVIEW = MapOf(
    "Peer review",
    "Learners review one another's work on a milestone.",
    (
        _id("Names it.", "review"),
        Key("milestone", Id("the id of a milestone"), "Whose work is reviewed.", required=True, example="milestone"),
        Key("title", Text(), "What learners read.", default="Peer review", also=("name", "label")),
        Key("week", WEEK_NUMBER, "The week of the review; without it, the one after the milestone is due."),
        Key(
            "opens",
            MomentValue("aoe", "Mon 00:00"),
            "When the work is handed out.",
            default="Mon 00:00",
            also=START_WORDS,
        ),
        Key("due", MomentValue("aoe", "Sun 23:59"), "When the reviews are due.", default="Sun 23:59", also=DUE_WORDS),
        Key(
            "reviews",
            Whole(1, 10),
            "How many pieces each learner reviews.",
            default="2",
            also=("reviewers", "count", "number", "per_learner"),
        ),
        Key(
            "rubric",
            ListOf(Text(), 1, lone=True),
            "What a review answers, point by point.",
            required=True,
            example="[What works best?, What would you change first?]",
            also=("criteria", "questions"),
        ),
        _minutes("How long all of a learner's reviews take."),
    ),
    strict=False,
)

LIVE = MapOf(
    "Live session",
    "A live session and its answers to the six questions: goal, optional, alternative, recorded, workload, metric.",
    (
        _id("Names it.", "live"),
        Key("week", WEEK_NUMBER, "The week in which it takes place.", required=True, example="1"),
        TITLE,
        Key("minutes", Minutes(1), "How long it lasts.", required=True, example="45", also=TIME_WORDS),
        Key(
            "slots",
            ListOf(MomentValue("cohort", "Wed 17:00"), 1, lone=True),
            "When it is offered; several, so that every zone finds one in its day.",
            also=("times", "at", "when", "dates", "slot"),
        ),
        Key(
            "goal",
            Text(),
            "1. Which goal it serves, and why writing would not.",
            also=("goals", "purpose", "objective"),
        ),
        Key("optional", Flag(), "2. Whether nobody has to come.", default="no", also=("voluntary",)),
        Key(
            "alternative",
            Text(),
            "3. What those do who do not come, in their own time, for full participation.",
            also=("async_alternative", "asynchronous_alternative", "instead"),
        ),
        Key("recorded", Flag(), "4. Whether it is recorded.", default="no", also=("recording", "record")),
        Key(
            "workload",
            Text(),
            "5. What was taken out of the week for it.",
            also=("paid_by", "paid_for", "replaces", "reduced"),
        ),
        Key(
            "metric", Text(), "6. How you will know that it was worth it (should).", also=("success_metric", "measure")
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
            "Within what time questions are promised an answer; it is measured.",
            default="24 h",
            also=("promise", "response_time"),
        ),
        Key(
            "verify_after",
            Span(timedelta(days=3660), example="180 days"),
            "When an entry that nobody has verified since is shown as stale.",
            default="180 days",
            also=("stale_after",),
        ),
        Key("public", Flag(), "Whether the FAQ may be published outside of the cohort.", default="no"),
        Key(
            "unreviewed",
            Choice(("cohort", "course")),
            "Who finds what a thread has answered before it is approved: people of the same cohort, or everybody in a "
            "cohort of the course, in other workspaces too.",
            default="cohort",
            also=("drafts",),
        ),
    ),
    strict=False,
)

PRIVACY = MapOf(
    "Privacy",
    "What is kept from whom.",
    (
        Key(
            "anonymous_questions",
            Flag(),
            "Whether questions may be asked without a name.",
            default="yes",
            also=("anonymous", "anonymity"),
        ),
        Key(
            "quotes",
            Choice(("ask", "never"), {"no": "never", "off": "never", "yes": "ask", "always": "ask"}),
            "Whether learners may be asked to let a line of their wrap-up be quoted.",
            default="ask",
        ),
        Key(
            "smallest_group",
            Whole(5, 1000, example="5"),
            "No figure of a survey is shown for fewer people than this.",
            default="5",
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
            "Between which times of the reader's own day.",
            default="08:00-22:00",
            also=("quiet_hours", "waking_hours", "message_hours", "between"),
        ),
        Key(
            "reminders",
            Whole(0, 3),
            "How many reminders a learner gets in a week, at most, for everything that is pending.",
            default="1",
            also=("max_reminders", "reminder"),
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
            ListOf(WEEK, 1),
            "Its weeks, in order.",
            required=True,
            example="[{title: …, goal: …}]",
            also=("modules", "units"),
        ),
        Key("prompts", ListOf(PROMPT), "Its wrap-up prompts.", also=("wrapups", "wrap_ups", "surveys")),
        Key(
            "milestones",
            ListOf(MILESTONE),
            "What is handed in.",
            also=("assignments", "homework", "deliverables", "tasks"),
        ),
        Key("discussions", ListOf(DISCUSSION), "Its structured discussions.", also=("forums", "debates")),
        Key("reviews", ListOf(REVIEW), "Its peer reviews.", also=("peer_reviews",)),
        Key("live", ListOf(LIVE), "Its live sessions.", also=("live_sessions", "calls", "sessions", "meetings")),
        Key("faq", FAQ, "How questions are answered and kept."),
        Key("privacy", PRIVACY, "What is kept from whom."),
        Key("messages", MESSAGES, "When and how often the bot may write."),
    ),
)
