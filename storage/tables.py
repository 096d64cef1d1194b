"""Every table, imported so that the migrations know them."""

from storage import calendar as calendar
from storage import faq as faq
from storage import inbox as inbox
from storage import outbox as outbox
from storage import people as people
from storage import questions as questions
from storage import voice as voice
from storage import wrapups as wrapups
