# الكتب: القوائم، صفحة الكتاب، التحرير، النماذج والترويسات.
nav-memos = المذكرات الداخلية

## letters: القوائم
letters-incoming = الكتب الواردة
letters-outgoing = الكتب الصادرة
letters-drafts = المسودات
letters-memos = المذكرات الداخلية
letters-views = العروض
view-all = الكل
view-mine = محالة إليّ
view-to-register = بانتظار التسجيل
view-overdue = متأخرة
view-awaiting-reply = بانتظار رد
view-closed = مغلقة
letters-in-number = رقم الوارد
letters-out-number = رقم الصادر
letters-memo-number = رقم المذكرة
letters-their-number = رقم كتابهم
letters-agency = الجهة
letters-to = إلى
letters-from = من
letters-subject = الموضوع
letters-priority = الأولوية
letters-secrecy = السرية
letters-holder = عند
letters-assigned-to = المحال إليه
letters-due = الاستحقاق
letters-state = الحالة
letters-received-at = ورد في
letters-made-at = أُعد في
letters-issued-at = صدر في
letters-caveats = قيود التداول
letters-no-number = بلا رقم
letters-any = الكل
letters-from-day = من تاريخ
letters-to-day = إلى تاريخ
letters-empty-incoming = لا كتب واردة بعد.
letters-empty-outgoing = لا كتب صادرة بعد.
letters-empty-drafts = لا مسودات.
letters-empty-memos = لا مذكرات داخلية بعد.
letters-empty-view = لا كتب في هذا العرض.
letters-empty-filter = لا كتاب يطابق التصفية.
letters-show-all = عرض الكل
letters-excerpt = من نص الكتاب
letters-last-note = آخر شرح
letter-dated = تاريخ
letters-files = المرفقات
letters-print-list = طباعة القائمة
letters-has-files = { $n ->
    [one] مرفق واحد
    [two] مرفقان
    [few] { $n } مرفقات
    [many] { $n } مرفقًا
   *[other] { $n } مرفق
}
