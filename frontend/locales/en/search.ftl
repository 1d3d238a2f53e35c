# Search over everything.
search-words = Words, an "exact phrase", or a number
search-found = { $n ->
    [one] One result
   *[other] { $n } results
}
search-took = in { $ms } ms
search-relaxed = Few have all the words; those with some of them are shown too.
search-cut = The question is long; only its beginning was read.
search-start = Type what you look for: a word of the text or the attachments, an agency, a letter's number.
search-nothing = Nothing found for these words.
search-nothing-narrowed = Nothing found within the chosen filters.
search-everywhere = Search without filters
search-hint-fewer = Try fewer words, or one word that stands out.
search-hint-number = Type the letter's number as it is, in either digit shape.
search-hint-begin = Type the beginning of a word and a star: expropria*
search-sort-relevance = Best first
search-sort-newest = Newest first
search-sort-oldest = Oldest first
sort-order = Order
narrow-results = Narrow the results
facet-kind = Kind
facet-agency = Agency
facet-date = Date
facet-class = Class
facet-secrecy = Secrecy
date-from = From
date-to = To
hit-page = p. { $page }
