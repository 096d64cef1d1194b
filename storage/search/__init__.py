"""The search index: words in the database's own full-text index, meanings as vectors, and candidates from both.

`index` is the way in; `words` and `meanings` are its halves, `groups` says which entries ask the same, `model` and
`encoder` make vectors of texts.
"""
