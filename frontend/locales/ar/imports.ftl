# استيراد ملفات كثيرة، ونسخ العرض، والملفات المحمية.
imports = عمليات الاستيراد
imports-new = استيراد ملفات
imports-send = رفع الملفات واستيرادها
imports-teach = يصير كل ملف وثيقة مستقلة. موضوعها اسم الملف ما لم يذكر الجدول غيره، وما حُفظ محتواه من قبل لا يُحفظ مرة ثانية.
imports-name = اسم العملية
imports-name-of = استيراد { $day }
imports-date = تاريخ الوثائق (إن تُرك فارغًا فتاريخ كل ملف)
imports-drop = أفلت الملفات أو المجلدات هنا، أو اختر ملفات
imports-choose-folder = اختيار مجلد كامل
imports-table = جدول البيانات (اختياري)
imports-table-hint = ملف CSV أو XLSX، صف لكل ملف، بأعمدة: المسار، الموضوع، التاريخ، الجهة، التصنيف، درجة السرية، قيود التداول، رمز الوحدة. عمود المسار وحده واجب.
imports-table-wrong = في الجدول أخطاء ولم يؤخذ منه شيء.
imports-chosen = { $n ->
    [one] ملف واحد
    [two] ملفان
    [few] { $n } ملفات
    [many] { $n } ملفًا
   *[other] { $n } ملف
}
imports-files = الملفات
imports-not-filed = لم يُحفظ
imports-by = بدأها
imports-at = وقت البدء
imports-empty = لا عمليات استيراد بعد. اسحب مجلدًا كاملًا من جهازك ليصير كل ملف فيه وثيقة في الأرشيف.
imports-no-files = لا ملفات بهذه النتيجة.
imports-path = الملف
imports-result = النتيجة
imports-why = السبب
imports-size = الحجم
imports-report = تقرير XLSX
imports-pause = إيقاف
imports-go-on = متابعة
imports-progress = ما اكتمل من الاستيراد
imports-each = كل ملف وثيقة؟ استورد الملفات
import-state-open = بانتظار الملفات
import-state-running = جارٍ
import-state-paused = متوقف
import-state-done = اكتمل
import-file-waiting = بانتظار الحفظ
import-file-filed = حُفظ
import-file-duplicate = محفوظ من قبل
import-file-refused = مرفوض
import-file-failed = تعذّر
import-field-path = الملف
import-field-subject = الموضوع
import-field-date = التاريخ
import-field-party = الجهة
import-field-class = التصنيف
import-field-secrecy = درجة السرية
import-field-caveats = قيود التداول
import-field-unit = رمز الوحدة
import-field-file = الملف
err-bad-date = «{ $value }» ليس تاريخًا. اكتبه مثل 2026-11-28.
err-file-missing = لم يصل هذا الملف.
err-file-unreadable = تعذّرت قراءة الملف.
err-file-empty = الملف فارغ.
err-not-readable = تعذّرت قراءة المجلد.
err-no-rendition = لا تُصنع هذه النسخة من هذا الملف.
err-not-protected = الملف غير محمي بكلمة مرور، أو قُرئ نصه من قبل.
err-wrong-file-password = كلمة المرور لا تفتح هذا الملف.
err-cannot-unlock = { $reason ->
    [unsupported] لا يمكن فتح هذا النوع من الحماية هنا. افتح الملف ببرنامجه واحفظه بلا كلمة مرور.
   *[other] كلمة المرور صحيحة أو لم تُجرّب، لكن قراءة الملف تعذّرت.
}
file-password = كلمة مرور الملف
file-password-teach = هذا الملف محمي بكلمة مرور. اكتبها ليُقرأ نصه ويصير قابلًا للبحث. لا تُحفظ كلمة المرور، ويبقى الملف كما وصل.
file-password-try = قراءة النص
file-password-right = قُرئ نص الملف.
rendition-waiting = تُصنع نسخة PDF للعرض…
rendition-page = صفحة { $done } من { $pages }
rendition-failed = تعذّر صنع نسخة PDF.
searchable-get = PDF قابل للبحث
trail-archive-document-import = حُفظت الوثيقة بالاستيراد
trail-archive-rendition-ask = طُلبت نسخة PDF
trail-archive-file-unlock = جُرّبت كلمة مرور ملف
op-archive-document-import = حُفظت الوثيقة بالاستيراد
op-archive-rendition-ask = طُلبت نسخة PDF
op-archive-file-unlock = جُرّبت كلمة مرور ملف
op-archive-import-create = بدأت عملية استيراد
op-archive-import-begin = بدأ استيراد مجلد
op-archive-import-add = رُفعت ملفات للاستيراد
op-archive-import-tell = رُفع جدول بيانات للاستيراد
op-archive-import-start = استؤنف الاستيراد
op-archive-import-pause = أُوقف الاستيراد
op-archive-import-finish = اكتمل الاستيراد
op-archive-import-export = أُخذ تقرير استيراد
