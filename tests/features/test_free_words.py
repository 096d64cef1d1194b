"""What learners write in private in their own words: the first button is the act that they mean, and a question about
the course's matter offers none."""

import random
from pathlib import Path

import pytest

from tests.features.test_milestones import WITH_WORK
from tests.features.test_talk import said
from tests.kit import new_world

LINK = "https://example.org/draft"

SENTENCES = f"""\
pause: hey, would it be ok if I stop for two weeks and then pick it up again? work is insane right now
pause: I think I need to take a breather, could you put things on hold for me till after easter
pause: could we pause my course for a bit? new baby at home :)
pause: pls pause me, too much going on
pause: Ich würde gerne für zwei Wochen aussetzen, geht das?
pause: Kann ich den Kurs kurz unterbrechen?
pause: queria dar uma pausa de uma semana, pode ser?
pause: necesito parar un par de semanas
pause: est-ce que je peux mettre le cours en pause ?
pause away: id like to take some time off from the course
pause: is there any way to freeze my participation for a month?
pause: need a brake from this for a week or so
pause: my dad's in hospital, i want to pause everything until i know more
leave: I've decided to drop out, sorry. It was a great course though
leave: this isn't for me, how do i unenroll?
leave: hi! i want to leave the course pls, wrong time in my life
leave: please take me off the list, i don't want to continue
leave: i'd like to cancel my participation
leave: I wont continue with the course, thanks for everything
leave: Ich möchte mich vom Kurs abmelden
leave: Ich mache nicht mehr weiter, bitte meldet mich ab
leave: quero cancelar a minha inscrição
leave: quiero darme de baja del curso
leave: je voudrais me désinscrire du cours
leave: how can I quit this thing
leave: i think im going to have to withdraw, my job changed
away: fyi im on holidays from the 12th till the 20th
away: heads up: I'm travelling for work thurs + fri
away: I will not be around next week, conference in Lisbon
away: won't be able to do anything this weekend, we're moving house
away: just letting you know i'll be offline mon-wed
away: Gonna be away for a few days starting tomorrow!
away: we're going camping until sunday so no internet
away: I have jury duty next week so I can't participate
away pause: I'm in hospital until friday, nothing serious
away: taking a few days off, back on monday
away: Bin nächste Woche nicht da, Familienurlaub
away: ich bin ab Montag für 10 Tage in Italien
away: esta semana estou de férias
away: vou estar fora na próxima semana por causa do trabalho
away: la semana que viene estoy de viaje
away: je suis en vacances du 10 au 17
away: je ne serai pas là la semaine prochaine
away: my in-laws are visiting so i'll be mostly unavailable til tuesday
away: away frm wed to sat
away: Can I be away for a week in december?
away: what should I do if I'm going to be away next week?
back: hey im back from vacation!!
back catchup: Back at my desk, what did I miss?
back: I'm finally back home and ready to continue
back: hi there, i have returned from my trip, where do I start
back: ok im back, pls start sending me things again
back: ich bin wieder zurück aus dem Urlaub
back: Bin wieder dabei!
back: voltei de férias, por onde começo?
back: ya estoy de vuelta de mis vacaciones
back: je suis de retour
back: can you unpause me please
back: I would like to start again after my break
time: is there any way i could get til wednesday for the draft?
time: Could I possibly have an extention on this weeks assignment? sorry
time: I'm not gonna be finished by sunday, what can i do
time: can i hand it in on tuesday instead of sunday
time: running late with the homework, need 2 more days
time: would a couple extra days be possible
time: hi, I am afraid I will miss the deadline this week, my laptop died
time: can the deadline for my draft be pushed to friday?
time: sunday is too tight for me, can i get some more time?
time: I won't manage to submit in time
time: Kann ich den Entwurf ein paar Tage später abgeben?
time: Ich schaffe es nicht bis Sonntag, gibt es eine Verlängerung?
time: posso entregar na terça em vez de domingo?
time: preciso de mais uns dias para acabar o rascunho
time: ¿me podéis dar un poco más de tiempo?
time: no voy a llegar a la entrega del domingo
time: puis-je rendre mon travail mardi au lieu de dimanche ?
time: j'aurais besoin d'un délai supplémentaire
time: im behind and need an extra week for the first draft please
time: I need 2 more days for The first draft
time: can I hand in The first draft on Thursday the 15th instead?
team: can I get 2 more days for the discussion?
team: may I have more time for the wrap-up?
matter: can two people post the same answer in the discussion
matter: should the discussion of the results come before or after the summary
work: im done with my draft, where do i put it?
work: where do I upload the homework?
work: so how does one hand in the notes? cant find the button
work: just finished! here's the link to my draft {LINK}
work: hey this is my assigment for this week: {LINK}
work: I know its late but can i still hand in my draft?
work: wo kann ich meine Hausaufgabe abgeben?
work: Hier mein Entwurf: {LINK}
work: onde entrego o trabalho?
work: aquí va mi borrador {LINK}
work: où est-ce que je rends mon devoir ?
work: voici le lien vers mon brouillon {LINK}
work: Ready to submit :)
work: my final draft is up now {LINK} sorry for the delay
team: i lost my password for the learning platform
team: forgot my pasword and the reset mail never comes
team: I can't log in to the video site anymore
team: my invoice has the wrong company name on it
team: could someone call me about the payment?
team: Ich habe mein Passwort vergessen
team: perdi a minha senha
team: olvidé mi contraseña, qué hago
team: j'ai perdu mon mot de passe
team: the other person in my group is being rude to me
matter: Should we leave the yeast out overnight or in the fridge?
matter: how long do I leave the model training before I stop it?
matter: Can I leave a field empty in the template?
matter: do I leave out the introduction if the piece is short?
matter: what does annual leave count as in the payroll exercise?
matter: how do I go back to an earlier commit?
matter: Where can I look back at last week's reading?
matter: I keep coming back to the second example and still don't get it
matter: is it ok to give feedback late in a review?
matter: why does the late binding closure print 9 three times
matter: how late can an event arrive before the window drops it?
matter: when should I break a paragraph in two?
matter: how do I break out of a nested loop?
matter: does a line break count as a character?
matter: How do I extend a class without copying it?
matter: can I extend the table with another column?
matter: can we extend the interview to 45 minutes or is that too long for the persona
matter: should the customer hand in the form before or after the call in the case?
matter: hand in hand with the previous question: what is a persona
matter: in the case study, why did the manager quit?
matter: how do I throw away the outliers?
matter: my dough comes away from the sides but is still sticky, is that right?
matter: does the pause between two intervals have to be the same length
matter: When the character is away from home, which tense do I use?
matter: Is 'on holiday' or 'on vacation' better for British readers?
matter: the timer pauses when I switch tabs, is that a bug?
matter: I give the reader more time in the second paragraph, is that too slow?
matter: what is the deadline of the project in the example plan?
matter: Wie lange muss der Teig in die Pause?
matter: Soll ich den Absatz weglassen?
matter: como volto à versão anterior do documento?
matter: ¿Cuándo se deja un espacio en blanco?
matter: combien de temps faut-il laisser reposer la pâte ?
matter: Do I need to hand in the SQL with comments?
matter: can I leave my notes in bullet points?
matter: Could I take the break-even point from the example?
matter: i dont understand what 'submit' does in spark-submit
matter: how far back should the history in my essay go"""

