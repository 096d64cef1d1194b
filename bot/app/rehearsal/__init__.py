"""Rehearsals: simulate a whole cohort on a wound clock, with simulated learners.

The players act on the real core over the real storage and the sandbox's chat. `cast` defines who they are, `player`
what a person can do and hears, `words` what they say, and `parts` what they do with each feature and what the checks
expect of it: a feature that is rehearsed has a module with its name there. `twists` are what may happen besides.
`stage` sets everything up, `play` runs the weeks, and `script` reads the transcript. `load` counts the messages against
the budget, `checks` finds messages that came twice, too early or never, and `output` and `page` write the results.
"""

from bot.app.rehearsal.rehearse import Plan, Rehearsal, rehearse

__all__ = ["Plan", "Rehearsal", "rehearse"]
