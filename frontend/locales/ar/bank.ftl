# البنك: كشوف الحسابات والمطابقة والتسويات.
bank-accounts-empty = لا حسابات بنكية بعد. تُعرَّف في السنوات والدليل.
bank-account = الحساب
bank-last-day = آخر يوم في الكشوف
bank-balance = الرصيد حسب البنك
book-balance = الرصيد حسب الدفاتر
bank-open-lines = حركات غير مطابقة
bank-reconciled-to = مُسوّى حتى
bank-statements = كشوف الحساب
bank-statements-empty = لا كشوف بعد. استورد أول كشف كما أرسله البنك.
bank-statement = كشف الحساب { $number }
bank-statement-number = رقم الكشف
bank-days = من – إلى
bank-opening = الرصيد الافتتاحي
bank-closing = الرصيد الختامي
bank-lines = الحركات
bank-lines-open = غير المطابق فقط
bank-lines-find = ابحث في البيان والمراجع
bank-lines-none = لا حركات بهذا الوصف.
bank-booked = تاريخ القيد
bank-value-day = تاريخ الحق { $day }
bank-reference = المرجع
bank-details = البيان
bank-opening-line = رصيد الحساب قبل أول كشف
bank-twin = حركة متماثلة رقم { $n }
bank-file = الملف كما ورد
bank-imported = استورده
bank-take-back = التراجع عن الاستيراد
bank-take-back-text = تُحذف حركات هذا الكشف كلها، ويبقى أثر ذلك في السجل. يجوز لآخر كشف فقط وقبل مطابقة شيء منه.
bank-import = استيراد كشف
bank-import-hint = ملف البنك كما هو: MT940 أو camt.053 أو CSV أو XLSX. يُفحص أولًا ولا يُحفظ شيء قبل الاعتماد.
bank-import-drop = اسحب ملف الكشف إلى هنا أو اختره
bank-import-others = في الملف كشوف لحسابات أخرى عددها { $n } ولن تُستورد.
bank-import-twins = منها { $n } مطابقة لغيرها في كل شيء، وتُستورد كلها.
bank-import-unbooked = حركات معلقة لم يقيدها البنك عددها { $n }، وقد تُركت.
bank-import-skipped = كشوف قبله لم ترد، حسب تسلسل البنك: { $n }
bank-import-done = استُورد الكشف وحركاته: { $n }
bank-import-balances = للجداول التي لا رصيد فيها: اكتب الرصيدين من الكشف الورقي ثم اختر الملف.
bank-place-line = السطر { $at }
bank-place-field = الحقل { $at }
bank-place-statement = الكشف { $at }
bank-desk = المطابقة
bank-desk-title = مطابقة { $account }
bank-desk-find = ابحث بالمبلغ أو المرجع أو البيان
bank-desk-bank = حركات البنك
bank-desk-books = قيود الدفاتر
bank-desk-proposals = مطابقات مقترحة
bank-desk-proposed = المقترح { $n }، والأكيد منه { $certain }
bank-desk-left = بلا مقترح: { $lines } لدى البنك و{ $entries } في الدفاتر
bank-desk-done = لا شيء مفتوح. كل حركة لدى البنك لها قيد.
bank-accept = قبول
bank-accept-all = قبول الأكيد كله ({ $n })
bank-accepted = طوبقت حركات عددها { $n }
bank-match = مطابقة المختار
bank-chosen = المختار: البنك { $bank }، الدفاتر { $books }، الفرق { $difference }
bank-undo = فك المطابقة
bank-matched-by = طابقها { $by }
match-rule-reference = المبلغ نفسه، والحركة تذكر المرجع { $reference }.
match-rule-exact = المبلغ نفسه ولا حركة ولا قيد غيرهما به{ $party ->
        [yes] { " " }لهذا الطرف
       *[no] { "" }
    }، وبينهما { $days ->
        [0] اليوم نفسه
        [one] يوم
        [two] يومان
        [few] { $days } أيام
       *[other] { $days } يومًا
    }.
