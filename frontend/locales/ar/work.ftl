# أعمالي، الإشعارات، لوحة المتابعة.
work-views = عروض المهام
work-view-all = كل المهام
work-view-overdue = متأخرة
work-view-due-soon = اليوم وغدًا
work-task = المطلوب
work-record = المعاملة
work-giver = من
work-given = وردت في
work-lies-with = عند
work-note = كُتب معها
work-late = متأخرة
work-late-days = { $days ->
    [one] متأخرة يوم عمل
    [two] متأخرة يومي عمل
    [few] متأخرة { $days } أيام عمل
    [many] متأخرة { $days } يوم عمل
   *[other] متأخرة { $days } يوم عمل
}
work-left-days = { $days ->
    [one] باقٍ يوم عمل
    [two] باقٍ يوما عمل
    [few] باقٍ { $days } أيام عمل
    [many] باقٍ { $days } يوم عمل
   *[other] باقٍ { $days } يوم عمل
}
work-open-review = فتح للمراجعة
work-open-approve = فتح للاعتماد
work-open-opinion = فتح لإبداء الرأي
work-open-sign = فتح للتوقيع
work-open-register = فتح للتسجيل
work-open-referral = فتح الكتاب المحال
work-open-correct = فتح للتصويب
work-empty = لا مهام بانتظارك.
work-empty-teaches = يصل إلى هنا ما يُحال إليك وما ينتظر مراجعتك أو توقيعك، والمتأخر أولًا. تختفي المهمة بعد إنجازها، وتبقى في سجل المعاملة.
work-empty-view = لا مهام في هذا العرض.
work-show-all = عرض كل المهام
notifications = الإشعارات
notifications-none = لا إشعارات بعد. تخبرك هنا كل مهمة جديدة وكل كتاب يرد إلى جهتك.
notifications-read-all = تعليم الكل مقروءًا
notifications-older = الأقدم
notification-unread = غير مقروء
notification-record-gone = لم يعد ضمن صلاحيتك
notification-other = إشعار جديد
notification-task-given = مهمة جديدة: { $task }
notification-task-done = أنجز { $by } ما أحلته إليه
notification-letter-received = ورد كتاب من { $from } برقم { $number }
notification-letter-recalled = سحب المرسل كتابه: { $reason }
notification-letter-refused = أعاد { $by } كتابكم: { $reason }
notification-overdue = مهمة متأخرة
dashboard-letters-days = الكتب في آخر ثلاثين يومًا
dashboard-chart = عدد الكتب الواردة والصادرة في كل يوم من آخر ثلاثين يومًا
dashboard-day = اليوم
dashboard-tasks = مهامي
dashboard-overdue = مهامي المتأخرة
dashboard-due-soon = مستحقة اليوم وغدًا
dashboard-to-register = وارد بانتظار التسجيل
dashboard-letters-overdue = وارد متأخر
dashboard-awaiting = صادر بانتظار رد
dashboard-oldest = الأطول تأخرًا
dashboard-oldest-none = لا كتاب متأخرًا.
dashboard-all = عرض الكل
dashboard-next = الأقرب استحقاقًا عندي
template-copy = النموذج مشترك بين الجهات ولا يُعدّل؛ ما تحفظه هنا نسخة لجهتك.
