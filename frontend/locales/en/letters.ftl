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
letters-files = Attachments
letters-print-list = Print list
letters-has-files = { $n ->
    [one] 1 attachment
   *[other] { $n } attachments
}

## letters: a letter's page
letter-from = from
letter-to = to
letter-dated = of
letter-from-to = From { $from } to { $to }
letter-view = How to show the letter
letter-paper = Letter
letter-pdf = PDF
letter-text = Text of the letter
letter-tasks = Tasks
letter-comma = { ", " }
letter-notes = Directions
letter-links = Links
letter-files = Files
letter-thread = Thread
letter-log = Timeline
letter-no-notes = No directions yet.
letter-no-links = No links.
letter-no-thread = No letter of this thread was issued yet.
letter-no-log = Nothing happened yet.
letter-no-files = No attachments.
letter-write-direction = Write a direction
letter-write-comment = Write a comment
letter-add-note = Add
letter-written-direction = Direction added.
letter-written-comment = Comment added.
letter-on-behalf = for { $name }
letter-system = Diwan
letter-returned-by = { $name } returned it for correction
letter-lies-with = With { $name }
letter-lies-with-registry = With the registry
letter-lies-with-you = With you
letter-waits-at = Awaiting registration at { $name }
letter-since = { $days ->
    [0] since today
    [one] for 1 day
   *[other] for { $days } days
}
letter-task-opened = opened
letter-task-unopened = not opened yet
letter-wrote = Wrote the draft
letter-sent-it = Sent the letter
letter-sent-to = { $n ->
    [one] Sent to one agency
   *[other] Sent to { $n } agencies
}
letter-original = Original
letter-copy = Copy
letter-drop-files = Drop files here or choose
letter-remove-file = Remove the attachment?
letter-remove-file-text = “{ $name }” is removed from the letter.
letter-remove = Remove
letter-pages = { $n ->
    [one] 1 page
   *[other] { $n } pages
}
letter-file-mismatch = The content is not what the name says: { $kind }
letter-file-not-shown = Files of this type are not shown in the browser.
letter-reason = Reason
letter-step-gone = The state of the letter changed and this step is no longer possible. Close to see what is new; what you typed is kept.
link-answered-by = Answered by
link-came-from = Came from
link-reminded-by = Reminded by
link-cancelled-by = Cancelled by
step-draft = Draft
step-review = Review
step-signature = Signature
step-issued = Issued
step-delivered = Delivered
step-received = Received
step-registered = Registered
step-referred = Referred
step-answered = Answered
step-closed = Filed
action-finish = Done
ask-pass-up = The letter goes to the next step; what you write stands beside it as a direction.
ask-return = The letter goes back to its writer for correction.
ask-sign = The letter takes its number, is sealed and sent. It cannot be changed afterwards.
ask-register = The letter takes the next incoming number.
ask-refuse = The letter goes back to its sender with the reason.
ask-recall = The letter is taken back from agencies that have not registered it.
ask-close = The letter is filed and closed.
ask-reopen = The letter is opened again.
ask-void = The letter is voided. A number that was issued stays in the register with the reason.
ask-finish = Your referral ends, and whoever gave it is told.
note-for-pass-up = Direction note
note-for-sign = Direction note
note-for-register = Comment
note-for-close = Comment
note-for-finish = What was done
done-submit = The letter was submitted.
done-withdraw = The letter was withdrawn.
done-pass-up = The letter was passed up.
done-return = The letter was returned for correction.
done-sign = The letter was issued with number { $number }.
done-register = The letter was registered with number { $number }.
done-refuse = The letter was returned to its sender.
done-recall = The letter was recalled.
done-close = The letter was filed and closed.
done-reopen = The letter was reopened.
done-void = The letter was voided.
done-finish = The referral was finished.
done-refer = { $n ->
    [one] The letter was referred.
   *[other] { $n } letters were referred.
}
refer-title = { $n ->
    [one] Refer the letter
   *[other] Refer { $n } letters
}
refer-target = Referred to { $n }
refer-kind = Kind
refer-to = To
refer-instruction = Instruction
refer-add = Add another
refer-remove = Remove this line
refer-note = Direction note
refer-due-hint = Without a day it is due on { $day }

