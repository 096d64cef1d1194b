"""The course file to start from: small, complete, and explained where one has to decide."""

from bot.course.source import quoted
from bot.course.value_types import slug


def starter(title: str = "My course", schema: str = "course.schema.json") -> str:
    """A course file of two weeks that loads without a problem. `schema` is the path to the JSON Schema."""
    return _STARTER.replace("SCHEMA", schema).replace("COURSE_ID", slug(title)).replace("COURSE_TITLE", quoted(title))


_STARTER = """\
# yaml-language-server: $schema=SCHEMA
#
# A course in one file. Change what you like, then run `pacekeeper check` on it: every error is named at its line
# with the edit that fixes it, and the audit tells what learners would stumble over.

course:
  id: COURSE_ID            # stays the same from run to run
  title: COURSE_TITLE
  weekly_minutes: 240          # what a learner gives in a week; every week is held against it
  # Who has completed the course. Also: `all milestones`, `80% of milestones and 4 wrap-ups`.
  completion: all essential milestones and 1 wrap-up

# The first week in the list is week 1. A cohort's start date says when that is, so no dates stand in this file.
weeks:
  - title: See the problem
    goal: Describe the problem in one sentence that a stranger understands.   # what one can do at the week's end
    materials:
      - title: Watch "A problem well put"
        link: https://example.org/course/problem
        kind: video            # video, audio, reading, exercise or tool
        minutes: 20
        captions: yes          # a video has captions or a transcript, best both
        transcript: https://example.org/course/problem.txt
        guide:                 # where to pause, what to look for
          - "Pause at 5:00. Which problem would you have chosen?"
      - title: Read the first case
        link: https://example.org/course/case
        minutes: 40
    self_check:                # nobody sees the answers; they are for the learner
      - question: Does your sentence name who has the problem?
        answer: A problem that nobody has is a topic.
  - title: Try an answer
    goal: Show a first answer to somebody who has the problem.
    materials:
      - title: Read "Small trials"
        link: https://example.org/course/trials
        minutes: 30
    self_check:
      - What would have to happen for you to give the answer up?

# The wrap-up is how a learner is heard when nobody meets. Three questions are plenty.
prompts:
  - id: wrapup
    weekly: yes                # or `week: 1` for one week alone
    opens: Fri 16:00           # by each learner's own clock
    closes: Sun 23:59          # later answers are welcome, and marked late
    questions:
      - id: done
        kind: long             # text, long, choice, scale, number, yes_no or link
        text: What did you finish this week?
        audience: cohort       # who sees the answer: cohort or instructors. The form says so.
      - id: pace
        kind: choice
        text: How was the pace?
        audience: instructors
        options: [too slow, right, too fast]
      - id: stuck
        kind: long
        text: Where are you stuck?
        audience: instructors
        required: no

milestones:
  - id: sentence
    week: 1
    title: Hand in your sentence
    due: Sun 23:59 aoe         # anywhere on Earth: nobody's Sunday is cut short
    grace: 2 h                 # so long after that it is still on time
    late: accepted             # marked late; or `refused`, or `7 days`
    extension: 3 days          # how far learners move it themselves; or `7 days by instructor`, or `none`
    minutes: 120
  - id: trial
    week: 2
    title: Hand in what your trial showed
    essential: yes             # without it the course is not completed
    minutes: 110

# A discussion has a form, so that it does not end in 'I agree'.
discussions:
  - id: best-problem
    week: 2
    title: A problem worth having
    question: Whose problem of last week would you work on, and why?
    protocol: [Claim, Evidence, Question]
    replies: 1
    minutes: 30

# Learners review one another in the week after a milestone. Uncomment it when you have a third week.
reviews:
#  - id: sentence-review
#    milestone: sentence
#    rubric:
#      - Who has the problem?
#    minutes: 40

# A live session has to be worth its cost. It answers six questions, and its minutes count in its week.
live:
#  - id: clinic
#    week: 2
#    title: Clinic
#    minutes: 30
#    slots: [Wed 08:00, Wed 20:00]                          # by the cohort's clock
#    goal: Untangle trials that went wrong; writing takes days. # 1
#    optional: yes                                          # 2
#    alternative: Watch the recording and write three lines. # 3
#    recorded: yes                                          # 4
#    workload: The reading of the week is dropped.          # 5
#    metric: Half of the learners come, or watch.           # 6

faq:
  answer_within: 24 h          # the promise that is measured
  public: no

privacy:
  anonymous_questions: yes
  quotes: ask                  # whether a line of a wrap-up may be quoted, if its author agrees; or `never`

messages:
  hours: 08:00-22:00           # by the reader's clock
  reminders: 1                 # a week, for everything that is pending
"""
