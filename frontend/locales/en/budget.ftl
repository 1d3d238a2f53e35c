# Finance: the budget law out of a workbook, spending before the law, calls of other modules.
law-import = Budget law from a file
law-import-hint = One row for each key: its six parts or the key as a whole, then amount and note, with Arabic or English headings.
law-reference = Number of the law
law-template-get = Download a table to fill in
law-draft = Make the draft of the law
law-control = Total of the law, to compare
law-total = Total
law-rows-shown = At most { $n } rows are shown, the wrong ones first.
law-column-key = Budget key
law-column-chapter = Chapter
law-column-programme = Programme
law-column-activity = Activity or project
law-column-fund = Fund
law-column-location = Location
law-column-item = Item
law-column-amount = Amount
law-column-note = Note
law-column-file = File
provisional = Provisional appropriation
provisional-hint = While the budget law is late, each month may spend one part in twelve of last year's appropriations. A draft of a supplement is made with the share of each key up to the end of the month; the financial order follows it. Once the law is posted its appropriations take their place, and what was spent stays spent.
provisional-month = Up to the end of
provisional-last = Final appropriation of the year before
provisional-share = Share of a month
provisional-documents = Provisional appropriations
provisional-replaced = replaced by the law
provisional-law-there = The budget law of this year is posted: { $document }.
provisional-not-allowed = No rule in force allows spending before the law in { $year }. Add one under Years and structure, Rules before the law.
provisional-rules = Rules before the law
import-column-parts = One part of
provisional-parts-hint = 12 for 1/12 a month
op-finance-budget-law = Budget law taken from a file
op-finance-budget-provisional = Provisional appropriation drafted
op-finance-budget-template = Table for the budget law downloaded
err-law-row-twice = The key stands in line { $line } too.
err-law-total = The rows come to { $sum }, the law to { $total }.
err-law-twice = { $document } gives { $key } its appropriation of the year already. What comes besides is a supplementary budget.
err-segment-unknown = There is no { $part ->
    [chapter] chapter
    [programme] programme
    [activity] activity or project
    [fund] fund
    [location] location
   *[item] item
} { $code }. Look into the parts of the key.
err-provisional-off = No rule in force allows spending before the law in { $year }.
err-law-is-there = The budget law of this year is posted: { $document }. Nothing stands for it any more.
err-provisional-nothing = Nothing is left of the appropriations of { $year } up to the end of month { $month }.
err-provisional-over-share = The share of { $key } up to the end of the month is { $share }; { $given } of it was given, { $asked } is asked for.
err-cut-before-law = What { $key } has stands for the law, which takes its place. Nothing is taken down before.
err-hold-of-other-year = The reservation or commitment is of { $year }. Date the operation in that year, or reserve anew.
err-hold-lapsed = The reservation or commitment is of { $year }. That year has ended, and what was left of it lapsed. Reserve anew.
err-spends-budget = The entry spends { $amount } of { $key }. Budget is spent by liquidating.
