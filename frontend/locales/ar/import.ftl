# الاستيراد، التصدير، سجل التدقيق.
admin-import = الاستيراد
import-kind = ما يُستورد
import-kind-agencies = جهات
import-kind-units = وحدات
import-kind-users = مستخدمون
import-template = النموذج
import-template-get = تنزيل جدول فارغ
import-teaches-agencies = صف لكل جهة. اكتب رمز الجهة الأم حيث وُجدت، ولو كانت في الملف نفسه.
import-teaches-units = صف لكل وحدة من وحدات جهتك. اكتب رمز الوحدة الأعلى حيث وُجدت.
import-teaches-users = صف لكل مستخدم. تظهر كلمات المرور الأولى مرة واحدة بعد الاستيراد.
import-drop = أفلت ملف XLSX أو CSV هنا أو اختره
import-reading = يُقرأ الملف…
import-rows = صفوف الملف
import-line = السطر
import-errors = الأخطاء
import-password = كلمة المرور الأولى
import-wrong = { $n ->
    [one] في صف واحد خطأ
    [two] في صفين خطأ
    [few] في { $n } صفوف خطأ
    [many] في { $n } صفًا خطأ
   *[other] في { $n } صف خطأ
}
import-wrong-text = لا يُستورد شيء ما دام في الملف خطأ. صحّح الملف ثم اختره مرة أخرى.
import-empty = لا صفوف في الملف.
import-ready = { $n ->
    [one] صف واحد صحيح ولم يُستورد بعد
    [two] صفان صحيحان ولم يُستوردا بعد
    [few] { $n } صفوف صحيحة ولم تُستورد بعد
    [many] { $n } صفًا صحيحًا ولم تُستورد بعد
   *[other] { $n } صف صحيح ولم تُستورد بعد
}
import-commit = { $n ->
    [one] استيراد صف واحد
    [two] استيراد صفين
    [few] استيراد { $n } صفوف
    [many] استيراد { $n } صفًا
   *[other] استيراد { $n } صف
}
import-done = { $n ->
    [one] استُورد صف واحد.
    [two] استُورد صفان.
    [few] استُوردت { $n } صفوف.
    [many] استُورد { $n } صفًا.
   *[other] استُورد { $n } صف.
}
import-passwords = سلّم كل مستخدم كلمته الآن؛ لن تظهر مرة أخرى، ويغيّرها عند أول دخول.
import-column-code = الرمز
import-column-name-ar = الاسم بالعربية
import-column-name-en = الاسم بالإنجليزية
import-column-kind = النوع
import-column-parent-code = رمز الأعلى
import-column-addressee-ar = المخاطَب بالعربية
import-column-addressee-en = المخاطَب بالإنجليزية
import-column-email = البريد الإلكتروني
import-column-username = اسم المستخدم
import-column-clearance = درجة الاطلاع
import-column-roles = الأدوار
import-column-lang = اللغة
import-column-unit-code = رمز الوحدة
import-column-position = المركز الوظيفي
import-column-file = الملف
err-unknown-word = كلمة غير معروفة؛ المعروف: { $known }
err-duplicate-column = العمود مكرر.
err-unknown-column = عمود غير معروف؛ الأعمدة: { $known }
err-missing-column = العمود ناقص.
err-formula = في الخلية معادلة؛ اكتب القيمة نفسها.
err-cells-beside-columns = في الصف خلايا خارج الأعمدة.
err-file-changed = الملف غير الذي عُرض. اختره مرة أخرى لترى صفوفه.
err-empty = الملف فارغ.
err-broken = انقطع وصول الملف أو هو تالف. أعد المحاولة.
err-not-a-table = ليس الملف جدول XLSX أو CSV.
err-unpacks-too-large = محتوى الملف أكبر من المسموح.
err-too-many-rows = صفوف الملف أكثر من { $max }. قسّمه.
err-too-many-columns = أعمدة الملف أكثر من { $max }.
err-right-beyond-yours = لا تعطي دورًا فيه صلاحية ليست لك: { $permission }
err-clearance-beyond-yours = لا تعطي درجة اطلاع أعلى من درجتك.
export-xlsx = تصدير إلى XLSX
admin-audit = سجل التدقيق
audit-none = لا قيود بهذه المرشّحات.
audit-at = الوقت
audit-what = العملية
audit-who = من
audit-for = عن
audit-on = على
audit-ip = العنوان
audit-record = المعاملة
audit-operation = رمز العملية
audit-detail = تفاصيل
audit-changes = ما تغيّر
audit-field = الحقل
audit-before = قبل
audit-after = بعد
audit-link = الحلقة في السلسلة
audit-not-linked = لم تُختم بعد
audit-hash = البصمة
audit-group-tarasol-letter = الكتب
audit-group-tarasol = التراسل كله
audit-group-archive = الأرشيف
audit-group-finance = المالية
audit-group-platform-session = الدخول والجلسات
audit-group-platform-user = المستخدمون
audit-group-platform-role = الأدوار
audit-group-platform-delegation = التفويضات
audit-group-platform-file = الملفات
audit-group-platform = الإدارة كلها
op-platform-agency-export = صُدّرت الجهات
op-platform-user-export = صُدّر المستخدمون
op-tarasol-letter-export = صُدّرت قائمة كتب
op-platform-import-commit = استُوردت صفوف من ملف