match-rule-twins = حركات متماثلة عددها { $count } وقيود بعددها: تُطابق بالترتيب.
match-rule-sum-reference = مجموع ما يذكره المرجع يساوي المبلغ.
match-rule-sum-day = مجموع قيود يوم واحد{ $party ->
        [yes] { " " }لهذا الطرف
       *[no] { "" }
    } يساوي المبلغ.
match-rule-sum-search = المجموع الوحيد الممكن في الأيام القريبة{ $party ->
        [yes] { " " }لهذا الطرف
       *[no] { "" }
    }.
match-rule-manual = طوبقت يدويًا.
unmatched-zero = مبلغها صفر.
unmatched-no-candidate = لا قيد بهذا المبلغ ولا قيود تجمعه.
unmatched-equal-amounts = حركات بالمبلغ نفسه { $lines } وقيود { $entries }، ولا يُعرف أيها لأي.
unmatched-several-sums = أكثر من مجموع يعطي هذا المبلغ ({ $count }).
unmatched-proposed = مقترحة أعلاه. إن لم يكن المقترح صحيحًا فاختر غيره.
unmatched-too-many = حولها مبالغ كثيرة فلا يدل المجموع على شيء.
reconciliations = التسويات البنكية
reconciliations-empty = لا تسويات بعد. تبدأ من كشف الحساب.
reconciliation = تسوية { $account }
reconciliation-number = رقم التسوية
reconciliation-day = حتى تاريخ
reconciliation-begin = تسوية حتى هذا الكشف
reconciliation-open = التسوية الجارية
reconciliation-state-draft = مسودة
reconciliation-state-submitted = بانتظار الاعتماد
reconciliation-state-approved = معتمدة
reconciliation-submit = رفع للاعتماد
reconciliation-return = إعادة
reconciliation-approve = اعتماد
reconciliation-approve-text = تُختم التسوية برقم وبصمة، ولا تتغير مطابقاتها بعد ذلك.
reconciliation-waits-text = بانتظار اعتماد شخص غير الذي أعدّها.
reconciliation-summary = الأرصدة
reconciliation-add-bank = يضاف: لدى البنك وليس في الدفاتر
reconciliation-add-books = يضاف: في الدفاتر وليس لدى البنك
reconciliation-adjusted-books = رصيد الدفاتر المعدل
reconciliation-adjusted-bank = رصيد البنك المعدل
reconciliation-bank-items = لدى البنك وليس في الدفاتر
reconciliation-outstanding = شيكات وحوالات لم تُصرف
reconciliation-in-transit = إيداعات في الطريق
reconciliation-root = بصمة المحتوى (SHA-256)
state-submitted = مرفوعة للاعتماد
state-approved = معتمدة
action-submit-reconciliation = رفع التسوية
action-return-reconciliation = إعادة التسوية
action-approve-reconciliation = اعتماد التسوية
action-void-reconciliation = إلغاء التسوية
notification-reconciliation-submitted = رفع { $by } تسوية بنكية لاعتمادها
notification-reconciliation-returned = أعاد { $by } التسوية البنكية
op-finance-statement-import = استيراد كشف بنك
op-finance-statement-delete = التراجع عن استيراد كشف
op-finance-statement-export = تصدير حركات كشف
op-finance-bank-accept = قبول مطابقات
op-finance-bank-match = مطابقة يدوية
op-finance-bank-undo = فك مطابقة
op-finance-reconciliation-begin = بدء تسوية بنكية
op-finance-reconciliation-submit = رفع تسوية بنكية
op-finance-reconciliation-return = إعادة تسوية بنكية
op-finance-reconciliation-approve = اعتماد تسوية بنكية
op-finance-reconciliation-void = إلغاء مسودة تسوية بنكية
op-finance-reconciliation-export = تصدير تسوية بنكية
op-finance-statements-export = تصدير قائمة كشوف حساب
op-finance-reconciliations-export = تصدير قائمة تسويات بنكية
err-unknown-format = لم يُعرف نوع الملف. اطلب من البنك كشفًا بصيغة MT940 أو camt.053 أو جدول CSV أو XLSX.
err-format-unsupported = ملفات { $format } لا تُقرأ. اطلب الكشف بصيغة MT940 أو camt.053 أو CSV أو XLSX.
err-not-a-statement = رسالة { $message } ليست كشف حساب: لا رصيد ختاميًا يُعتمد عليه فيها. اطلب كشف نهاية اليوم.
err-encoding = ترميز حروف الملف غير مفهوم.
err-xml-form = الملف ليس XML سليمًا.
err-xml-entities = في الملف تعريفات XML لا تُقبل حماية للنظام.
err-damaged = الملف تالف أو ناقص. نزّله من البنك مرة أخرى.
err-no-statement = لا كشف حساب في الملف.
err-field-missing = في الملف حقل ناقص.
err-field-twice = في الملف حقل مكرر.
err-field-form = في الملف حقل على غير صورته: { $text }
err-no-account = لا يذكر الملف رقم الحساب.
err-account-differs = الكشف للحساب { $found } وليس للحساب { $expected }.
err-no-currency = لا يذكر الملف العملة.
err-currency-mixed = في الملف مبالغ بعملة { $found }، وعملة الحساب { $expected }.
err-no-balance = { $which ->
        [closing] لا رصيد ختاميًا في الملف
       *[opening] لا رصيد افتتاحيًا في الملف
    }. اكتب الرصيدين من الكشف الورقي ثم اختر الملف من جديد.
