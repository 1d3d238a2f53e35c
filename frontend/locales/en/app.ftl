# The frame: sign-in, navigation, masthead.
app-name = Diwan
sign-in = Sign in
demo-users = Sign in to the demonstration
demo-users-text = Invented people. Choose one to fill in the form, then sign in.
sign-out = Sign out
username = User name
password = Password
one-time-code = One-time code
one-time-code-hint = Six digits from your authenticator app
password-change-due = Choose a new password before you go on.
password-current = Current password
password-new = New password
password-again = New password again
password-hint = At least ten characters; a sentence you remember beats a complicated word
passwords-differ = The two do not match.
password-change = Change password
session-ended = Your session has ended
session-ended-text = Sign in to go on where you were; nothing you typed is lost.
language-and-look = Language and look
digits-latin = Digits 123
digits-arabic = Digits ١٢٣
my-account = My account
user-menu = menu
menu = Menu
skip-to-content = Skip to content
search = Search
search-everything = Search everything
search-placeholder = Search letters, archive, people…
search-for = Search for “{ $text }”
results = Results
new-letter = New letter
offline-banner = The server cannot be reached. What you type is kept on this machine; we try again when the connection is back.
notifications-unread = { $n ->
    [0] Notifications
    [one] Notifications: one unread
   *[other] Notifications: { $n } unread
}
not-found = Page not found
not-found-text = There is nothing at this address, or it is outside your rights.
to-my-work = To my work
nav-work = My work
nav-dashboard = Dashboard
nav-letters = Correspondence
nav-incoming = Incoming
nav-outgoing = Outgoing
nav-drafts = Drafts
nav-archive = Archive
nav-search = Search
nav-admin = Administration
