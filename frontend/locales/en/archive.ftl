# The archive.
document-new = File a document
document-edit = Change the document's details
document-file = File in the archive
document-open = Open the document
document-filed = The document is filed.
document-filed-partly = The document is filed, but some files did not arrive. Try again, or open the document.
document-no-file = Add at least one file.
document-number = Number
document-subject = Subject
document-party = Party
document-party-hint = Sender or addressee
document-date = Document date
document-class = Class
document-no-class = No class
document-secrecy = Secrecy
document-content = Text
document-source = Source
document-agency = Agency
document-unit = Unit
document-filed-at = Filed at
document-filed-by = Filed by
document-to-letter = Open the letter
document-unread = The text of a file could not be read, so its words do not find it. The file itself is kept as it came.
document-pending = The text is being read; it can be searched in a moment.
archive-empty = Nothing is filed yet. Letters are filed when they are issued or registered.
archive-filtered = No document fits the filters.
any = All
drop-files = Drop files here or choose them
files = Files
files-none = This document has no files.
file-no-view = Files of this kind are not shown here. Download it and open it with its own program.
file-name-lies = The file's name does not fit its content, which is { $kind }.
pages = { $n ->
    [one] one page
   *[other] { $n } pages
}
saved = Saved.
reload-newest = Show the newest version
trail = History
trail-empty = Nothing has happened yet.
trail-archive-document-file = The document was filed
trail-archive-document-edit = The document's details were changed
trail-platform-file-attach = Files were added
trail-platform-file-replace = A new version of a file was added
trail-platform-file-remove = A file was removed
trail-platform-note-add = A note was written
trail-platform-link-add = Linked to another record
