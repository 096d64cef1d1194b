"""Help-forum texts with planted personal data, and ordinary technical ones without.

`PLANTED` has templates and values for each kind. Every third template is held out: the recognizers were written by
looking only at the others.
"""

from collections.abc import Iterator
from dataclasses import dataclass

ROSTER = ("Mia Berger", "Ben Okafor", "Will Turner", "Ines", "tomasz k.", "Aiko Tanaka", "Grace Hill")


@dataclass(frozen=True, slots=True)
class Plant:
    """`hidden` must not remain in the proposed text."""

    kind: str
    text: str
    hidden: str
    held_out: bool


PLANTED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "e-mail": (
        (
            "The form rejects my address {}, what else can I use to register?",
            "Write to {} and ask them to reset the quota, that is what worked for us.",
            "I invited {} to the notebook but the viewer still says 403. Any idea?",
            "If the upload fails, mail the zip to {}; they answer within a day.",
            'git config user.email "{}" and then amend the commit, that fixes the author.',
            "Log in with your school account (mine is {}) and accept the invitation first.",
        ),
        (
            "maria.lopez@uni-sevilla.es",
            "k.osei91@gmail.com",
            "Anna_Schmidt+kurs@web.de",
            "j.doe@students.mit.edu",
            "liwei at outlook dot com",
            "tomas [at] kolar.cz",
        ),
    ),
    "phone": (
        (
            "Nobody picks up at {} when the exam tool hangs. Who else can help?",
            "Just call me on {} if the container does not start, I can walk you through it.",
            "My verification code never arrives, the number {} is correct in the profile. What now?",
            "WhatsApp me: {} and I send you the fixed notebook.",
            "The support line is {}, they unlocked my account in five minutes.",
            "Should the phone field be filled as {} or without the country code?",
        ),
        ("+49 170 5551234", "0171 / 555 98 76", "(415) 555-0134", "+351912345678", "020 7946 0958", "+91 98765 43210"),
    ),
    "address": (
        (
            "The certificate should be sent to {} but the form cuts the line. How do I enter it?",
            "I live at {} and have no post office nearby, can I pick the kit up somewhere?",
            "They deliver the board to {} within a week, so order early.",
            "Where do I change my address? It still says {}.",
            "We meet offline too: {}, second floor, bring a laptop.",
            "For the invoice I used {} and it was accepted.",
        ),
        (
            "221 Baker Street, London",
            "Hauptstraße 12, 10827 Berlin",
            "Calle de Alcalá 45, Madrid",
            "14 rue des Lilas, Lyon",
            "1600 Elm Avenue, Apt 4",
            "PO Box 1187, Austin, TX 78701",
        ),
    ),
    "roster name": (
        (
            "{} showed me how to mount the volume, but after a restart it is empty. Why?",
            "Use the second template, that is what {} did for the report.",
            "How do I merge the branch when {} has pushed to it meanwhile?",
            "I asked {} and the limit counts the appendix as well.",
            "You need write access first. {} can give it to you in the settings.",
            "In our group {}, who did week two, keeps the data in the shared folder. Where do I find it?",
        ),
        ("Mia", "Ben Okafor", "Aiko", "Ines", "Tomasz", "Berger"),
    ),
    "mention": (
        (
            "How do I open the port? {} wrote that it is blocked, but I can see it.",
            "Please look at what {} answered last week, the same flag solves it.",
            "{} has the same error, so it is not my laptop. What did we both miss?",
            "As {} said, the second cell has to run first.",
            "The fix is in the thread of {}: pin the version to 2.1.",
            "Can I take over the part of {} when he is ill?",
        ),
        ("@priya.n", "<@U04AB12CD>", "@Leo", "<@!123456789012345678>", "@tomasz_k", "@Ines"),
    ),
    "signed or greeted": (
        (
            "Hi {},\nyou have to activate the environment before you install anything. It then works.",
            "Why does the build stop at step four?\n\nBest regards,\n{}",
            "Thanks {}, that was it! The path needs a slash at the end.",
            "Dear {}, how many sources does the essay need at least?",
            "Run the cell again after the restart, the cache is gone then. Cheers, {}",
            "Where do I hand in the slides? Many thanks in advance, {}",
        ),
        ("Priya", "Joaquín", "Dr. Hoffmann", "Sven Lindqvist", "Oluwaseun", "Mehmet"),
    ),
    "introduced": (
        (
            "My name is {} and I joined late. Which milestones do I still have to do?",
            "Hello, I'm {}, from the evening group. Where is the recording of week one?",
            "This is {} from group 4: our repository was closed, how do we open it?",
            "I am {}. I cannot see the quiz, is it only for the second cohort?",
            "{} here, new in this channel. Is there a way to skip the first module?",
            "Please call me {} in the feedback, can that be changed in the profile?",
        ),
        ("Priya Raman", "Kwabena", "Zsófia Varga", "Leila", "Thiago", "Nguyen Van An"),
    ),
    "spoken of": (
        (
            "My classmate {} got full marks with a shorter text. Is there a minimum?",
            "I talked to {} and he told me that late work is accepted. Is that right?",
            "{} said the data set is public, but the link asks for a login. Where is it?",
            "According to {} the second attempt counts, so do not worry.",
            "Ask {}, he has the template and can send it to you.",
            "We used {}'s notebook as a base and changed the loss.",
        ),
        ("Kwabena", "Svetlana", "Yusuf", "Guillermo", "Ngozi", "Dr. Petrov"),
    ),
    "full name": (
        (
            "The leaderboard shows {} twice, how can one of them be removed?",
            "The tutor of my group, {}, does not answer. Who grades the work then?",
            "You can copy the setup by {} from the forum, it runs on any laptop.",
            "The certificate says {} but my surname is spelled differently. How do I correct it?",
            "That script was written by {} for last year's group and still works.",
            "Does anybody know how to reach {}? The review is still missing.",
        ),
        ("Karolina Nowak", "Ahmed El Sayed", "Jun Watanabe", "Birgit Schäfer", "Chidi Eze", "Rosa Maria Conti"),
    ),
    "boss": (
        (
            "{} wants the report as a PDF, can I hand it in like that?",
            "I have to show {} the result on one page. Which chart would you take?",
            "Is it fine if {} sees the feedback of my reviewers?",
            "Just explain it to {} in one sentence, that is what the exercise is about.",
            "I did it that way because {} asked for the raw numbers, and it passed.",
            "How do I share the sheet with {} without giving away the scores?",
        ),
        ("my boss", "my manager", "my supervisor", "my team lead", "our CEO", "my line manager"),
    ),
    "employer": (
        (
            "I work at {} and we are not allowed to use cloud notebooks. Is there an offline way?",
            "At my company, {}, the proxy blocks the registry. What can I do?",
            "I am employed by {} as an analyst, may I use our own data for the project?",
            "We had the same at {}, where I work: the firewall cuts long uploads.",
            "My employer {} pays for the course, who writes the invoice?",
            "I'm a developer working for {}, so the basics are clear. Which weeks can I skip?",
        ),
        ("Siemens", "Banco Santander", "Northwind Traders Ltd.", "Müller & Söhne GmbH", "Deloitte", "Contoso Inc."),
    ),
    "key": (
        (
            "I get a 401 with the key {}, what is wrong with it?",
            'Here is my call:\n```\ncurl -H "Authorization: Bearer {}" https://api.example.org\n```\nWhat is wrong?',
            "Set OPENAI_API_KEY={} in the .env file and restart, then it is read.",
            "export TOKEN={}\nthen run the script again, that worked for me.",
            'The client was made with `Client(api_key="{}")` and times out. Any ideas?',
            "Use this one until yours arrives: {} and do not commit it.",
        ),
        (
            "sk-proj-a8Fk29LmQ0xZ7vT3bN5cR1yH",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
            "AKIAIOSFODNN7EXAMPLQ",
            "xoxb-1111111111-2222222222-AbCdEfGhIjKlMnOp",
            "AIzaSyD-9tSrke72PouQMnMX-a7eZSW0jkFMBWY",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSMeKKF2QT4fwpM",
        ),
    ),
    "private key": (
        (
            "The login fails, this is my key:\n{}\nWhat is missing in it?",
            "I put this into id_rsa and it says invalid format:\n```\n{}\n```\nWhy?",
            "Copy it as it is, with the line breaks:\n{}",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7bq2\nq9x1Zb3F\n-----END RSA PRIVATE KEY-----",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
        ),
    ),
    "password": (
        (
            "The password is {} but the database still says access denied. Why?",
            "Connect with user student and password: {} and you see the tables.",
            "I changed my password to {} and now the app logs me out. Is that a bug?",
            "DB_PASSWORD={}\nThat line has to be in the .env file, then it starts.",
            "The wifi password {} does not work in the lab, is there a new one?",
            "Open it with the passcode {}, the slides are inside.",
        ),
        ("hunter2", "Sommer2024!", "tr0ub4dor&3", "swordfish", "P@ssw0rd99", "qwertz-4711"),
    ),
    "account": (
        (
            "My GitHub username is {} and I get no invitation to the classroom. How long does it take?",
            "Add me on Discord, I am {} there, and I can share the screen.",
            "The user {} has no rights on the server. Who can add them?",
            "Follow the steps, but log in as {} and not as a guest.",
            "Telegram handle: {}, write to me for the slides.",
            "The Kaggle account {} is not on the list, how do I join the competition?",
        ),
        ("marialopez_92", "kwab3na", "tom-kolar", "jwatanabe99", "rosa.conti#4821", "dev_leila"),
    ),
    "profile": (
        (
            "Here is my profile, is it enough for the portfolio? {}",
            "See {} for how I set it up, the readme has all steps.",
            "I cannot link {} in the form, it says invalid. Which format is wanted?",
        ),
        (
            "https://github.com/marialopez92",
            "https://www.linkedin.com/in/jun-watanabe-4711",
            "https://t.me/kwab3na",
            "https://twitter.com/rosaconti",
        ),
    ),
    "home folder": (
        (
            "FileNotFoundError: {}/course/data.csv, but the file is there. What is wrong?",
            "It was installed into {}/venv, so call python from there.",
            "Why does pip write to {}/.local when I said --prefix?",
        ),
        ("/home/mlopez", "/Users/junwatanabe", "C:\\Users\\Birgit.Schaefer"),
    ),
    "link with a token": (
        (
            "The link {} does not open for me, is it for another group?",
            "Take this one: {} and choose the second tab.",
            "I still see the old version under {}. How do I refresh it?",
            "Join here: {} (it is open from nine).",
            "Post the result to {} and it shows up in the channel.",
            "The recording is at {}, the sound starts after a minute.",
        ),
        (
            "https://app.example.org/reset?token=9f8a7b6c5d4e3f2a",
            "https://us02web.zoom.us/j/84512345678?pwd=QWxhZGRpbjpvcGVu",
            "https://hooks.slack.com/services/T000/B000/XXXXXXXXXXXX",
            "https://docs.google.com/document/d/1AbCdEfGhIjKlMnOpQrStUvWxYz/edit?usp=sharing",
            "https://bucket.s3.amazonaws.com/a.csv?X-Amz-Signature=ab12cd34ef56",
            "https://user:geheim1@git.example.org/repo.git",
        ),
    ),
    "learner number": (
        (
            "My student number is {} and the portal says it is unknown. What can I do?",
            "Put the matriculation number ({}) on the first page, else it is not graded.",
            "Which name belongs to learner ID {}? It shows up in my group.",
            "Enrolment no. {} is blocked, who opens it again?",
            "I wrote my ID {} into the file name, as the task says.",
            "My employee number {} is not accepted in the form. Is another one meant?",
        ),
        ("4711230", "S-2023-00417", "22B81A0512", "0098123", "M1234567", "2021/04512"),
    ),
    "identity or bank number": (
        (
            "The refund went to {}, which is the old account. How is that changed?",
            "Do I have to enter {} in the form, or is it optional?",
            "They asked for {} and accepted it at once.",
        ),
        ("DE89 3704 0044 0532 0130 00", "078-05-1120", "4111 1111 1111 1111", "passport number C01X00T47"),
    ),
}