## letters: words of the paper, in the letter's language, not the screen's
paper-kingdom-ar = المملكة الأردنية الهاشمية
paper-kingdom-en = The Hashemite Kingdom of Jordan
paper-number-ar = الرقم
paper-number-en = No.
paper-hijri-ar = التاريخ
paper-hijri-en = Hijri
paper-date-ar = الموافق
paper-date-en = Date
paper-subject-ar = الموضوع
paper-subject-en = Subject
paper-files-ar = المرفقات
paper-files-en = Attachments
paper-copies-ar = نسخة إلى
paper-copies-en = Copy to
paper-verify-ar = التحقق من صحة الكتاب
paper-verify-en = Verify this letter
paper-for-ar = عن /
paper-for-en = For

## letters: timeline
op-tarasol-letter-create = Draft written
op-tarasol-letter-update = Letter changed
op-tarasol-letter-submit = Submitted for review
op-tarasol-letter-approve = Review approved
op-tarasol-letter-return = Returned for correction
op-tarasol-letter-withdraw = Withdrawn from its route
op-tarasol-letter-sign = Signed and issued with number { $number }
op-tarasol-letter-sign-there = Received from { $agency }
op-tarasol-letter-open = Opened
op-tarasol-letter-open-there = Opened by { $agency }
op-tarasol-letter-register = Registered with number { $number }
op-tarasol-letter-register-there = Registered by { $agency } with number { $their_number }
op-tarasol-letter-refuse = Returned to sender
op-tarasol-letter-refuse-there = Returned by { $agency }
op-tarasol-letter-refer = Referred to { $to }
op-tarasol-letter-close = Filed and closed
op-tarasol-letter-reopen = Reopened
op-tarasol-letter-recall = Recalled
op-tarasol-letter-recall-there = Recalled by { $agency }
op-tarasol-letter-void = Voided
op-tarasol-letter-void-there = Voided by { $agency }
op-tarasol-letter-print = Printed
op-tarasol-letter-import = Imported
op-platform-file-attach = Attachment “{ $file }” added
op-platform-file-replace = New version of attachment “{ $file }”
op-platform-file-remove = Attachment “{ $file }” removed
op-platform-note-add = Note written
op-platform-link-add = Linked to { $to }
op-platform-task-finish = Referral finished: { $outcome }
op-archive-document-file = Filed in the archive
op-archive-document-edit = Filing details changed

## letters: writing
compose-edit = Edit draft
compose-reply = Reply to a letter
compose-new-memo = New internal memo
compose-fixed = This letter cannot be changed in its present state, or you may not change it.
compose-template = Template
compose-no-template = No template
compose-replace = Replace the text?
compose-replace-text = The text of template “{ $name }” takes the place of what you wrote.
compose-replace-do = Replace
compose-form = Form
compose-lang = Language of the letter
compose-to = To
compose-to-units = To units
compose-copies = Copy to
compose-copy-for = Purpose of the copy to { $name }
compose-no-purpose = No purpose given
compose-addressee = Addressee
compose-addressee-hint = The line above the greeting, such as: H.E. the Minister of Finance
compose-placeholder = Write the letter…
compose-reply-days = Reply within (working days)
compose-reply-days-hint = Empty if no reply is awaited
compose-signatory = Signatory
compose-signatory-hint = Empty to leave it to the approval route
compose-save-submit = Save and submit
compose-saved = Draft saved.
compose-saved-at = Saved
compose-files-later = The files are sent with the first save.
compose-stale = Someone saved a change to this draft after you opened it. What you wrote is still before you.
compose-keep-mine = Keep what I wrote
compose-load-theirs = Drop mine and show what is saved
compose-restored = This is what you wrote on an earlier visit and did not save.
compose-restored-old = This is what you wrote on an earlier visit and did not save; the draft was changed since.
compose-drop = Drop it
compose-found = You have unsaved writing from another machine, last of { $at }.
compose-take = Go on with it
compose-leave = Ignore

## letters: templates and letterheads
admin-templates = Letter templates
admin-letterheads = Letterheads
template-new = New template
template-edit = Edit template
template-none = No templates yet.
template-name = Name
template-shared = Shared by all agencies
template-active = Offered
template-inactive = Not offered
template-body = Text of the template
template-fields = What stands between double braces is filled in when a letter is written:
letterhead-new = Letterhead of a unit
letterhead-edit = Edit letterhead
letterhead-none = No letterhead yet; letters carry the agency's name.
letterhead-of-agency = Letterhead of the agency
letterhead-unit = Unit
letterhead-unit-hint = Empty for the whole agency
letterhead-lines-ar = Lines of the Arabic head
letterhead-lines-en = Lines of the English head
letterhead-footer-ar = Arabic foot
letterhead-footer-en = English foot
letterhead-lines-hint = One line of the head per line
