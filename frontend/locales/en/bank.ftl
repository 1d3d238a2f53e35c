# The bank: statements, matching, reconciliations.
bank-accounts-empty = There are no bank accounts yet. They are set up under Years and structure.
bank-account = Account
bank-last-day = Last statement day
bank-balance = Balance at the bank
book-balance = Balance in the books
bank-open-lines = Open lines
bank-reconciled-to = Reconciled to
bank-statements = Statements
bank-statements-empty = There are no statements yet. Import the first one as the bank sent it.
bank-statement = Statement { $number }
bank-statement-number = Statement
bank-days = From – to
bank-opening = Opening balance
bank-closing = Closing balance
bank-lines = Lines
bank-lines-open = Open ones only
bank-lines-find = Search details and references
bank-lines-none = No lines fit this.
bank-booked = Booked
bank-value-day = Value day { $day }
bank-reference = Reference
bank-details = Details
bank-opening-line = What the account held before its first statement
bank-twin = Equal line no. { $n }
bank-file = File as it came
bank-imported = Imported by
bank-take-back = Take the import back
bank-take-back-text = All lines of this statement are removed; the trail keeps that. Only for the last statement, and before any of it is matched.
bank-import = Import a statement
bank-import-hint = The bank's file as it is: MT940, camt.053, CSV or XLSX. It is checked first; nothing is kept before you confirm.
bank-import-drop = Drop the statement here, or choose it
bank-import-others = The file also has { $n } statements of other accounts; they are left out.
bank-import-twins = { $n } of them equal others in everything; all are imported.
bank-import-unbooked = { $n } pending movements are not booked by the bank and are left out.
bank-import-skipped = Statements before it that did not come, by the bank's numbers: { $n }
bank-import-done = The statement is imported, lines: { $n }
bank-import-balances = For tables without balances: type both from the paper statement, then choose the file.
bank-place-line = Line { $at }
bank-place-field = Field { $at }
bank-place-statement = Statement { $at }
bank-desk = Matching
bank-desk-title = Matching of { $account }
bank-desk-find = Search by amount, reference or words
bank-desk-bank = Lines of the bank
bank-desk-books = Lines of the books
bank-desk-proposals = Proposed matches
bank-desk-proposed = { $n } proposed, { $certain } of them certain
bank-desk-left = Without a proposal: { $lines } at the bank, { $entries } in the books
bank-desk-done = Nothing is open: every line of the bank is in the books.
bank-accept = Accept
bank-accept-all = Accept all certain ({ $n })
bank-accepted = Matched lines: { $n }
bank-match = Match what is chosen
bank-chosen = Chosen: bank { $bank }, books { $books }, difference { $difference }
bank-undo = Undo the match
bank-matched-by = Matched by { $by }
match-rule-reference = The same amount, and the line names { $reference }.
match-rule-exact = The same amount, and no other line or entry has it{ $party ->
        [yes] { " " }for this party
       *[no] { "" }
    }; { $days ->
        [0] the same day
        [one] { $days } day apart
       *[other] { $days } days apart
    }.
match-rule-twins = { $count } equal lines and as many entries: taken in their order.
match-rule-sum-reference = What the reference names adds up to the amount.
match-rule-sum-day = Everything of one day{ $party ->
        [yes] { " " }for this party
       *[no] { "" }
    } adds up to the amount.
match-rule-sum-search = The only sum within the days around it{ $party ->
        [yes] { " " }for this party
       *[no] { "" }
    } that gives the amount.
