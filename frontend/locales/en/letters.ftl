# Letters: lists, a letter's page, writing, templates and letterheads.
nav-memos = Internal memos

## letters: lists
letters-incoming = Incoming letters
letters-outgoing = Outgoing letters
letters-drafts = Drafts
letters-memos = Internal memos
letters-views = Views
view-all = All
view-mine = Assigned to me
view-to-register = To register
view-overdue = Overdue
view-awaiting-reply = Awaiting reply
view-closed = Closed
letters-in-number = In no.
letters-out-number = Out no.
letters-memo-number = Memo no.
letters-their-number = Their ref.
letters-agency = Agency
letters-to = To
letters-from = From
letters-subject = Subject
letters-priority = Priority
letters-secrecy = Secrecy
letters-holder = With
letters-assigned-to = Assigned to
letters-due = Due
letters-state = State
letters-received-at = Received
letters-made-at = Written
letters-issued-at = Issued
letters-caveats = Caveats
letters-no-number = No number
letters-any = Any
letters-from-day = From day
letters-to-day = To day
letters-empty-incoming = No incoming letters yet.
letters-empty-outgoing = No outgoing letters yet.
letters-empty-drafts = No drafts.
letters-empty-memos = No internal memos yet.
letters-empty-view = No letters in this view.
letters-empty-filter = No letter fits the filter.
letters-show-all = Show all
letters-excerpt = From the letter
letters-last-note = Last direction
letter-dated = dated
letters-files = Attachments
letters-print-list = Print list
letters-has-files = { $n ->
    [one] 1 attachment
   *[other] { $n } attachments
}
