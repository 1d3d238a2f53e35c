# Safekeeping: whether files are still what they were, and whether backups come back.
admin-safety = Safekeeping
fixity = Fixity of files
fixity-what = Every stored file is read from time to time and compared with its hash, so that damage is found before the file is needed.
fixity-run = Check all files now
fixity-running = Being checked
fixity-never = The files were not checked yet
fixity-good = All files are whole
fixity-not-good = Some files are not whole
fixity-bad = { $n ->
    [one] One file is not whole
   *[other] { $n } files are not whole
}
fixity-bad-cure = A file is restored from the backup on the server with diwan restore --blob and the hash shown below.
fixity-bad-list = Files that are not whole
fixity-blobs = Stored files
fixity-checked = Checked of these
fixity-now = Check under way
fixity-last = Last check
fixity-read = { $n ->
    [one] One file
   *[other] { $n } files
}
fixity-orphans = Files of no record
fixity-orphans-what = Show the files that belong to no record
fixity-since = Since
fixity-records = Records
fixity-size = Size
fixity-hash = Hash
fixity-written = Written
blob-state-whole = Whole
blob-state-damaged = Damaged
blob-state-missing = Missing
document-damaged = A file of this document is damaged or missing in the store. The administrator knows of it; the file is restored from the backup.
drills = Restore drills
drill-what = A backup is brought back in a separate place; audit chains, counts and random documents are examined, and a certificate says what was found. Work goes on meanwhile.
drill-none = There was no restore drill yet. A backup that was never brought back cannot be relied on: begin a drill with the button above.
drill-begin = Begin a restore drill
drill-asked = Asked for
drill-found = Result
drill-by-itself = By schedule
drill-certificate = Certificate
drill-step = Step { $n } of { $of }
drill-figures = { $rows } rows, { $files } files, { $links } audit links
drill-documents = { $found } of { $of } random documents found
drill-lost = { $n ->
    [one] One file did not come back whole
   *[other] { $n } files did not come back whole
}
drill-broken = An audit chain is broken
drill-state-waiting = Waiting
drill-state-running = Under way
drill-state-passed = Passed
drill-state-failed = Failed
drill-step-backup = Taking the backup
drill-step-database = Restoring the database
drill-step-files = Restoring the files
drill-step-chains = Walking the audit chains
drill-step-index = Building the search index
drill-step-documents = Opening and finding documents
drill-step-done = Over
op-platform-fixity-run = Check of files asked for
op-platform-blob-state = State of a stored file changed
op-platform-blob-restore = File restored from a backup
op-platform-backup-take = Backup taken
op-archive-drill-begin = Restore drill begun
op-archive-drill-end = Restore drill over
