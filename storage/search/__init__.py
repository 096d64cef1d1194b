"""The search index: the database's own full-text index, vectors of meaning, and candidates from both.

`index` is the entry point; `lexical` and `vectors` are its two halves. `groups` finds entries that ask the same, and
`model` and `encoder` turn texts into vectors.
"""