def planted() -> Iterator[Plant]:
    for kind, (wordings, things) in PLANTED.items():
        for n, wording in enumerate(wordings):
            # Few templates get all values, many only every second, so that no kind outweighs the others.
            for thing in things if len(wordings) < 6 else things[n % 2 :: 2]:
                yield Plant(kind, wording.format(thing), hidden(kind, thing), n % 3 == 2)


def hidden(kind: str, thing: str) -> str:
    if kind == "private key":
        return thing.split("\n")[1]
    if kind == "home folder":
        return thing.replace("\\", "/").rpartition("/")[2]
    return thing.removeprefix("passport number ").removeprefix("Dr. ").lstrip("@")


CLEAN = (
    "How do I install Docker on Windows 11? The Docker Desktop installer stops at 80 %.",
    "Pandas says SettingWithCopyWarning. Should I use .loc or .copy() here?",
    "Use `df.merge(other, on='id', how='left')` and drop the duplicates first.",
    "Is the report due in APA style, or may we use IEEE?",
    "Monday is a project tool; does the course use Monday or Trello for the boards?",
    "Getting Started\n\nWhere do I find the Getting Started guide for Kubernetes?",
    "Why does Jupyter Lab not show my kernel after `python -m ipykernel install --user`?",
    "The error is `ModuleNotFoundError: No module named 'sklearn'`. Install scikit-learn, not sklearn.",
    "Can I use PostgreSQL instead of MySQL for the second milestone?",
    "Postgres listens on 5432 by default. Map it with `-p 5433:5432` if that port is taken.",
    "What is the difference between Terraform and Ansible, and which one do we need?",
    "Set `JAVA_HOME` to /usr/lib/jvm/java-17-openjdk and run Maven again.",
    "My Mac with an M1 chip cannot run the image. Is there an ARM build?",
    "Add `--platform linux/amd64` to the command. Docker then uses Rosetta.",
    "How many pages may the final report have? At most ten, says the handbook.",
    "Which Python version do we need? I have 3.8.10 and the setup wants 3.11.",
    "Install pyenv, then `pyenv install 3.11.4` and `pyenv local 3.11.4`.",
    "Is Week 3 about linear regression or logistic regression?",
    "Spark cannot find the jar. Where does SPARK_HOME have to point?",
    "In Airflow the DAG is shown as broken: 'Broken DAG: [/opt/airflow/dags/etl.py]'. What does it mean?",
    "Restart the Scheduler, not the Webserver. Airflow reads the folder every 30 seconds.",
    "The git push is rejected with 'non-fast-forward'. Do I have to rebase?",
    "Run `git pull --rebase origin main`, solve the conflicts, then push again to git@github.com:course/homework.git.",
    "What does `@property` do in this class, and why is there no call?",
    "Does the API return JSON or XML? The documentation at https://docs.example.org/api says nothing.",
    "Hugging Face has a small model for that: https://huggingface.co/docs/transformers/index. It runs on a CPU.",
    "Where is the rubric for the peer review? I only see the template.",
    "Grafana shows 'No data'. Prometheus scrapes the target, I checked on port 9090.",
    "Change the data source in Grafana to http://prometheus:9090, since localhost is the container itself.",
    "Can the essay be written in German or Spanish, or only in English?",
    "We lost the tables after `docker-compose down -v`. Can they be brought back?",
    "No: `-v` deletes the volumes. Without it they stay.",
    "Is it possible to use Google Colab for homework 2? My laptop has 4 GB of memory.",
    "Colab works. Choose Runtime > Change runtime type > T4 GPU.",
    "The quiz counts for 20 % and the project for 80 %, as written in the Syllabus.",
    "My loss is NaN after the first epoch with Adam and a learning rate of 0.01. Why?",
    "Lower the learning rate to 0.0001, and scale the features with StandardScaler.",
    "How do I connect dbt to BigQuery? It says 'Permission denied: BigQuery Data Viewer'.",
    "Give the service account the role BigQuery Data Viewer in IAM and try again.",
    "Kafka Connect starts, but the topic stays empty. Which log should I look at?",
    "Mark the task as done in the dashboard, then the next one opens.",
    "Will the recordings stay online after the course ends?",
    "Grace periods: may we hand in a day late without losing points?",
    "Why is my R script slower than the Python one? Both read the same CSV with 2,000,000 rows.",
    "The password is required for sudo, but WSL never asked me to set one.",
    "Reset it from PowerShell: `wsl -u root passwd`. The password must not be empty.",
    "Where do I put the API key? The README says 'export it', but not where.",
    "Put it into a .env file and load it with `os.environ['API_KEY']`. Never commit the token.",
    "Chrome shows ERR_CONNECTION_REFUSED on http://127.0.0.1:8080. What is missing?",
    "VS Code does not see the interpreter. Press Ctrl+Shift+P and choose 'Python: Select Interpreter'.",
    "Does Selenium need ChromeDriver in the same version as Chrome?",
    "The image is 2.3 GB. Use python:3.11-slim as the base and a multi-stage build.",
    "Commit 9fceb02d0ae598e95dc970b74767f19372d61af8 broke the tests. How do I revert it?",
    "`git revert 9fceb02` makes a new commit that takes the change back.",
    "Which license does the dataset have, MIT or CC BY 4.0?",
    "TypeError: unsupported operand type(s) for +: 'int' and 'str' in line 42. What is wrong here?",
    "Convert it first: `int(value)`. Input from a CSV is always text.",
    "How is the F1 Score computed for three classes, macro or micro?",
    "Use Macro F1, as the Evaluation page says. Accuracy is shown as well.",
    "Can two people work in one Notebook at the same time on Deepnote?",
    "Terraform wants to destroy the bucket. Is 'prevent_destroy = true' enough?",
    "Why does Excel show 1.234 as a date? The file has German number formats.",
    "Import it with Data > From Text/CSV and choose the locale English (United States).",
    "Is the certificate from Coursera or from the university itself?",
)
"""Ordinary technical questions and answers, in which every mark is a false positive."""
