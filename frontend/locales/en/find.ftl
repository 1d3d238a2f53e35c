# The language of searches, kept searches, proposals, and searching inside a record.
find-help = How do I search?
find-help-intro = Type as you speak; nothing you type is wrong. Press an example to try it.
find-help-words = Words, in any spelling and form
find-help-phrase = A phrase as it stands
find-help-begin = The beginning of a word
find-help-fuzzy = A word with a letter or two different
find-help-without = Without a word
find-help-or = This or that
find-help-number = A letter's number, in either digit shape
find-help-subject = In the subject only
find-help-party = The name of an agency or a person
find-help-class = A class and what is below it
find-help-kind = The kind of record
find-help-dates = Between two dates
find-example-words = annual leave
find-example-phrase = "council of ministers"
find-example-begin = expropria*
find-example-fuzzy = guarantie~
find-example-without = tender -maintenance
find-example-or = memo OR circular
find-example-number = number:18/4/7765
find-example-subject = subject:"general budget"
find-example-party = party:finance
find-example-class = class:3000
find-example-kind = kind:incoming
find-example-dates = from:2025 to:6/2026
find-advanced = Detailed search
find-all-words = All of these words
find-exact-phrase = This phrase as it stands
find-any-words = Any of these words
find-no-words = Without these words
find-in-subject = Subject
find-own-number = Number
find-party = Agency or person
find-class = Class
find-kind = Kind
find-any-kind = Any kind
find-saved = Kept searches
find-saved-empty = No search is kept yet. Search, then keep the search to come back to it with one press.
find-save = Keep this search
find-save-again = Keep the current search under this name
find-saved-done = The search “{ $name }” is kept.
find-saved-gone = The kept search is deleted.
find-name = Name of the search
find-rename = Rename
find-forget = Delete the kept search
find-proposals = What may help
find-proposal-word = “{ $instead }” instead of “{ $word }”
find-proposal-without = Without “{ $word }”
find-proposal-unfiltered = Without filters
find-proposal-count = { $n ->
    [one] One result
   *[other] { $n } results
}
find-within = Find in this record
find-within-start = Type a word to see every place where it stands in the files, with the page. Press a place to open it.
find-within-nothing = These words stand nowhere in this record.
find-within-relaxed = No place has most of the words; those with some of them are shown.
find-within-count = { $n ->
    [one] One place
   *[other] { $n } places
}
find-within-own-text = The record's text
op-archive-search-save = A search kept
op-archive-search-forget = A kept search deleted
op-archive-search-export = Search results exported
index-segments = Pieces
index-size = Size
index-behind = Changes waiting
index-sweep = Compare the index with the records
index-sweep-begun = The comparison has begun; its result shows here when it is done.
index-sweeping = Compared so far
index-swept = Last comparison
index-swept-never = Not yet; it runs every night by itself.
index-swept-well = { $n } records, no difference
index-swept-mended = { $n } records; { $missing } added, { $changed } corrected, { $gone } removed
index-swept-damaged = Damaged files: { $n }; the index was built anew
