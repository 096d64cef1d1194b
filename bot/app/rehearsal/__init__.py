"""A rehearsal: a whole cohort on a clock that is wound, with learners who are played.

They act on the real core, over the real storage and the sandbox's chat. `cast` says who they are, `player` what a
person can do and who hears what, `words` what they say, and `parts` what they do with each feature and what the checks
expect of it: a feature that is rehearsed adds a module with its name there. `stage` is where it happens,
`play` lets the weeks pass, and `script` reads the transcript. `load` counts the messages against the budget, `checks`
looks for what came twice, too early or never, `output` and `page` write it down.
"""

from bot.app.rehearsal.rehearse import Plan, Rehearsal, rehearse

__all__ = ["Plan", "Rehearsal", "rehearse"]
