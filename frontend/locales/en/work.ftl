# My work, notifications, dashboard.
work-views = Views of tasks
work-view-all = All tasks
work-view-overdue = Overdue
work-view-due-soon = Today and tomorrow
work-task = Asked for
work-record = Record
work-giver = From
work-given = Given on
work-lies-with = With
work-note = Written with it
work-late = Late
work-late-days = { $days ->
    [one] { $days } working day late
   *[other] { $days } working days late
}
work-left-days = { $days ->
    [one] { $days } working day left
   *[other] { $days } working days left
}
work-open-review = Open to review
work-open-approve = Open to approve
work-open-opinion = Open to give an opinion
work-open-sign = Open to sign
work-open-register = Open to register
work-open-referral = Open the letter
work-open-correct = Open to correct
work-empty = No tasks wait for you.
work-empty-teaches = What is referred to you and what waits for your review or signature comes here, overdue tasks first. A finished task leaves this list and stays in the record's log.
work-empty-view = No tasks in this view.
work-show-all = Show all tasks
notifications = Notifications
notifications-none = No notifications yet. Each new task and each letter to your agency is told here.
notifications-read-all = Mark all as read
notifications-older = Older
notification-unread = Unread
notification-record-gone = No longer within your rights
notification-other = New notification
notification-task-given = New task: { $task }
notification-task-done = { $by } finished what you referred
notification-letter-received = A letter from { $from } arrived, number { $number }
notification-letter-recalled = The sender recalled the letter: { $reason }
notification-letter-refused = { $by } returned your letter: { $reason }
notification-overdue = A task is overdue
dashboard-letters-days = Letters of the last thirty days
dashboard-chart = Number of incoming and outgoing letters on each of the last thirty days
dashboard-day = Day
dashboard-tasks = My tasks
dashboard-overdue = My overdue tasks
dashboard-due-soon = Due today and tomorrow
dashboard-to-register = Incoming to register
dashboard-letters-overdue = Incoming overdue
dashboard-awaiting = Outgoing awaiting a reply
dashboard-oldest = Longest overdue
dashboard-oldest-none = No letter is overdue.
dashboard-all = Show all
dashboard-next = My nearest deadlines
template-copy = This template is shared by all agencies and stays as it is; what you save here is a copy for your agency.
