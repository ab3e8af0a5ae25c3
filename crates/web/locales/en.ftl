brand = Anqud
skip = Skip to the content
nav-services = Services
nav-plan = Plan
nav-registers = Registers
nav-desk = Desk
nav-my-cases = My cases
other-language = العربية
sign-in = Sign in
sign-out = Sign out
footer = Every number here opens the records behind it
demo-strip = Demonstration: invented people and cases. Today is { $a } here.
home-title = What would you like to get done?
home-lead = Government services in one place: know the cost and the time before you start, and follow your case step by step.
search = Search
search-hint = licence, certificate, training …
most-used = Services
all-services = All services
promised = What was promised, and what came of it
whole-plan = The whole plan
services-title = Services
services-none = No service fits these words. Try fewer of them, or look through all services.
services-found = { $n ->
    [one] One service
   *[other] { $n } services
 }
free = Free of charge
takes = Takes
costs = Costs
between-fees = { $a } to { $b }
working-days = { $n ->
    [one] 1 working day
   *[other] { $n } working days
 }
calendar-days = { $n ->
    [one] 1 day
   *[other] { $n } days
 }
start-before = Before you start
start-have = What to have at hand
start-law = Legal basis
start-by = Provided by
start-now = Start now
start-sign-in = Sign in to start
start-steps = What happens then
start-saved = Your answers are saved after each page. You can leave and come back.
form-step = Step { $a } of { $b }
form-save = Save and continue
form-later = Finish later
form-problem = There is a problem
form-optional = optional
form-back = Back
form-tasks = Your application
form-tasks-lead = Answer page by page. You can leave and come back; all is saved.
form-done = Done
form-open = To do
form-check = Check your answers
form-check-lead = Read your answers once more. After you send them, the office begins its work.
form-change = Change
form-send = Send the application
form-continue = Continue
form-not-yet = Some answers are still missing.
form-fee = Fee
form-fee-why = Row { $a } of the fee table fits your answers.
form-day = Day
form-month = Month
form-year = Year
form-choose = Choose
form-file-kept = Kept: { $a }
yes = Yes
no = No
not-answered = Not answered
confirm-title = Your application was sent
confirm-reference = Your reference
confirm-next = What happens next
confirm-due = You will have a decision by { $a } at the latest.
confirm-follow = Follow your case
cases-title = My cases
cases-none = You have not applied for anything yet.
cases-drafts = Not sent yet
case-title = Case { $a }
case-filed = Filed
case-state = Stands at
case-due = Due
case-turn-applicant = It is your turn
case-turn-office = It is the turn of the office
case-closed = Closed
case-history = What happened
case-answers = Answers
case-actions = What to do
case-note = Message
case-reason = Reason
case-applicant = Applicant
case-service = Service
case-assignee = Taken by
case-fee = Fee
case-moved-on = The case has moved on since you opened it: { $a } acted, and it now stands at «{ $b }».
case-needs-note = Write the message that goes with this action.
case-not-possible = This action is no longer possible.
case-certificate = Certificate
case-record = The record that it made
action-file = Sent
action-assign = Given to a caseworker
action-lapse = Time ran out
desk-title = Desk
desk-lead = { $n ->
    [one] One case waits for your roles
   *[other] { $n } cases wait for your roles
 }
desk-all = All
desk-mine = Mine
desk-nobodys = Nobody’s
desk-none = Nothing waits here. Well done.
desk-take = Take the chosen cases
desk-keys = j, k to move · Enter to open · x to choose
desk-choose = Choose { $a }
due-late = { $n ->
    [one] 1 day late
   *[other] { $n } days late
 }
due-today = Today
due-in = { $n ->
    [one] 1 day
   *[other] { $n } days
 }
due-none = —
plan-clusters = Clusters
plan-lead = { $a } objectives, { $b } interventions, { $c } indicators. Figures are computed from services and records as they stand now.
plan-measured = What is measured
plan-mark = The mark shows where the path should be today
plan-indicator = Indicator
plan-trend = 12 months
plan-now = Now
plan-path = Against the path
plan-target = Target
plan-status = Status
plan-objectives = Objectives and interventions
plan-budget = Budget
plan-responsible = Responsible
plan-partners = Partners
plan-of-path = { $a } % of its path
plan-assumption = assumption
plan-activities = Activities
status-ahead = Ahead
status-on-track = On track
status-at-risk = At risk
status-off-track = Off track
status-no-data = No figure
indicator-today = on { $a }
indicator-against = against the path
indicator-target = target for { $a }
indicator-table = Show as a table
indicator-by = By { $a }
indicator-as-of = As it stood on
indicator-as-of-show = Show
indicator-as-of-note = This is the figure as it stood on { $a }.
indicator-records = The records behind it
indicator-adds-up = { $n ->
    [one] One record, adding up to { $a }
   *[other] { $n } records, adding up to { $a }
 }
indicator-record = Record
indicator-where = Where
indicator-when = When
indicator-adds = Counts
indicator-none = No record behind this figure yet.
indicator-observations = Observed values
indicator-source = Source
indicator-value = Value
indicator-period = Month
indicator-numerator = { $a } of { $b }
indicator-path = target path
indicator-better-less = Less is better
chart-trajectory = { $a }: the figure and its target path
chart-trend = { $a }: the last twelve months
chart-bullet = { $a }: the figure against its target
chart-map = { $a } by governorate
chart-grapes = { $a } of 6
registers-title = Registers
registers-lead = What the departments know, kept once and shared. Open data can be downloaded.
register-search = Search this register
register-found = { $n ->
    [one] One record
   *[other] { $n } records
 }
register-none = No record fits these words.
register-download = Download
register-next = Next page
register-history = Every version
record-by = by
sign-in-title = Sign in
sign-in-email = Email
sign-in-password = Password
sign-in-wrong = The email or the password is not right.
sign-in-throttled = Too many attempts. Try again in a quarter of an hour.
sign-in-lead = Sign in to apply, to follow your cases, or to work at the desk.
error-title = Something went wrong
error-404 = There is nothing at this address
error-404-help = The address may have been mistyped, or what stood here is not open to you. Search for a service or start from the first page.
error-403 = This is not open to you
error-403-help = Your account has no role that opens this page. Ask the person who manages roles in your office.
error-400 = The form could not be read
error-400-help = Go back, load the page again and send it once more. Nothing was changed.
error-413 = What was sent is too large
error-413-help = A file may have 5 MB at most. Send a smaller one.
error-500-help = It was noted. Nothing half-done was kept; try again.
error-home = To the first page
not-eligible = You cannot apply for this service
full = No place is left for this choice. Choose another one.
fault-required = Answer this question
fault-integer = Write a whole number in digits, such as 12 or ١٢
fault-decimal = Write a number in digits, such as 3.5
fault-min = The number must be { $a } or more
fault-max = The number must be { $a } or less
fault-money = Write an amount in digits, such as 1500 or 1500.50
fault-date = Write a real date with day, month and year, such as 27 3 2021
fault-choice = Choose one of the answers
fault-phone = Write a telephone number, such as 0599 123 456
fault-email = Write an email address, such as name@example.com
fault-person-id-digits = Write all nine digits of the identity number
fault-person-id-check = The identity number has a mistake in it. Compare it with your card
fault-too-long = Write at most { $a } characters
fault-control = The text has characters that cannot be kept. Type it again
fault-file-type = Choose a file that ends in: { $a }
fault-file-size = The file is larger than { $a }
fault-unknown = There is no such question
