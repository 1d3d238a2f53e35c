# Import, export, audit trail.
admin-import = Import
import-kind = What is imported
import-kind-agencies = Agencies
import-kind-units = Units
import-kind-users = Users
import-template = Form
import-template-get = Download an empty table
import-teaches-agencies = One row for each agency. Give the code of the parent agency where there is one, also if it is in the same file.
import-teaches-units = One row for each unit of your agency. Give the code of the unit above where there is one.
import-teaches-users = One row for each user. The first passwords are shown once, after the import.
import-drop = Drop an XLSX or CSV file here or choose one
import-reading = Reading the file…
import-rows = Rows of the file
import-line = Line
import-errors = Errors
import-password = First password
import-wrong = { $n ->
    [one] { $n } row is wrong
   *[other] { $n } rows are wrong
}
import-wrong-text = Nothing is imported while the file has errors. Correct the file and choose it again.
import-empty = The file has no rows.
import-ready = { $n ->
    [one] { $n } row is right and not imported yet
   *[other] { $n } rows are right and not imported yet
}
import-commit = { $n ->
    [one] Import { $n } row
   *[other] Import { $n } rows
}
import-done = { $n ->
    [one] { $n } row was imported.
   *[other] { $n } rows were imported.
}
import-passwords = Hand each user the password now: it is not shown again, and is changed at the first sign-in.
import-column-code = Code
import-column-name-ar = Name in Arabic
import-column-name-en = Name in English
import-column-kind = Kind
import-column-parent-code = Code above
import-column-addressee-ar = Addressee in Arabic
import-column-addressee-en = Addressee in English
import-column-email = E-mail
import-column-username = User name
import-column-clearance = Clearance
import-column-roles = Roles
import-column-lang = Language
import-column-unit-code = Code of unit
import-column-position = Position
import-column-file = File
err-unknown-word = Unknown word; known are: { $known }
err-duplicate-column = The column is there twice.
err-unknown-column = Unknown column; the columns are: { $known }
err-missing-column = The column is missing.
err-formula = The cell holds a formula; write the value itself.
err-cells-beside-columns = The row has cells outside the columns.
err-file-changed = This is not the file that was shown. Choose it again to see its rows.
err-empty = The file is empty.
err-broken = The file did not arrive whole or is broken. Try again.
err-not-a-table = The file is no XLSX or CSV table.
err-unpacks-too-large = The content of the file is larger than allowed.
err-too-many-rows = The file has more than { $max } rows. Split it.
err-too-many-columns = The file has more than { $max } columns.
err-right-beyond-yours = You cannot give a role with a right you do not have: { $permission }
err-clearance-beyond-yours = You cannot give a clearance above your own.
export-xlsx = Export to XLSX
admin-audit = Audit trail
audit-none = No entries for these filters.
audit-at = Time
audit-what = Operation
audit-who = Who
audit-for = On behalf of
audit-on = On
audit-ip = Address
audit-record = Record
audit-operation = Code of the operation
audit-detail = Details
audit-changes = What changed
audit-field = Field
audit-before = Before
audit-after = After
audit-link = Link in the chain
audit-not-linked = Not sealed yet
audit-hash = Hash
audit-group-tarasol-letter = Letters
audit-group-tarasol = All correspondence
audit-group-archive = Archive
audit-group-finance = Finance
audit-group-platform-session = Sign-in and sessions
audit-group-platform-user = Users
audit-group-platform-role = Roles
audit-group-platform-delegation = Delegations
audit-group-platform-file = Files
audit-group-platform = All administration
op-platform-agency-export = Agencies exported
op-platform-user-export = Users exported
op-tarasol-letter-export = A list of letters exported
op-platform-import-commit = Rows of a file imported