match-rule-manual = Matched by hand.
unmatched-zero = It moves nothing.
unmatched-no-candidate = Nothing in the books has this amount or adds up to it.
unmatched-equal-amounts = { $lines } lines and { $entries } entries have this amount; nothing says which goes with which.
unmatched-several-sums = Several sums give this amount ({ $count }).
unmatched-proposed = Proposed above. If that is wrong, choose another one.
unmatched-too-many = Too many amounts lie around it for a sum to mean anything.
reconciliations = Bank reconciliations
reconciliations-empty = There are none yet. One is begun from a statement.
reconciliation = Reconciliation of { $account }
reconciliation-number = Number
reconciliation-day = Up to
reconciliation-begin = Reconcile up to here
reconciliation-open = Reconciliation under way
reconciliation-state-draft = Draft
reconciliation-state-submitted = Waits for approval
reconciliation-state-approved = Approved
reconciliation-submit = Submit for approval
reconciliation-return = Give back
reconciliation-approve = Approve
reconciliation-approve-text = The reconciliation gets a number and a seal; its matches stay from then on.
reconciliation-waits-text = Waits for somebody other than the one who prepared it.
reconciliation-summary = Balances
reconciliation-add-bank = Add: at the bank, not in the books
reconciliation-add-books = Add: in the books, not at the bank
reconciliation-adjusted-books = Adjusted balance of the books
reconciliation-adjusted-bank = Adjusted balance of the bank
reconciliation-bank-items = At the bank, not in the books
reconciliation-outstanding = Outstanding cheques and transfers
reconciliation-in-transit = Deposits in transit
reconciliation-root = Seal of the content (SHA-256)
state-submitted = Submitted
state-approved = Approved
action-submit-reconciliation = Submit the reconciliation
action-return-reconciliation = Give the reconciliation back
action-approve-reconciliation = Approve the reconciliation
action-void-reconciliation = Give the reconciliation up
notification-reconciliation-submitted = { $by } submitted a bank reconciliation for approval
notification-reconciliation-returned = { $by } gave the bank reconciliation back
op-finance-statement-import = Import of a bank statement
op-finance-statement-delete = Import of a statement taken back
op-finance-statement-export = Export of a statement
op-finance-bank-accept = Matches accepted
op-finance-bank-match = Match by hand
op-finance-bank-undo = Match undone
op-finance-reconciliation-begin = Reconciliation begun
op-finance-reconciliation-submit = Reconciliation submitted
op-finance-reconciliation-return = Reconciliation given back
op-finance-reconciliation-approve = Reconciliation approved
op-finance-reconciliation-void = Draft of a reconciliation given up
op-finance-reconciliation-export = Export of a reconciliation
op-finance-statements-export = Export of a list of statements
op-finance-reconciliations-export = Export of a list of reconciliations
err-unknown-format = The file is of no known form. Ask the bank for MT940, camt.053, or a CSV or XLSX table.
err-format-unsupported = Files of the form { $format } are not read. Ask for MT940, camt.053, CSV or XLSX.
err-not-a-statement = { $message } is no statement: it has no closing balance to rely on. Ask for the statement of the end of the day.
err-encoding = The encoding of the file is not understood.
err-xml-form = The XML is not well-formed.
err-xml-entities = The XML declares a document type or entities, which are refused for safety.
err-damaged = The workbook is damaged. Download it from the bank again.
err-no-statement = There is no statement in the file.
err-field-missing = A field is missing in the file.
err-field-twice = A field is there twice.
err-field-form = A field is not of its form: { $text }
err-no-account = The file does not name the account.
err-account-differs = The statement is of account { $found }, not { $expected }.
err-no-currency = The file does not name the currency.
err-currency-mixed = There are amounts in { $found }; the account is in { $expected }.
err-no-balance = { $which ->
        [closing] The file has no closing balance
       *[opening] The file has no opening balance
    }. Type both from the paper statement, then choose the file again.
err-amount-ambiguous = The amount { $text } can be read in two ways, and nothing in the file says which.
err-both-sides = A row is debit and credit at once.
err-date-form = Not a date: { $text }
err-columns-missing = Columns are missing: { $columns }.
err-totals-differ = Opening { $opening } and movements { $sum } do not give closing { $closing }.
err-balance-differs = A balance beside a movement is { $found }; the movements give { $expected }.
err-gap = The statement begins with { $found }; the one before ended with { $expected_opening }. Import what lies between them first.
err-pages-missing = Page { $expected } of the statement is missing.
err-statement-known = Statement { $number } from { $from } to { $to } is imported already.
err-statement-older = Statement { $number } begins on { $day }; the last one begins on { $last }.
err-statement-followed = Other statements follow this one ({ $count }). Take the last one back first.
err-statement-matched = { $count } lines of this statement are matched. Undo those matches first.
err-statement-reconciled = This statement is in a reconciliation. A draft can be given up first.
err-proposal-gone = What was proposed has changed ({ $count }). Look at the proposals again.
err-nothing-certain = No proposal is certain.
err-line-not-open = A chosen line is no longer open on this account.
err-match-differs = The sums differ: bank { $lines }, books { $entries }, difference { $difference }.
err-nothing-to-undo = This line is not matched.
err-match-fixed = A reconciliation that is submitted or approved stands on this match. One that is only submitted can be given back first.
err-reconciled-already = The account is reconciled up to { $day }. Choose a later statement.
err-reconciliation-waits = A reconciliation up to { $day } waits for approval. Approve it or give it back first.
err-own-reconciliation = Nobody approves a reconciliation that they prepared.
err-reconciliation-changed = Books or matches have changed since the reconciliation up to { $day } was submitted. Give it back and submit it again.