ACTS = {
    "pause": ["Pause"],
    "leave": ["Leave"],
    "away": ["I'm away"],
    "back": ["I'm back"],
    "catchup": ["Catch up"],
    "time": ["Ask for more time"],
    "work": ["Hand it in"],
    "team": ["A note for the course team", "A private question to the course team"],
    "matter": ["A note for the course team", "A private question to the course team", "Ask it in the question channel"],
}
OFFERED = {label for act, labels in ACTS.items() if act not in ("team", "matter") for label in labels}


def half(which: int) -> list[tuple[str, str]]:
    """The first half was looked at while the words were chosen, the second only counted."""
    found = [(acts, text) for acts, _, text in (line.partition(": ") for line in SENTENCES.splitlines())]
    random.Random(13).shuffle(found)
    return found[which::2]


@pytest.mark.parametrize(("which", "floor"), [(0, 66), (1, 62)])
async def test_the_first_button_is_what_people_mean(tmp_path: Path, which: int, floor: int) -> None:
    world = new_world(tmp_path, course=WITH_WORK)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-08T10:00:00Z")
    right, wrong = 0, []
    for acts, text in half(which):
        meant = [label for act in acts.split() for label in ACTS[act]]
        buttons = (await said(mia, text)).buttons
        right += buttons[0] in meant
        strange = OFFERED & set(buttons) if acts == "matter" else OFFERED & {buttons[0]} - set(meant)
        wrong += [f"{text}: {strange}"] if strange else []
    assert not wrong, "an act that was not meant"
    assert right >= floor