err-amount-ambiguous = المبلغ { $text } يُقرأ على وجهين، ولا شيء في الملف يدل أيهما المقصود.
err-both-sides = في الصف نفسه مدين ودائن.
err-date-form = تاريخ غير مقروء: { $text }
err-columns-missing = لم توجد أعمدة: { $columns }.
err-totals-differ = الرصيد الافتتاحي { $opening } ومجموع الحركات { $sum } لا يعطيان الرصيد الختامي { $closing }.
err-balance-differs = الرصيد بجانب الحركة { $found } والصحيح { $expected }.
err-gap = يبدأ الكشف برصيد { $found } والذي قبله انتهى برصيد { $expected_opening }. استورد ما بينهما أولًا.
err-pages-missing = الصفحة { $expected } من الكشف ناقصة.
err-statement-known = الكشف { $number } من { $from } إلى { $to } مستورد من قبل.
err-statement-older = الكشف { $number } يبدأ في { $day }، وآخر كشف يبدأ في { $last }.
err-statement-followed = بعد هذا الكشف كشوف أخرى ({ $count }). تراجع عن آخرها أولًا.
err-statement-matched = من هذا الكشف حركات مطابقة عددها { $count }. فك مطابقتها أولًا.
err-statement-reconciled = هذا الكشف في تسوية. إن كانت مسودة فألغها أولًا.
err-proposal-gone = تغير ما كان مقترحًا ({ $count }). أعيد تحميل المقترحات.
err-nothing-certain = لا مقترحات أكيدة.
err-line-not-open = أحد الأسطر المختارة لم يعد مفتوحًا في هذا الحساب.
err-match-differs = المجموعان مختلفان: البنك { $lines } والدفاتر { $entries } والفرق { $difference }.
err-nothing-to-undo = هذه الحركة غير مطابقة.
err-match-fixed = على هذه المطابقة تسوية مرفوعة أو معتمدة فلا تُفك. ما لم يُعتمد بعد تُعاد تسويته أولًا.
err-reconciled-already = الحساب مُسوّى حتى { $day }. اختر كشفًا بعده.
err-reconciliation-waits = تسوية حتى { $day } بانتظار الاعتماد. تُعتمد أو تُعاد أولًا.
err-own-reconciliation = لا يعتمد التسوية من أعدّها.
err-reconciliation-changed = تغيرت الدفاتر أو المطابقات منذ رُفعت التسوية حتى { $day }. أعدها ثم ارفعها من جديد.
