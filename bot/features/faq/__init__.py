"""The FAQ: a draft from each solved question, reviewed in the chat or on a page, found before asking, published."""
