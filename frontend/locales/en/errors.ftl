# Error messages; the key is err- and the server's code, with hyphens for underscores.
err-unknown-code = The server refused the request with the code “{ $code }”. Tell support the request number { $id }.
err-offline = The server cannot be reached. Check the connection and try again.
err-unreadable = The server answered something this version of the page does not understand (status { $status }). Reload the page.
err-file-too-large = The file “{ $name }” is larger than the limit of { $max }.
err-required = This field is required.
err-too-long = The text is longer than the limit of { $max } characters.
err-control-characters = The text holds hidden characters that change the reading direction. Type it again.
err-signed-out = You are not signed in, or the session has ended.
err-bad-credentials = The user name or the password is wrong.
err-bad-code = The code is wrong.
err-must-change-password = Change your password first.
err-forbidden = This takes the right “{ $permission }”. Ask the administrator of your agency for it.
err-not-found = There is no such thing, or it is outside your rights.
err-stale = { $by ->
    [none] Somebody changed it after you opened it. Refresh and make your change again.
   *[other] { $by } changed it at { $at }, after you opened it. Refresh and make your change again.
}
err-stale-renewed = { $by ->
    [none] Somebody changed it after you opened it. Look at what is there now and confirm again; what you typed is still here.
   *[other] { $by } changed it at { $at }, after you opened it. Look at what is there now and confirm again; what you typed is still here.
}
err-invalid = Correct the marked fields.
err-wrong-state = “{ $action }” is not possible while the state is “{ $state }”.
err-already-exists = One like it exists already.
err-internal = The server had a fault. Try again; if it stays, tell support the request number.
err-busy = The database is busy with the work of others, and nothing was done. Try again.
err-closed-meanwhile = The period was closed or sealed, or the year was ended, while this was being posted. Nothing was done; look at the period.
err-too-large = Larger than the limit of { $limit }.
err-storage-full = The server's storage is full and nothing was stored. Tell the administrator.
err-not-json = The form of the request is not accepted.
err-bad-json = The request is not well formed.
err-bad-query = The address or the filter is not well formed.
err-bad-form = What was sent is not well formed.
err-csrf = The page is out of date. Reload it.
err-if-match-required = The version of what is changed was not given.
err-wrong-type = The value has the wrong form.
err-unknown-field = This field is not known here.
err-unknown = The value is unknown or outside your rights.
err-above-clearance = Above your clearance.
err-caveat-not-held = You do not hold this caveat.
err-twice = Given twice.
err-own-agency = A letter is not sent to its own agency.
err-cannot-sign = The holder of this position may not sign.
err-no-signatory = No one is named to sign the letter.
err-no-position = You hold no position today.
err-not-your-task = This task is not with you.
err-not-your-draft = This is somebody else's draft.
err-own-work = Nobody approves what they prepared.
err-task-done-already = This task was finished already.
err-letter-fixed = The letter is issued and cannot be changed. Write a later letter with the correction.
err-no-number-to-void = The letter has no number to void.
err-nothing-to-recall = All agencies have registered the letter; it cannot be recalled.
err-registered-elsewhere = Other agencies have registered the letter: { $numbers }.
err-in-the-past = The date is past.
err-in-future = The date is in the future.
err-type-refused = The file “{ $name }” is of a kind that is not accepted ({ $type }).
err-attachment-replaced = There is a newer version of the file “{ $name }”.
err-unknown-unit = The unit is unknown.
err-unknown-class = The classification code is unknown.
err-username-form = 3 to 64 small Latin letters, digits, dots and hyphens.
err-password-too-short = Shorter than { $min } characters.
err-password-common = Easily guessed. Choose a sentence of your own.
err-password-has-username = It contains the user name.
err-password-same = It is the current password.
err-totp-enabled = One-time codes are switched on already.
err-too-deep = Lists or tables are nested too deep.
err-out-of-range = { $max ->
    [none] Below the least allowed, { $min }.
   *[other] Outside the allowed range { $min } – { $max }.
}
err-too-many = { $max ->
    [none] Too many attempts. Try again in { $retry_after_s } seconds.
   *[other] More than the { $max } allowed.
}
err-bad-id = The identifier is not valid.
err-direction-fixed = A saved letter does not turn from outgoing letter to internal memo or back. Write a new one.
err-made-by-letters = Answers and deliveries are recorded by the letters themselves and are not added by hand.
err-own-rights = Nobody changes the rights of their own account. Ask another administrator.
err-holding-begun = The position has been held since { $from } and stays on record. End it on a date instead of deleting it.
err-idempotency-mismatch = This request was sent before with other contents. Reload the page and try again.
err-job-is-running = The job is running now. Wait until it has ended and try again.
err-position-held = Somebody holds the position from { $from }. End that holding first or choose another day.
err-word-not-on-page = There is no word of this number on the page. Load the page again.
err-one-word = Enter one word without spaces.
err-amount-form = The amount cannot be read: write digits with one decimal point, such as 1,234.500.
err-decimals = This currency has at most { $max } decimals.
