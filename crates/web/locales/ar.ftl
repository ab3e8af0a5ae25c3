brand = عنقود
skip = انتقل إلى المحتوى
nav-services = الخدمات
nav-plan = الخطة
nav-registers = السجلات
nav-desk = معالجة المعاملات
nav-my-cases = طلباتي
other-language = English
sign-in = تسجيل الدخول
sign-out = تسجيل الخروج
footer = اضغط على أي رقم لعرض القيود التي يستند إليها
demo = عرض تجريبي
demo-strip = عرض تجريبي: الأشخاص والطلبات هنا افتراضية لأغراض العرض. تاريخ اليوم هنا { $a }.
home-title = ماذا تريد أن تنجز اليوم؟
home-lead = خدمات الحكومة في مكان واحد: تعرف الرسوم والمدة قبل أن تبدأ، وتتابع طلبك خطوة بخطوة.
search = بحث
search-hint = رخصة، شهادة، تدريب ...
most-used = الخدمات
all-services = كل الخدمات
promised = الالتزامات والنتائج
whole-plan = عرض الخطة كاملة
services-title = الخدمات
services-none = لا توجد خدمة بهذه الكلمات. جرّب كلمات أقل، أو تصفح كل الخدمات.
services-found = { $n ->
    [zero] لا خدمات
    [one] خدمة واحدة
    [two] خدمتان
    [few] { $n } خدمات
    [many] { $n } خدمة
   *[other] { $n } خدمة
 }
free = مجاناً
takes = المدة
costs = الرسوم
between-fees = من { $a } إلى { $b }
working-days = { $n ->
    [zero] في اليوم نفسه
    [one] يوم عمل واحد
    [two] يوما عمل
    [few] { $n } أيام عمل
    [many] { $n } يوم عمل
   *[other] { $n } يوم عمل
 }
calendar-days = { $n ->
    [zero] في اليوم نفسه
    [one] يوم واحد
    [two] يومان
    [few] { $n } أيام
    [many] { $n } يوماً
   *[other] { $n } يوم
 }
start-have = ما تحتاج إليه
start-law = الأساس القانوني
start-by = الجهة المقدِّمة
start-now = ابدأ الآن
start-sign-in = سجّل الدخول للبدء
start-steps = ماذا يحدث بعد التقديم
start-saved = تُحفظ إجاباتك بعد كل صفحة، ويمكنك المغادرة والعودة متى شئت.
form-step = خطوة { $a } من { $b }
form-save = حفظ ومتابعة
form-later = إكمال لاحقاً
form-perhaps = مطلوب فقط مع بعض الإجابات أعلاه. اتركه فارغاً إن كان لا ينطبق عليك.
form-problem = هناك مشكلة
form-optional = اختياري
form-back = رجوع
form-tasks = طلبك
form-tasks-lead = أجب صفحة بعد صفحة. تُحفظ إجاباتك، ويمكنك المغادرة والعودة متى شئت.
form-done = مكتمل
form-open = لم يكتمل
form-check = مراجعة الإجابات
form-check-lead = راجع إجاباتك قبل الإرسال. تبدأ الدائرة المختصة النظر في طلبك بعد إرساله.
form-change = تعديل
form-send = إرسال الطلب
form-not-yet = لم تُستكمل بعض الإجابات بعد.
form-fee = الرسوم
form-fee-why = تنطبق على إجاباتك الفئة { $a } من جدول الرسوم.
form-day = اليوم
form-month = الشهر
form-year = السنة
form-choose = اختر
form-file-hint = الأنواع المقبولة: { $a }، وبحد أقصى { $b }.
form-file-any-hint = بحد أقصى { $a }.
form-currency = العملة
size-kb = { $a } كيلوبايت
size-mb = { $a } ميغابايت
form-file-kept = محفوظ: { $a }
yes = نعم
no = لا
not-answered = بلا إجابة
not-recorded = غير مدوَّن
confirm-title = تم إرسال طلبك
confirm-reference = رقم طلبك
confirm-due = يصدر القرار في موعد أقصاه { $a }.
cases-title = طلباتي
cases-none = لم تقدّم أي طلب بعد.
cases-drafts = مسودات لم تُرسل بعد
case-title = الطلب { $a }
case-filed = تاريخ التقديم
case-state = حالة الطلب
case-due = الموعد النهائي
case-turn-applicant = مطلوب منك إجراء
case-turn-office = لدى الدائرة المختصة
case-history = سجل الإجراءات
case-answers = الإجابات
case-actions = الإجراءات المتاحة
case-note = رسالة
case-reason = السبب
case-applicant = مقدم الطلب
case-service = الخدمة
case-assignee = الموظف المختص
case-fee = الرسوم
case-moved-on = تغيّرت حالة الطلب منذ أن فتحته: اتخذ { $a } إجراءً بشأنه، وحالته الآن «{ $b }».
case-needs-note = اكتب الرسالة التي ترافق هذا الإجراء.
case-not-possible = لم يعد هذا الإجراء ممكناً.
action-file = قُدّم الطلب
action-assign = أُسند إلى موظف مختص
action-lapse = انتهت المهلة
menu = القائمة
other-language-short = EN
nav-areas = الأقسام
nav-mine = ما يخصك
desk-title = معالجة المعاملات
desk-lead = { $n ->
    [zero] لا معاملات بانتظار الإجراء
    [one] معاملة واحدة بانتظار الإجراء
    [two] معاملتان بانتظار الإجراء
    [few] { $n } معاملات بانتظار الإجراء
    [many] { $n } معاملة بانتظار الإجراء
   *[other] { $n } معاملة بانتظار الإجراء
 }
desk-lead-many = تنتظر إجراءك معاملات أكثر مما يُعدّ هنا، وتظهر أقربها موعداً أولاً.
desk-all = الكل
desk-mine = المسندة إليّ
desk-nobodys = غير مسندة
desk-none = لا معاملات بانتظار الإجراء هنا.
desk-take = إسناد المعاملات المختارة إليّ
desk-keys = j و k للتنقل · Enter للفتح · x للاختيار
desk-choose = اختر { $a }
due-late = { $n ->
    [zero] اليوم
    [one] متأخر يوماً واحداً
    [two] متأخر يومين
    [few] متأخر { $n } أيام
    [many] متأخر { $n } يوماً
   *[other] متأخر { $n } يوم
 }
due-today = اليوم
due-in = { $n ->
    [zero] اليوم
    [one] يوم واحد
    [two] يومان
    [few] { $n } أيام
    [many] { $n } يوماً
   *[other] { $n } يوم
 }
due-none = —
nav-clusters = العناقيد
nav-stories = قصص نجاح
clusters-title = العناقيد
clusters-lead = أماكن يُخطَّط لها معاً لأنها تشترك في ميزة نسبية.
clusters-all = جميع العناقيد
cluster-map = أين يقع { $a }
cluster-open-plan = عرض خارطة الطريق
cluster-no-plan = ليس لهذا العنقود خارطة طريق هنا بعد.
cluster-measured = ما يُقاس هنا
cluster-here = هنا
cluster-everywhere = في كل مكان
cluster-places = الأماكن
cluster-others = عناقيد أخرى
stories-title = قصص نجاح
stories-lead = تجارب نُفّذت، وما تحقق منها، وما يمكن للآخرين الاستفادة منه.
stories-all = جميع القصص
stories-none = لم تُنشر أي قصة بعد.
story-figures = هل استمر الأثر؟ أرقام اليوم
plan-budget-lead = مجموع ما خُطّط له، وما التُزم به وما صُرف، وكلفة كل نتيجة
plan-target-assumed = القيمة المستهدفة مفترضة
plan-others = خرائط طريق أخرى
plan-interventions = التدخلات
plan-no-indicator = لا يوجد مؤشر لهذا الهدف بعد.
plan-other-objectives = أهداف أخرى
activity-legend = الشريط الداكن على المسار الحرج: أي تأخير فيه يؤخر الهدف كله. والخط الرأسي هو تاريخ اليوم.
activity-days = من { $a } إلى { $b }
activity-over = كان مقرراً أن ينتهي
activity-now = مقرر الآن
activity-to-come = لاحقاً
activity-critical = حرج
activity-slack = { $n ->
    [zero] بلا هامش زمني
    [one] هامش زمني: يوم واحد
    [two] هامش زمني: يومان
    [few] هامش زمني: { $n } أيام
    [many] هامش زمني: { $n } يوماً
   *[other] هامش زمني: { $n } يوم
 }
plan-lead = الأهداف: { $a }، التدخلات: { $b }، المؤشرات: { $c }. تُحسب الأرقام من الخدمات والسجلات كما هي الآن.
plan-measured = المؤشرات
plan-mark = تبيّن العلامة الموقع الذي ينبغي بلوغه اليوم وفق الخطة
plan-indicator = المؤشر
plan-trend = 12 شهراً
plan-now = الآن
plan-path = مقارنة بالخطة
plan-target = القيمة المستهدفة
plan-status = الحالة
plan-budget = الموازنة
plan-responsible = المسؤول
plan-partners = الشركاء
plan-figures-missing = مؤشرات لا تتوفر بياناتها: { $a } من { $b }
plan-of-path = { $a }٪ من المخطط له
plan-assumption = قيمة مفترضة
status-ahead = متقدم على الخطة
status-on-track = ضمن الخطة
status-at-risk = معرّض للتأخر
status-off-track = متأخر عن الخطة
status-no-data = لا تتوفر بيانات
indicator-today = في { $a }
indicator-against = مقارنة بالخطة
indicator-target = القيمة المستهدفة في { $a }
indicator-table = عرض في جدول
indicator-as-of = كما كان في
indicator-as-of-show = عرض
indicator-as-of-note = هذه هي القيمة كما كانت في { $a }.
indicator-records = القيود التي يستند إليها
indicator-adds-up = { $n ->
    [zero] لا قيود
    [one] قيد واحد، مجموعه { $a }
    [two] قيدان، مجموعهما { $a }
    [few] { $n } قيود، مجموعها { $a }
    [many] { $n } قيداً، مجموعها { $a }
   *[other] { $n } قيد، مجموعها { $a }
 }
indicator-record = القيد
indicator-where = المكان
indicator-when = التاريخ
indicator-adds = يُحسب
indicator-none = لا توجد قيود لهذا الرقم بعد.
indicator-observations = القيم المرصودة
indicator-source = المصدر
indicator-value = القيمة
indicator-period = الشهر
indicator-numerator = { $a } من { $b }
indicator-path = المسار المستهدف
indicator-formula = كيف يُحسب المؤشر
indicator-by-region = حسب المكان
indicator-map-hint = اختر مكاناً لعرض القيود التي يستند إليها رقمه.
indicator-all-records = عرض الكل
indicator-forecast = بالوتيرة الحالية، 80٪
indicator-at-this-pace = بالوتيرة الحالية ستبلغ القيمة نحو { $a } في { $b }، وباحتمال 80٪ ستكون بين { $c } و{ $d }.
indicator-needed = لبلوغ القيمة المستهدفة { $c } بحلول { $b } يلزم { $a } شهرياً.
chart-trajectory = { $a }: القيمة الفعلية والمسار المستهدف
chart-trend = { $a }: آخر اثني عشر شهراً
chart-bullet = { $a }: القيمة مقارنة بالقيمة المستهدفة
chart-map = { $a } حسب المحافظة
chart-grapes = { $a } من 6
registers-title = السجلات
registers-lead = بيانات الدوائر، تُحفظ مرة واحدة ويُتشارك فيها. والبيانات المفتوحة متاحة للتنزيل.
register-search = البحث في هذا السجل
register-found = { $n ->
    [zero] لا قيود
    [one] قيد واحد
    [two] قيدان
    [few] { $n } قيود
    [many] { $n } قيداً
   *[other] { $n } قيد
 }
register-none = لا يوجد قيد يطابق هذه الكلمات.
register-download = تنزيل
record-made = أُدخل
record-changed = عُدّل
record-removed = أُزيل
record-gone = أُزيل هذا القيد، وتظهر هنا آخر بياناته.
register-next = الصفحة التالية
sign-in-title = تسجيل الدخول
sign-in-email = البريد الإلكتروني
sign-in-password = كلمة المرور
sign-in-wrong = البريد الإلكتروني أو كلمة المرور غير صحيحة.
sign-in-throttled = محاولات كثيرة. حاول مرة أخرى بعد الساعة { $a }.
sign-in-busy = يسجّل كثيرون الدخول في هذه اللحظة. حاول مرة أخرى بعد ثوانٍ.
sign-in-lead = سجّل الدخول لتقديم طلب أو متابعة طلباتك أو معالجة المعاملات.
sign-up-title = إنشاء حساب
sign-up-lead = بالحساب تقدّم الطلبات وتتابعها. يستغرق إنشاؤه دقيقتين، ويلزمك بريد إلكتروني تستطيع قراءته الآن.
sign-up-name = اسمك
sign-up-name-hint = كما هو مكتوب في بطاقة الهوية أو جواز السفر.
sign-up-phone = رقم الهاتف
sign-up-person-id = رقم الهوية
sign-up-person-id-hint = تسعة أرقام. نملأ به النماذج عنك.
sign-up-button = أنشئ الحساب
sign-up-none-yet = ليس لديك حساب بعد؟
sign-up-have-one = لديّ حساب: تسجيل الدخول
sign-up-again = إنشاء حساب
sign-up-counter = لا ترسل هذه البوابة رسائل بالبريد الإلكتروني، ولذلك تُنشأ الحسابات في مركز خدمات الجمهور. أحضر بطاقة الهوية أو جواز السفر، ويمكنك تسجيل الدخول فوراً.
sign-up-sent = أرسلنا رسالة إلى { $a } وفيها رابط. افتحه خلال 24 ساعة ليصبح حسابك جاهزاً.
sign-up-ended = يعمل الرابط مرة واحدة وخلال 24 ساعة فقط. إذا كنت قد أكدت حسابك فسجّل الدخول، وإلا فاملأ الصفحة من جديد.
password-hint = { $a } أحرف أو رموز على الأقل. بضع كلمات متتالية يسهل تذكّرها ويصعب تخمينها.
fault-password-short = يجب ألا تقل كلمة المرور عن { $a } أحرف أو رموز
letter-sent = راجع بريدك الإلكتروني
letter-sent-help = إن لم تصلك الرسالة بعد بضع دقائق فابحث عنها في البريد غير المرغوب فيه وتحقق من العنوان.
letter-sent-again = لم تصلني الرسالة أو العنوان خطأ: أعد الطلب
link-ended = انتهت صلاحية هذا الرابط
account-confirm-title = تأكيد الحساب
account-confirm-lead = تحققنا من عنوانك { $a } بنجاح. أدخل كلمة المرور التي اخترتها لتسجيل الدخول.
account-confirm-button = أكّد الحساب وسجّل الدخول
account-confirm-wrong = هذه ليست كلمة المرور التي اخترتها عند طلب الحساب.
account-confirm-forgotten = لم أعد أذكرها: ابدأ من جديد بكلمة مرور أخرى
forgotten-title = نسيت كلمة المرور
forgotten-way = نسيت كلمة المرور
forgotten-lead = اكتب البريد الإلكتروني لحسابك، ونرسل إليك رسالة فيها رابط لاختيار كلمة مرور جديدة.
forgotten-button = أرسل الرسالة
forgotten-remembered = العودة إلى تسجيل الدخول
forgotten-again = اطلب رسالة أخرى
forgotten-counter = لا ترسل هذه البوابة رسائل بالبريد الإلكتروني. اطلب كلمة مرور جديدة في مركز خدمات الجمهور، وأحضر بطاقة الهوية أو جواز السفر.
forgotten-sent = إن كان هناك حساب بالعنوان { $a } فقد أرسلنا إليه رسالة فيها رابط. افتحه خلال ساعة واحدة.
forgotten-ended = يعمل الرابط مرة واحدة وخلال ساعة واحدة فقط. اطلب رسالة أخرى واستعمل الرابط الذي في آخر رسالة.
reset-title = كلمة مرور جديدة
reset-lead = للحساب { $a } كلمة مرور جديدة تختارها هنا، ويُسجَّل الخروج من كل جهاز استُعملت فيه كلمة المرور القديمة.
reset-button = احفظ كلمة المرور
reset-done = حُفظت كلمة المرور الجديدة. سجّل الدخول بها.
letter-hello = تحية طيبة وبعد،
letter-confirm-subject = تأكيد الحساب
letter-confirm = طُلب إنشاء حساب بهذا البريد الإلكتروني في «{ $a }». إن كنت أنت من طلبه فافتح هذا الرابط خلال 24 ساعة وأدخل كلمة المرور التي اخترتها:
letter-confirm-not-you = إن لم تطلب ذلك فلا تفعل شيئاً: لن يُنشأ أي حساب دون فتح الرابط.
letter-known-subject = لديك حساب بالفعل
letter-known = طُلب إنشاء حساب بهذا البريد الإلكتروني في «{ $a }». إن كنت أنت من طلبه فلديك حساب بالفعل، ويمكنك تسجيل الدخول هنا:
letter-known-forgotten = وإن نسيت كلمة المرور فاختر كلمة جديدة هنا:
letter-known-not-you = إن لم تطلب ذلك فلا تفعل شيئاً: لم يتغير شيء في حسابك.
letter-reset-subject = كلمة مرور جديدة
letter-reset = طُلبت كلمة مرور جديدة لحسابك في «{ $a }». إن كنت أنت من طلبها فافتح هذا الرابط خلال ساعة واحدة:
letter-reset-not-you = إن لم تطلب ذلك فلا تفعل شيئاً: تبقى كلمة المرور كما هي.
job-account-letter = رسالة بشأن حساب
error-title = حدث خطأ
error-404 = لا توجد صفحة بهذا العنوان
error-404-help = قد يكون العنوان مكتوباً بشكل خاطئ، أو أن الصفحة غير متاحة لك. ابحث عن خدمة أو ابدأ من الصفحة الرئيسية.
error-403 = ليست لديك صلاحية لعرض هذه الصفحة
error-403-help = لا يملك حسابك دوراً يتيح هذه الصفحة. راجع المسؤول عن الصلاحيات في دائرتك.
error-400 = تعذرت قراءة النموذج
error-400-help = ارجع وحدّث الصفحة ثم أرسلها مرة أخرى. لم يتغير شيء.
error-409 = نُفّذ هذا من قبل
error-409-help = وصل هذا النموذج من قبل ونُفّذ مرة واحدة. ارجع وحدّث الصفحة لترى النتيجة.
error-413 = ما أُرسل كبير جداً
error-413-help = حجم الملف 10 ميغابايت على الأكثر، وحجم ملفات الصفحة كلها 20 ميغابايت. أرسل ملفات أصغر.
error-500-help = سُجّل الخطأ. لم يُحفظ شيء ناقص؛ حاول مرة أخرى.
error-address = هذا العنوان تالف
error-address-help = يشير العنوان إلى مكان غير ممكن أو فيه رموز لا تصح في عنوان. لم يتغير شيء. افتح الرابط مرة أخرى من حيث وجدته، أو ابدأ من الصفحة الأولى.
error-host = لا يبيّن الطلب بوضوح أي موقع يقصد
error-host-help = يجب أن يحمل الطلب ترويسة Host واحدة فقط. إن ظهرت لك هذه الصفحة في المتصفح فأخبر من يدير شبكتك.
error-414 = هذا العنوان أطول من المسموح
error-414-help = لا يزيد العنوان على 8192 حرفاً. اختصر ما تبحث عنه وحاول مرة أخرى.
error-408 = لم تصل بقية الطلب في الوقت المحدد
error-408-help = ربما كان الاتصال بطيئاً أو انقطع. لم يتغير شيء. ارجع وأرسل الطلب مرة أخرى.
error-503 = الخدمة غير متاحة الآن
error-503-help = لا يصل النظام إلى قاعدة بياناته الآن. كل ما تلقيت تأكيداً به محفوظ. أما ما أرسلته للتو فلم يتأكد: حاول بعد دقائق وسترى هل وصل.
error-home = إلى الصفحة الرئيسية
not-eligible = لا يمكنك التقدم لهذه الخدمة
full = لا أماكن شاغرة في هذا الخيار. اختر غيره.
fault-required = أجب عن هذا السؤال
fault-integer = أدخل عدداً صحيحاً بالأرقام، مثل 12 أو ١٢
fault-decimal = أدخل رقماً، مثل 3.5
fault-two-readings = يمكن أن يُقرأ هذا العدد { $a } أو { $b }. اكتب ما تقصده منهما
fault-min = يجب أن يكون العدد { $a } أو أكثر
fault-max = يجب أن يكون العدد { $a } أو أقل
fault-money = أدخل المبلغ بالأرقام، مثل 1500 أو 1500.50
fault-money-decimals = عدد المنازل بعد الفاصلة العشرية لا يزيد على { $a }
fault-money-currency = اختر إحدى هذه العملات: { $a }
fault-date = أدخل تاريخاً صحيحاً باليوم والشهر والسنة، مثل 27 3 2021
fault-choice = اختر إحدى الإجابات
fault-phone = أدخل رقم هاتف، مثل 0599123456
fault-phone-short = أرقام الهاتف ناقصة. اكتبها كلها
fault-phone-long = أرقام الهاتف أكثر من اللازم. اكتب رقماً واحداً فقط
fault-phone-country = اكتب رقم الهاتف مع علامة + ورمز الدولة، مثل +962790000000
fault-email = أدخل بريداً إلكترونياً، مثل name@example.com
fault-person-id-digits = أدخل أرقام الهوية التسعة كلها
fault-person-id-check = في رقم الهوية خطأ. قارنه ببطاقتك
fault-too-long = الحد الأقصى لعدد الأحرف: { $a }
fault-control = في النص رمز لا يمكن حفظه: { $a }. اكتب النص مرة أخرى من دونه
fault-fee-quoted = تغيّر هذه الإجابة الرسم الذي حُدّد سابقاً. اتركها كما هي، أو اسحب الطلب وقدّمه من جديد.
fault-record-gone = ما سُمّي هنا لم يعد في سجله. سمِّ غيره.
fault-file = اختر الملف وأرسله مع هذه الصفحة
fault-file-type = اختر ملفاً ينتهي بـ: { $a }
fault-file-empty = الملف فارغ. اختر الملف الصحيح
fault-file-content = محتوى الملف لا يطابق امتداده ({ $a }). احفظه بهذا النوع أو اختر ملفاً آخر
fault-file-size = حجم الملف أكبر من { $a }. اختر ملفاً أصغر أو صوّره بدقة أقل
fault-unknown = لا يوجد سؤال كهذا

# ما يجيب به الواجهة البرمجية عند وقوع خطأ
problem-not-found = لا يوجد شيء هنا
problem-not-found-help = قد يكون العنوان مكتوباً بشكل خاطئ، أو أن ما فيه غير متاح لك.
problem-method = هذا العنوان لا يقبل هذه الطريقة
problem-internal = حدث خطأ لدينا
problem-internal-help = سُجّل الخطأ ولم يُحفظ شيء غير مكتمل. أعد المحاولة بنفس المفتاح Idempotency-Key.
problem-sign-in = سجّل الدخول أولاً
problem-sign-in-help = أرسل البريد الإلكتروني وكلمة المرور إلى ‎/api/v1/session ثم أرسل الرمز في «Authorization: Bearer».
problem-token = لم يعد هذا الرمز صالحاً
problem-token-help = سجّل الدخول من جديد عبر ‎/api/v1/session.
problem-forbidden = ليست لديك صلاحية لذلك
problem-foreign = هذا الطلب قادم من موقع آخر
problem-foreign-help = أرسل رمز الدخول بدلاً من ملف تعريف الارتباط.
problem-wrong-credentials = البريد الإلكتروني أو كلمة المرور غير صحيحة
problem-throttled = محاولات كثيرة جداً
problem-busy = يجري التحقق من كلمات مرور كثيرة في هذه اللحظة
problem-busy-help = أعد الإرسال بعد عدد الثواني المذكور في الترويسة Retry-After.
problem-until = أعد المحاولة بعد { $a }.
problem-address = العنوان غير صحيح الصياغة
problem-address-help = يجب أن يبدأ كل رمز % بايتاً مرمّزاً، وأن تكون البايتات بترميز UTF-8 وبلا رموز تحكم.
problem-host = أرسل ترويسة Host واحدة فقط
problem-address-too-long = عنوان الطلب أطول من المسموح
problem-address-too-long-help = لا يزيد على 8192 بايتاً.
problem-too-slow = لم يصل محتوى الطلب في الوقت المحدد
problem-too-slow-help = لم يُنفَّذ منه شيء. أعد إرسال الطلب بنفس المفتاح Idempotency-Key.
problem-unavailable = قاعدة البيانات ممتلئة أو لا يمكن الوصول إليها
problem-unavailable-help = لم يُفقد شيء مما تأكد. أعد إرسال الطلب بنفس المفتاح Idempotency-Key بعد الثواني المذكورة في Retry-After.
problem-characters = في محتوى الطلب رمز لا يصح في أي نص
problem-characters-help = احذف U+0000 وسائر رموز التحكم؛ لا يبقى منها إلا الجدولة ونهايات الأسطر.
problem-back = لا يجوز إرجاع الدافع إلى هذا العنوان
problem-back-help = اذكر عنواناً من عناوين هذه البوابة، أو اطلب ممن يشغّلها تسجيل عنوانك.
problem-if-match-malformed = قيمة «If-Match» ليست ETag
problem-if-match-malformed-help = أرسل الوسم كما تلقيته مع علامتي الاقتباس.
problem-malformed = محتوى الطلب ليس كما هو مطلوب
problem-too-large = محتوى الطلب كبير جداً
problem-too-large-help = الحد الأقصى للمحتوى ميغابايت واحد.
problem-file = لا يمكن حفظ الملف
problem-reason = لا يمكن حفظ السبب
problem-file-too-large = الملف كبير جداً
problem-file-too-large-help = الحد الأقصى للملف 10 ميغابايت.
problem-media-type = محتوى الطلب ليس JSON
problem-media-type-help = أرسل «Content-Type: application/json».
problem-query = معاملات هذا العنوان غير صالحة
problem-query-help = يُذكر كل معامل مرة واحدة وبالصيغة التي يحددها وصف واجهة API.
problem-key = هذا ليس مفتاح Idempotency-Key صالحاً
problem-key-help = يتكون المفتاح من 1 إلى 200 حرف.
problem-key-reused = استُخدم هذا المفتاح Idempotency-Key لطلب آخر
problem-key-reused-help = استخدم مفتاحاً جديداً لكل طلب جديد، والمفتاح نفسه فقط لإعادة إرسال الطلب نفسه.
problem-sent-before = نُفّذ هذا الطلب من قبل
problem-sent-before-help = وصل الطلب من قبل بهذا المفتاح Idempotency-Key ونُفّذ مرة واحدة، ولكن جوابه غير متاح. اقرأ المورد لترى النتيجة.
problem-cursor = مؤشر الصفحة غير صالح
problem-cursor-help = خذ قيمة «next» من الصفحة السابقة.
problem-day = هذا ليس تاريخاً
problem-day-help = اكتبه على شكل 2021-03-27.
problem-period = هذه ليست فترة زمنية
problem-dimension = لا يوجد هذا البعد في المؤشر
problem-number = لا يمكن حفظ هذه القيمة
problem-source = اذكر مصدر القيمة
problem-computed = هذا المؤشر محسوب
problem-computed-help = قيمته ناتجة عن القيود ولا يمكن إدخالها يدوياً. عدّل القيود نفسها.
problem-formula = يُحسب هذا المؤشر من مؤشرات أخرى
problem-formula-help = لا قيود له بذاته. اطلب قيود المؤشرات المذكورة في `parts`.
problem-observed = هذا المؤشر مرصود
problem-observed-help = قيمته من مصدر خارجي، فلا قيود له. تجد المصادر في صفحته.
problem-faults = بعض الإجابات لا تناسب أسئلتها
problem-faults-help = صحّح ما ورد في «errors» ثم أعد الإرسال.
problem-not-eligible = شروط هذه الخدمة غير متوفرة
problem-full = لم يبق مكان شاغر
problem-needs-note = هذا الإجراء يحتاج إلى ملاحظة
problem-needs-note-help = أرسل السبب أو الرسالة في «note».
problem-not-possible = هذا الإجراء غير ممكن الآن
problem-not-possible-help = الطلب في الحالة «state» وآخر من حرّكه «by». ما يمكن فعله مذكور في «actions».
problem-moved-on = تغيّرت حالة الطلب
problem-moved-on-help = غيّره «by» وهو الآن في الحالة «state». اقرأه من جديد قبل أن تقرر.
problem-taken = هذه القيمة مسجلة في قيد آخر
problem-taken-by = { $a }: { $b }
problem-named = يشير إليه قيد آخر
problem-named-by = يشير إليه «{ $b }» في السجل «{ $a }». عدّل ذلك القيد أو احذفه أولاً.
problem-changed = تغيّر منذ أن قرأته
problem-changed-help = هو الآن في النسخة { $a }. اقرأه من جديد قبل التعديل.
problem-if-match = حدد النسخة التي تعدّلها
problem-if-match-help = أرسل قيمة ETag لما قرأته في «If-Match».

nav-till = الصندوق
nav-finance = المالية
case-turn-pay = مطلوب منك إجراء: الرسوم بانتظار الدفع
action-paid = دُفعت الرسوم
action-waived = أُعفي مقدم الطلب من الرسوم
payments-title = مدفوعاتي
payments-none = لا رسوم مستحقة عليك، ولم تدفع شيئاً بعد.
pay-title = دفع { $a }
pay-now = ادفع الآن
pay-see = عرض الدفعة
pay-amount = المبلغ
pay-refunded = المبلغ المسترد
pay-waiting = ننتظر رد مزود خدمة الدفع. تُحدَّث هذه الصفحة تلقائياً.
pay-slip-title = الدفع نقداً في نقطة دفع
pay-slip-lead = أبرز هذا الرمز في أي نقطة دفع معتمدة وادفع { $a } نقداً، ويُستكمل طلبك فوراً.
pay-until = آخر موعد للدفع: { $a }
pay-slip-print = يمكنك طباعة هذه الصفحة أو إبرازها على هاتفك.
pay-slip-code = الرمز { $a } لنقطة الدفع
pay-bank-title = الدفع بحوالة بنكية
pay-bank-lead = اكتب هذا المرجع كما هو في الحوالة لنتمكن من ربطها بطلبك.
pay-bank-reference = المرجع
pay-bank-iban = رقم الحساب (IBAN)
pay-bank-holder = صاحب الحساب
pay-how = كيف تود أن تدفع؟
pay-why = لماذا هذا المبلغ؟
pay-why-row = حُددت الرسوم وفق الفئة { $a } من جدول رسوم الخدمة بناءً على إجاباتك:
pay-waived = أنت معفى من الدفع: { $a }
pay-said = { $a }: { $b }
pay-no-way = اختر إحدى طرق الدفع.
pay-not-payable = دُفعت هذه الرسوم من قبل أو لم يعد دفعها ممكناً.
pay-state-quoted = بانتظار الدفع
pay-state-started = بدأ الدفع
pay-state-pending = قيد التحقق
pay-state-paid = مدفوع
pay-state-failed = تعذر الدفع، حاول مرة أخرى
pay-state-expired = انتهت المهلة
pay-state-cancelled = ملغى
pay-state-part-refunded = استُرد جزء منه
pay-state-refunded = استُرد
pay-state-disputed = معترض عليه
pay-event-start = بدأ
pay-event-accept = قيد التحقق
pay-event-succeed = مدفوع
pay-event-fail = تعذر
pay-event-expire = انتهت المهلة
pay-event-cancel = ملغى
pay-event-refund-part = استُرد جزء منه
pay-event-refund-rest = استُرد
pay-event-dispute = معترض عليه
pay-event-win-dispute = رُفض الاعتراض
pay-event-lose-dispute = قُبل الاعتراض
way- = لم تُحدد
way-card = بطاقة أو محفظة إلكترونية
way-card-hint = فوراً عبر صفحة مزود خدمة الدفع
way-cash = نقداً في نقطة دفع
way-cash-hint = برمز تبرزه في نقطة دفع معتمدة
way-transfer = حوالة بنكية
way-transfer-hint = خلال يوم إلى يومي عمل
way-waiver = إعفاء
way-waiver-hint = لا يُدفع شيء
receipt-title = سند قبض
receipt-open = عرض سند القبض
receipt-heading = سند قبض رقم { $a }
receipt-number = رقم السند
receipt-payer = الدافع
receipt-entity = الجهة
receipt-day = التاريخ
receipt-way = طريقة الدفع
receipt-payment = رقم الدفعة
verify-title = التحقق من شهادة أو سند قبض
verify-yes = نعم، صدرت هذه الوثيقة عن هذا النظام ومضمونها:
verify-no = لا، لم تصدر هذه الوثيقة عن هذا النظام أو أنها عُدّلت.
verify-no-help = قارن ما كتبته بالوثيقة أو امسح الرمز ثانية. إن بقيت النتيجة كذلك فلا تقبل الوثيقة.
verify-lead = تحمل سندات القبض والشهادات الصادرة عن هذا النظام رقماً مرجعياً ورمزاً. أدخلهما معاً واقرأ هنا مضمون الوثيقة.
verify-reference-label = الرقم المرجعي
verify-reference-hint = تجده على الوثيقة، مثل SL-7K3M-9QX4. وهو في سند القبض رقم الدفعة.
verify-code-name = رمز التحقق
verify-code-hint = اثنا عشر حرفاً ورقماً بجانب رمز الاستجابة السريعة.
verify-ask = تحقق
verify-mistyped = ليس هذا رقماً مرجعياً لوثيقة، فالرقم المرجعي حرفان وبعدهما ثمانية أحرف أو أرقام. قارنه بالوثيقة، ورمزك باقٍ كما كتبته.
verify-code-mistyped = الرمز اثنا عشر حرفاً ورقماً، ولا يكون فيه I أو L أو O أو S أو U أو 0 أو 1. قارنه بالوثيقة، ورقمك المرجعي باقٍ كما كتبته.
verify-typed-hint = لا كاميرا لديك؟ اكتب الرقم المرجعي والرمز على الصفحة
verify-compare = قارن هذه البيانات بالوثيقة التي بين يديك.
verify-how = كيف أتحقق منها بنفسي؟
verify-key = تُوقَّع الوثائق بخوارزمية Ed25519، والمفتاح العام بترميز base64url هو:
verify-code = رمز للتحقق من هذه الوثيقة
verify-hint = يمكن لأي شخص التحقق من هذه الوثيقة بالرمز.
verify-link = تحقق منها
till-title = الصندوق
till-lead = اقبض الرسوم نقداً وسلّمها في نهاية اليوم.
till-code = رمز القسيمة
till-code-hint = اكتبه كما يظهر على القسيمة أو امسحه، مثل PY-7K3M-9QX4.
till-find = بحث
till-take = استلمت { $a }
till-holds = رصيد صندوقك
till-empty = صندوقك فارغ.
till-held = سُلّم وبانتظار العدّ:
till-hand-in = المبلغ المراد تسليمه
till-hand-in-now = تسليم الآن
till-unknown = لا توجد دفعة بهذا الرمز. اطلب من الدافع فتح صفحة الدفع مرة أخرى.
till-mistyped = في الرمز خطأ. قارنه بالقسيمة.
till-taken = تم القبض: { $a }. يُستكمل الطلب الآن.
till-handed = تم التسليم. يبقى المبلغ على صندوقك حتى تعدّه الدائرة المالية.
till-too-much = المبلغ أكبر من رصيد الصندوق أو يساوي صفراً.
finance-title = مكتب المالية
finance-lead = ما ورد، وما لا يتطابق، والمبالغ المستردة.
finance-revenue = الواردات
finance-from = من
finance-to = إلى
finance-nothing-came = لم يرد شيء في هذه الأيام.
finance-payments = { $n ->
    [zero] لا دفعات
    [one] دفعة واحدة
    [two] دفعتان
    [few] { $n } دفعات
   *[other] { $n } دفعة
}
finance-number = العدد
finance-csv = دفعات هذه الأيام بصيغة CSV
finance-refunds-csv = المبالغ المستردة بصيغة CSV
finance-too-many-rows = في هذه الأيام أكثر من 100,000 دفعة أو مبلغ مسترد، وهذا يزيد على سعة ملف واحد. اختر أياماً أقل ثم نزّل الملف من جديد.
finance-differences = الفروق
finance-no-differences = كل شيء متطابق.
finance-theirs = الوارد
finance-statement-says = في الكشف
finance-should-be = والصحيح
finance-statement-unequal = فيه رصيد لا يوافق قيوده أو لا يوافق الكشف السابق. تجد البيان ضمن الفروق في مكتب المالية: اطلب من البنك الملف كاملاً أو الكشف الناقص.
finance-ours = المستحق
finance-note = رقم الدفعة أو ملاحظة
finance-assign = احتسابه لهذه الدفعة
finance-back = إعادته
finance-clear = سُوّي بهذه الملاحظة
finance-refunds = المبالغ المستردة
finance-no-refunds = لا طلبات استرداد معلّقة.
own-hand-asked = أنت من طلب هذا أو اقترحه، فالقرار لشخص آخر.
own-hand-entered = أنت من أدخل الحساب الذي يُحوَّل إليه المبلغ، فالقرار لشخص آخر.
own-hand-agreed = أنت من وافق على هذا القرض، فتنفيذ هذه الخطوة لشخص آخر.
own-hand-gains = المبلغ عائد إليك، فالقرار لشخص آخر.
finance-second = يحتاج إلى موافقة شخص ثانٍ.
finance-second-of-these = إعادة المبلغ أو قيده في حساب آخر أو احتسابه عمولة تحتاج إلى موافقة شخص ثانٍ.
finance-alone = يجوز لشخص واحد أن يعيد ما لا يزيد على { $a } بعملة الدفعة، ويدخل في ذلك ما أُعيد من الدفعة نفسها من قبل، وما أُعيد إلى الدافع نفسه خلال سنة. وما زاد يحتاج إلى موافقة شخص ثانٍ.
finance-waits = سُجّل المقترح، ويسري بعد موافقة شخص آخر.
finance-decided-first = يوجد مقترح معلق بشأنه، ويجب البتّ فيه أولاً.
finance-not-seen = تغيّر المقترح. راجعه قبل أن تقرر.
finance-proposed-back = مقترح: إعادة المبلغ
finance-proposed-elsewhere = مقترح: مقيّد من قبل أو ليس رسماً
finance-proposed-charged = مقترح: احتفظ به مزود الدفع مقابل خدماته
finance-proposed-account = الحساب المقترح: { $a }
finance-proposed-again = مقترح: رفضه البنك، يُدرج في أمر جديد
finance-ordered = أُدرج في الأمر { $a }، وعدد حوالاته: { $b }. سلّم ملفه إلى البنك.
finance-ordered-with = مدرج في الأمر { $a }
finance-ordered-already = لدى البنك أمر بتحويله. إن رفضه البنك فاقترح إدراجه في أمر جديد.
finance-order-again = رفضه البنك: إدراجه في أمر جديد
finance-order-now = { $n ->
    [zero] لا حوالات لإصدار أمر بها
    [one] إصدار أمر بحوالة واحدة
    [two] إصدار أمر بحوالتين
    [few] إصدار أمر بـ { $n } حوالات
    [many] إصدار أمر بـ { $n } حوالة
   *[other] إصدار أمر بـ { $n } حوالة
}
finance-transfers = { $n ->
    [zero] لا حوالات
    [one] حوالة واحدة
    [two] حوالتان
    [few] { $n } حوالات
    [many] { $n } حوالة
   *[other] { $n } حوالة
}
finance-more-refunds = { $n ->
    [zero] ولا مبالغ أخرى.
    [one] ومبلغ آخر.
    [two] ومبلغان آخران.
    [few] و{ $n } مبالغ أخرى.
    [many] و{ $n } مبلغاً آخر.
   *[other] و{ $n } مبلغ آخر.
}
difference-overpaid = زيادة على المستحق
refund-overpaid = مبلغ مدفوع زيادة على الرسم
loan-second = يتولى الصرف شخص آخر.
loans-newer = القروض الأحدث
loans-older = القروض الأقدم
list-last = تُعرض آخر { $a } فقط.
list-more = { $n ->
    [zero] ولا شيء آخر.
    [one] وواحد آخر.
    [two] واثنان آخران.
    [few] و{ $n } أخرى.
    [many] و{ $n } أخرى.
   *[other] و{ $n } أخرى.
}
finance-approve = موافقة
finance-refuse = رفض
finance-approved = موافق عليه وبانتظار الصرف
finance-left-sure = تحققتُ من خروج هذا المبلغ من الحساب
finance-not-sure = أكّد خروج المبلغ قبل تسجيله: ضع علامة في المربع المجاور له.
finance-left = صُرف المبلغ
finance-pain = أمر إلى البنك (ISO 20022 pain.001)
finance-ask = طلب استرداد مبلغ
finance-statements = كشف حساب البنك
finance-statement-file = ملف من البنك (ISO 20022 camt.053 أو camt.052 أو camt.054)، ويمكن جمع عدة ملفات في ملف zip
finance-import = إدخال الكشف
finance-tills = ما سلّمه المحصّلون
finance-no-tills = لم يُسلَّم شيء.
finance-counted = تم العدّ
finance-not-counted = لم يصل
finance-balances = الحسابات
finance-account = الحساب
finance-alarms = رسائل مرفوضة
finance-no-refund = لا يمكن استرداد هذه الدفعة، أو بُتّ في طلب الاسترداد من قبل.
finance-no-match = المبلغ لا يساوي مبلغ الدفعة، أو أن الدفعة ليست مفتوحة.
finance-nothing = لا توجد دفعة بهذا الرقم.
finance-moved-on = اتخذ شخص آخر إجراءً قبلك. راجع الصفحة من جديد.
finance-no-reason = اكتب السبب.
finance-no-file = اختر ملفاً.
finance-saved = تم.
finance-imported = أُدخل الكشف. المدفوع الآن: { $a }. بحاجة إلى مراجعة: { $b }. مبالغ مستردة خرجت من الحساب: { $c }.
books-right = الدفاتر متوازنة: كل رصيد يساوي مجموع قيوده.
books-wrong = الدفاتر غير متوازنة. أبلغ مشغّل النظام.
books-unbalanced = مجموع القيود بعملة { $a } هو { $b }.
books-balance = رصيد الحساب { $a } لا يساوي مجموع قيوده.
books-transfer = القيد { $a } غير متوازن.
books-treasury = الخزينة العامة
account-fees = رسوم
account-waived = رسوم أُعفي منها
account-clearing = لدى مزود خدمة الدفع
account-till = صندوق
account-treasury = حساب بنكي
account-charges = عمولات المزودين
account-suspense = حساب معلّق
account-refunds-due = مبالغ مستحقة الاسترداد
account-disputes-lost = اعتراضات مقبولة
account-appropriation = موازنة معتمدة
account-available = متاح
account-committed = ملتزم به
account-spent = مصروف
account-loan-funds = أموال القروض
account-loan-capital = رأس مال القروض
account-loan-principal = مستحق على المقترضين
account-loan-interest-due = فوائد مستحقة
account-loan-deferred-profit = أرباح غير محققة
account-loan-income = إيرادات القروض
account-loan-written-off = ديون مشطوبة
difference-amount = مبلغ يختلف عن المستحق
difference-paid-twice = دُفع مرتين
difference-paid-late = دُفع بعد انتهاء المهلة
difference-unknown = مبلغ لا تُعرف دفعته
difference-missing-there = لا يعلم به المزود
difference-statement-gap = كشف يبدأ برصيد غير الذي انتهى به الكشف السابق
difference-statement-sum = قيود الكشف لا تؤدي إلى رصيده الختامي
difference-missing-here = لم نكن نعلم به
alarm-signature = توقيع خاطئ
alarm-old = قديمة
alarm-body = غير مقروءة
refund-by-rule = مستحق بموجب شروط الخدمة
refund-paid-late = دُفع بعد إغلاق الطلب
refund-paid-twice = دُفع مرتين
refund-amount = مبلغ يختلف عن المستحق
refund-charges = خُصمت عمولات في الطريق
refund-several = مبلغ لعدة دفعات
refund-uneven = مجموع أجزائه لا يساوي المبلغ
refund-returned = مبلغ أُعيد إلينا
problem-signature = هذه الرسالة غير موثوقة
money-not-a-number = أدخل المبلغ بالأرقام، مثل 35 أو 35.50.
money-two-readings = يمكن أن يكون هذا المبلغ { $a } أو { $b }. اكتب ما تقصده منهما.
money-negative = المبلغ أقل من صفر. اكتبه من دون إشارة السالب.
money-decimals = في المبلغ بعملة { $a } لا يزيد عدد المنازل العشرية على { $b }.
money-range = المبلغ كبير جداً. لا يتجاوز أي مبلغ هنا ألف مليار.
money-currency = يجب أن يكون المبلغ بعملة { $a } لا بعملة أخرى.
money-none = أدخل مبلغاً أكبر من صفر.
money-left = الحد الأقصى لما يمكن استرداده { $a }.
problem-amount = هذا ليس مبلغاً بعملة الدفعة
problem-no-way = لا توجد طريقة الدفع هذه
problem-no-way-help = الطرق المتاحة مذكورة في «ways».
problem-not-payable = لا يمكن دفع هذه الدفعة الآن
problem-not-payable-help = حالتها تبين السبب. اقرأها من جديد.
problem-refund = لا يمكن استرداد هذا المبلغ
problem-refund-help = يُسترد ما دُفع فقط، مرة واحدة، وبما لا يزيد على المتبقي.
problem-same-person = يجب أن يوافق شخص آخر
problem-same-person-help = من طلب الاسترداد لا يوافق عليه.

nav-loans = القروض
budget-title = الموازنة والإنفاق
budget-lead = ما اعتُمد وما التُزم به وما صُرف، وكلفة كل نتيجة. اضغط على أي مبلغ لعرض قيوده.
budget-granted = معتمد
budget-committed = ملتزم به
budget-spent = مصروف
budget-available = متاح
budget-waiting = تعديلات بانتظار قرارك
budget-intervention = التدخل
budget-cost = كلفة النتيجة
budget-postings = القيود
budget-what = البيان
budget-line = البند
budget-to = إلى البند
budget-propose = اقتراح تعديل
budget-saved = تم. يسري الاقتراح بعد موافقة شخص آخر.
budget-commit = التزام
budget-spend = صرف
budget-release = إلغاء التزام
budget-reallocate = مناقلة
budget-problem-left = لم يبقَ في هذا البند لهذا الغرض سوى { $a }.
budget-problem-amount = أدخل مبلغاً أكبر من صفر.
budget-problem-line = اختر البند الذي يُنقل إليه المبلغ، على ألا يكون البند نفسه.
budget-problem-reason = اكتب السبب.
budget-problem-decided = بُتّ فيه من قبل.
source-treasury = الخزينة
source-donor = مانحون
source-loan = قرض
loans-title = تمويل الشركات الناشئة
loans-lead = قروض تُصرف عند تحقق مراحل محددة وتُسدَّد وفق جدول.
loans-all = جميع القروض
loans-none = لم يُتفق على قرض بعد.
loan-title = القرض { $a }
loan-funds = متاح للإقراض
loan-held = ملتزم به ولم يُصرف
loan-ageing = المستحق بحسب مدة التأخر
loan-not-due = لم يحن موعده
loan-to-30 = متأخر حتى 30 يوماً
loan-to-90 = متأخر من 31 إلى 90 يوماً
loan-to-180 = متأخر من 91 إلى 180 يوماً
loan-longer = متأخر أكثر من 180 يوماً
loan-borrower = المقترض
loan-borrower-email = البريد الإلكتروني للمقترض
loan-kind = النوع
loan-principal = المبلغ
loan-profit = الفائدة أو الربح
loan-open = المتبقي
loan-late = المتأخر
loan-new = الاتفاق على قرض
loan-rate = الفائدة السنوية أو هامش المرابحة (بالمئة)
loan-months = عدد الأقساط (بالأشهر)
loan-grace = أشهر السماح
loan-tranches = الدفعات
loan-tranches-hint = دفعة في كل سطر: المبلغ ثم مسافة ثم ما يجب تحقيقه. مجموعها مبلغ القرض.
loan-agree = اتفاق
loan-annuity = أقساط متساوية
loan-equal-principal = أصل متساوٍ
loan-murabaha = مرابحة
loan-state-agreed = متفق عليه
loan-state-running = جارٍ
loan-state-repaid = مسدد
loan-state-to-write-off = مقترح شطبه
loan-state-written-off = مشطوب
loan-schedule = جدول السداد
loan-due = الاستحقاق
loan-paid-out-on = صُرف بتاريخ { $a }
loan-pay-out = تحققت المرحلة: اصرف الدفعة
loan-repay = تسجيل سداد
loan-receipt = رقم سند القبض
loan-reschedule = اقتراح إعادة جدولة
loan-propose-write-off = اقتراح شطب الدين
loan-decide-write-off = هل يُشطب هذا الدين؟
loan-write-off = شطب الدين
loan-keep = الإبقاء عليه
loan-problem-terms = المبلغ أو النسبة أو عدد الأشهر غير ممكن. النسبة من 0 إلى 100 بالمئة، والأقساط من 1 إلى 480.
loan-problem-tranches = يجب أن يساوي مجموع الدفعات مبلغ القرض. اكتب كل دفعة في سطر.
loan-problem-not-now = هذا غير ممكن في وضع القرض الحالي.
loan-problem-amount = أدخل مبلغاً أكبر من صفر ولا يتجاوز المتبقي، مع رقم سند القبض.
loan-problem-funds = لا يكفي المال المتاح لذلك.
loan-problem-twice = سُجّل سداد بهذا السند من قبل.
loan-problem-borrower = لا يوجد حساب بهذا البريد.
loan-planned = مخطط، كأن كل الدفعات صُرفت يوم الاتفاق. لا شيء مستحق قبل صرفه.
loan-price = ثمن المرابحة المتفق عليه مسبقاً
loan-changes = تعديل ما اتُّفق عليه
loan-decide-months = هل تُعتمد إعادة الجدولة لما تبقى؟
loan-state-to-reschedule = مقترحة إعادة جدولته
loan-problem-over = انقضت أشهر هذا القرض. اعتمدوا إعادة جدولة قبل الصرف.
loans-funded = أموال مخصصة
loan-paid-out = صُرف
loan-repaid = سُدد
loan-written-off = شُطب
finance-today = اليوم
finance-waived = أُعفي منه بحكم قاعدة ولا يدخل في هذه المجاميع: { $a }
finance-note-only = ملاحظة
finance-elsewhere = مقيّد من قبل أو ليس رسوماً (انظر الملاحظة)
finance-charged = احتفظ المزود بمبلغ { $a } لقاء خدمته
finance-iban = حساب المستفيد (IBAN)
finance-iban-keep = اقتراح هذا الحساب
finance-pay-back = اطلب من المزود إعادته
finance-closes = الأيام المقفلة
close-ours = المدفوع لدينا
close-theirs = ما قبضه المزود
close-refunded = ما أعاده المزود
close-handed-over = المحوّل إلى الحساب البنكي
close-agrees = هل يتطابق؟
close-yes = متطابق
close-no = غير متطابق
finance-still-in-suspense = هذا المال مقيّد في الدفاتر ولا بد له من وجهة: اقبله عن دفعة، أو أعده، أو بيّن أين قُيّد من قبل.
finance-not-in-suspense = هذا غير ممكن لهذا الفرق.
finance-no-iban = هذا ليس رقم حساب صحيحاً. قارنه بما كتبه المستفيد.
finance-no-transfers = لا يوجد مبلغ موافق على إعادته عبر البنك، فلا شيء يُطلب.
finance-statement-hint = الحد الأقصى 10 ميغابايت. ضع الملفات الأكبر في المجلد الذي يراقبه الخادم (anqud serve --statements).
finance-file-xml = هذا الملف ليس بصيغة XML: { $b }. لم يُدخل شيء.
finance-file-none = لا كشف في هذا الملف. اختر ملفاً بصيغة camt.053 أو camt.052 أو camt.054. لم يُدخل شيء.
finance-file-other = هذه رسالة أخرى من البنك: { $b }. اختر ملفاً بصيغة camt.053 أو camt.052 أو camt.054. لم يُدخل شيء.
finance-file-unfinished = الملف مبتور. اطلب الملف كاملاً. لم يُدخل شيء.
finance-file-encoding = الملف مكتوب بترميز { $b } ولا يمكن قراءته هنا. اطلب من البنك ترميز UTF-8. لم يُدخل شيء.
finance-file-zip = ملف zip تالف أو محمي بكلمة مرور: { $b }. لم يُدخل شيء.
finance-file-unreadable = تتعذر قراءة الملف: { $b }. لم يُدخل شيء.
finance-file-deep = عناصر هذا الملف متداخلة أعمق مما في رسائل البنوك. لم يُدخل شيء.
finance-file-long = في الملف أكثر من { $b } حركة. اطلب من البنك كشوفاً أقصر. لم يُدخل شيء.
finance-file-large = حجم الملف بعد فك ضغطه أكبر من { $b } ميغابايت. اطلب من البنك كشوفاً أقصر. لم يُدخل شيء.
finance-file-amount-missing = الحركة رقم { $a } بلا مبلغ. لم يُدخل شيء.
finance-file-amount-comma = في مبلغ الحركة رقم { $a } فاصلة: { $b }، ويمكن أن يُقرأ بقراءتين، والمعيار أن تسبق الكسورَ نقطة. اطلب من البنك ملفاً صحيحاً. لم يُدخل شيء.
finance-file-amount-negative = مبلغ الحركة رقم { $a } أقل من الصفر: { $b }، والمعيار أن يدل اتجاه الحركة على خروج المبلغ. اطلب من البنك ملفاً صحيحاً. لم يُدخل شيء.
finance-file-amount-no-number = مبلغ الحركة رقم { $a } ليس رقماً: { $b }. لم يُدخل شيء.
finance-file-amount-decimals = منازل الكسور في مبلغ الحركة رقم { $a } أكثر مما لعملته: { $b }. لم يُدخل شيء.
finance-file-amount-large = مبلغ الحركة رقم { $a } أكبر من الحد: { $b }. لم يُدخل شيء.
finance-file-balance = رصيد في الكشف رقم { $a } ليس مبلغاً: { $b }. لم يُدخل شيء.
finance-file-direction = لا تبيّن الحركة رقم { $a } هل ورد المبلغ أم خرج. لم يُدخل شيء.
finance-file-day = يوم الحركة رقم { $a } غير موجود: { $b }. لم يُدخل شيء.
statements-file = الملف
statements-title = كشوف البنك
statements-lead = ما يقول البنك إنه ورد، والأموال التي لم يُعرف صاحبها.
statements-open = افتح الكشوف
statements-unmatched = أموال لم يُعرف صاحبها
statements-all-matched = كل ما ورد عبر البنك يعود إلى دفعة معروفة.
statements-from = من الحساب
statements-words = ما كتبه الدافع
statements-no-words = لا شيء
statements-statement = الكشف
statements-like = دفعات مفتوحة بهذا المبلغ:
statements-at-bank = في البنك
statements-taken-in = الملفات الواردة
statements-none = لم يُدخل أي كشف بعد.
statements-entries = الحركات
statements-known = معروفة من قبل
statements-brought = ما ورد فيه
statements-nothing-new = لا جديد
statements-refused = مرفوض.
statements-brought-paid = رسوم دُفعت
statements-brought-open = بحاجة إلى مراجعة
statements-brought-left = مبالغ مستردة غادرت الحساب
statements-brought-charges = عمولات البنك
statements-brought-reversed = حركات معكوسة ومرتجعة
statements-brought-others = مبالغ أخرى خرجت
statements-brought-waiting = لم تُقيَّد بعد
statements-brought-aside = نُحّيت جانباً
statements-brought-unequal = أرصدة غير متوافقة
statements-expected = مبالغ أُعلنت ولم تُقيَّد بعد
statements-expected-hint = تُحتسب هذه المبالغ حين يرد في كشف أنها قُيّدت.
statements-expected-as = { $a } { $b }
statements-aside = مبالغ نُحّيت جانباً
statements-aside-account = هذا الحساب ليس من حساباتنا
statements-aside-currency = هذه العملة غير مستعملة هنا
difference-charges = خُصمت عمولات في الطريق
difference-several = يذكر عدة دفعات لا يساوي مجموعها هذا المبلغ
difference-uneven = الأجزاء التي يذكرها البنك لا يساوي مجموعها هذا المبلغ
difference-returned = مبلغ مسترد لم يصل فعاد
difference-reversed = استعاد البنك هذا المبلغ
difference-refund-otherwise = مبلغ مسترد خرج بغير مقداره أو بغير طريقه
difference-refund-twice = مبلغ مسترد خرج مرتين
statements-take-charged = احتسبها عن { $a } وقيّد { $b } عمولات
books-suspense = رصيد الحساب المعلّق بعملة { $a } لا يساوي مجموع الفروق المفتوحة.
difference-disputed = اعترض الدافع
difference-dispute-after-refund = اعتراض بعد استرداد المبلغ
difference-settled-otherwise = سوّى المزود مبلغاً غير الذي أبلغ عنه
difference-settled-in-other-currency = سوّى المزود بعملة غير التي أبلغ عنها
alarm-replayed = أُعيدت بحرفيتها
pay-event-win-dispute-of-rest = رُفض الاعتراض
refund-unknown = لم يُعرف صاحبه
pay-why-cell = نص الفئة { $a }:
pay-why-again = أُعيد حسابه الآن وفق الإصدار { $a } من الخدمة الذي قدّمت طلبك بموجبه:
till-today = المقبوض اليوم
till-taken-today = نقداً اليوم
till-nothing-today = لم يُقبض شيء اليوم.
till-time = الوقت
till-settlements = ما سُلّم حتى الآن
till-no-settlements = لم يُسلّم شيء بعد.
till-asked = لم يُعدّ بعد
till-counted = تم العدّ
till-refused = لم يُستلم
till-paid-twice = دُفع بطريقة أخرى في اللحظة نفسها. أعد النقد إلى الدافع مقابل توقيعه، أو احتفظ به: تراه الدائرة المالية وتعيده.
budget-cost-whole = كلفة النتيجة قياساً إلى الخطة كلها
finance-more = { $n ->
    [zero] ولا فروق أخرى.
    [one] وفرق آخر.
    [two] وفرقان آخران.
    [few] و{ $n } فروق أخرى.
    [many] و{ $n } فرقاً آخر.
   *[other] و{ $n } فرق آخر.
}
finance-close = إقفال يوم
finance-close-lead = يقارن دفعات البطاقات في اليوم بما لدى مزود خدمة الدفع، ويقيّد المبلغ الذي يسلّمه.
finance-close-now = إقفال اليوم
finance-closed = أُقفل اليوم. ما قبضه المزود: { $a }. ما عُلم به الآن فقط: { $c }. الفروق: { $b }.
finance-no-day = اختر اليوم.
finance-no-provider = مزود خدمة الدفع لا يجيب أو أن جوابه غير موثوق. حاول لاحقاً.
finance-told-provider = طُلب من مزود خدمة الدفع أن يعيد هذا المبلغ، فلا يُرسل إلى حساب أيضاً. اضغط على الإعادة مرة أخرى: لا يعيده المزود إلا مرة واحدة.

nav-atlas = الأطلس
atlas-title = أين تكمن نقاط القوة
atlas-map = الخريطة
atlas-space = فضاء الأنشطة
atlas-simulator = المحاكاة
atlas-portfolio = اختيار التدخلات
atlas-import = جدولك الخاص
atlas-activity = النشاط
atlas-activities = الأنشطة
atlas-place = المكان
atlas-places = الأماكن
atlas-complexity = التعقيد
atlas-diversity = نقاط القوة
atlas-places-with = أماكن يتميز فيها
atlas-total = المجموع
atlas-strengths = الأقوى في
atlas-map-title = معامل التوطن لنشاط { $a } بحسب المكان
atlas-map-legend = الرقم هو معامل التوطن: حصة النشاط هنا مقسومة على حصته في البلد كله. ما زاد على 1 فهو نقطة قوة.
atlas-like-others = مطابق لبقية البلد
atlas-good-at = ما يتميز فيه
atlas-quotient = المعامل
atlas-interval = فترة ثقة 90٪
atlas-density = القرب
atlas-quotient-hint = نقاط القوة بخط عريض. يبين المجال مقدار ما تحركه الصدفة وحدها في المعامل، والقرب هو حصة الأنشطة ذات الصلة التي يتميز فيها المكان، من 0 إلى 1.
atlas-clusters = ما العناقيد الموجودة فيه؟
atlas-own-clusters = عناقيد البرنامج الحكومي
atlas-found-clusters = عناقيد تظهرها البيانات
atlas-has = موجود
atlas-cluster-why = المعامل { $a }؛ يتميز في { $b } من أنشطته: { $c }.
atlas-cluster-none = المعامل { $a }؛ لا يتميز في أي من أنشطته.
atlas-next = ما هو في المتناول
atlas-next-why = قريب من { $a }
atlas-space-title = فضاء الأنشطة
atlas-space-lead = الأنشطة الموجودة في الأماكن نفسها متقاربة في الرسم، والألوان هي العناقيد التي تظهرها البيانات.
atlas-mark = إبراز نقاط قوة
atlas-related = الأكثر ترابطاً
atlas-proximity = الترابط
atlas-template = أفضل تقسيم من بين تقسيمات كثيرة؛ درجته { $a } من 1 بمقدار زيادة الترابط داخل العناقيد على ما بينها.
simulator-title = هل يمكن بلوغ الهدف؟
simulator-lead = المتقدمون والمقاعد والخريجون والوظائف والهجرة، شهراً بشهر، أكثر من ألف مرة بظروف مختلفة.
simulator-target = الهدف
simulator-fan = الخط هو وسيط المحاولات كلها. تسع من كل عشر محاولات دون الحد الأعلى للنطاق، وواحدة دون حده الأدنى.
simulator-chart = محاكاة: { $a }
simulator-tornado = ما الأكثر تأثيراً
simulator-end = في النهاية
simulator-series = البيان
simulator-what-if = ماذا لو؟
simulator-run = احسب
simulator-link = عنوان هذه الصفحة يحفظ كل ما كتبته، فأرسله لمن تشاء.
simulator-problem = لا يمكن حساب ذلك: { $a }
simulator-no-number = هذا ليس عدداً: { $a }
simulator-chance = القيمة المستهدفة: { $a } بحلول { $b }. في الوضع الراهن تتحقق في { $c }٪ من المحاولات.
simulator-intake = يتطلب ذلك قبول { $a } سنوياً لتتحقق في { $b }٪ من المحاولات.
simulator-not-within = حتى مع قبول { $a } سنوياً، وهو أفضل ما تسمح به الحدود، تكون النتيجة { $b }.
flow-applicants = المتقدمون سنوياً
flow-applicants-growth = نمو عدد المتقدمين سنوياً
flow-qualified = المؤهلون
flow-intake = المقبولون سنوياً
flow-seats = المقاعد في آن واحد
flow-study-months = أشهر الدراسة
flow-drop-out = التسرب
flow-search-months = أشهر البحث عن عمل
flow-jobs = الوظائف سنوياً
flow-emigration-of-graduates = هجرة الخريجين سنوياً
flow-emigration-of-hired = هجرة العاملين سنوياً
flow-leaving = ترك العمل سنوياً
series-applied = تقدموا
series-admitted = قُبلوا
series-enrolled = على مقاعد الدراسة
series-dropped-out = تسربوا
series-graduated = تخرجوا
series-seeking = يبحثون عن عمل
series-hired = وُظفوا
series-retained = على رأس عملهم هنا
series-emigrated = هاجروا
series-left = تركوا العمل
portfolio-title = ما الذي يحقق أكثر؟
portfolio-lead = أي التدخلات نختار ضمن موازنة محددة، مع ما تعتمد عليه والحد الأدنى لحصة كل منطقة.
portfolio-budget = الموازنة
portfolio-least = الحد الأدنى لحصة { $a }
portfolio-limits = الحدود
portfolio-choose = اختر
portfolio-choice = الاختيار
portfolio-yes = نعم
portfolio-no = لا
portfolio-price = { $a } لكل ألف { $b } إضافية
portfolio-bound = حتى لو أمكن تجزئة كل تدخل، لا يحقق أي اختيار أكثر من { $a }.
portfolio-others = بموازنات أخرى
portfolio-impossible = لا اختيار يحقق هذه الحدود. ارفع الموازنة أو اخفض الحصص الدنيا.
import-lead = مناطق وأنشطة، أو دول ومنتجات: ملف CSV بسطر عناوين وعمود لكل من المكان والنشاط والقيمة. ترى أولاً كيف قُرئ، ثم يُدرس ولا يُحفظ.
import-file = ملف CSV
import-text = أو نص
import-study = ادرسه
import-preview = كيف قُرئ
import-summary = عدد الصفوف المقروءة: { $a }، والأماكن: { $b }، والأنشطة: { $c }.
import-line = الصف { $a }: { $b }
import-cells = يحتاج الصف إلى مكان ونشاط وقيمة
import-number = «{ $a }» ليس عدداً يساوي صفراً أو أكثر
import-twice = ورد هذا المكان مع هذا النشاط في صف سابق؛ أبقِ صفاً واحداً منهما
import-wide = يبدو أن في الجدول عموداً لكل نشاط. أرسل قائمة فيها أعمدة المكان والنشاط والقيمة.
import-two-readings = يمكن أن يُقرأ «{ $a }» على أنه { $b } أو { $c }؛ اكتب ما تقصده
import-more = و{ $a } غيرها
import-no-order = الفروق بين الأماكن أقل من أن تُرتَّب بحسب التعقيد.
import-value = القيمة
import-which = اختر ما في كل عمود، وانظر ثانية إن كان التخمين خاطئاً.
import-again = انظر ثانية
import-another = جدول آخر
import-look = انظر إليه
import-large = حتى 2 ميغابايت؛ ولما هو أكبر هناك الأمر anqud atlas الذي يقرأ ملايين الأسطر.
import-too-large = الجدول أكبر من أن تعرضه هذه الصفحة. استخدم أنشطة أعم أو أماكن أقل، أو الأمر anqud atlas.
import-empty = لا توجد قيم فوق الصفر. تحقق من عمود القيم.
import-studied = ما يقوله جدولك
import-back = العودة إلى الأعمدة
import-variety = متنوع بقدر عدد من الأنشطة
atlas-outlook = الأفق: أنشطة معقدة في المتناول
flow-all-three = الثلاثة معاً
atlas-edit = تعديل العناقيد
atlas-edit-hint = انقل الأنشطة بين العناقيد وانظر درجة تقسيمك. العنوان يحفظه.
atlas-edit-do = قيّم تقسيمي
simulator-comes-to = النتيجة { $a } في المحاولة الوسطى، وبين { $b } و{ $c } في ثماني محاولات من كل عشر.
simulator-within = يمكن بلوغه
simulator-not = غير ممكن ضمن هذه الحدود
simulator-lifts = ما ستكون عليه النتيجة لولا أحد الحدود
simulator-limit = لولا الحد
simulator-would-come = النتيجة
simulator-would-reach = يتحقق في
simulator-range = تبين الأرقام الصغيرة بين أي قيمتين تقع في ثماني محاولات من كل عشر.
simulator-tornado-hint = النتيجة حين يكون أحد العوامل عند طرفه الأدنى أو الأعلى وسائر العوامل في وسطها.
simulator-as-table = الأرقام نفسها في جدول
simulator-at-p10 = عند طرفه الأدنى
simulator-at-p90 = عند طرفه الأعلى
portfolio-needs = فقط مع: { $a }
portfolio-spent = { $a } مصروفة
portfolio-where = أين يُصرف المال
portfolio-this-budget = هذه الموازنة
portfolio-chart = { $a } بحسب الموازنة
atlas-complexity-hint = يُقرأ التعقيد ممن يمارس النشاط أيضاً: يرتفع لما تتميز فيه أماكن قليلة متنوعة، ومتوسطه على الأماكن صفر.
atlas-beside = ماذا تقول الأرقام في ذلك
atlas-clusters-tab = العناقيد
atlas-which-clusters = ما العناقيد الموجودة في كل مكان؟
atlas-clusters-lead = ما يقوله البرنامج عن كل مكان، وما تقوله الأرقام في ذلك، والعناقيد التي تشكلها الأرقام من تلقاء نفسها.
atlas-heat-hint = حصة كل عنقود هنا مقسومة على حصته في البلد كله. تدل النقطة على العناقيد الموجودة في المكان: حصة لا تقل عن حصة البلد، مع نشاط متميز واحد على الأقل.
atlas-reasons = الأسباب
atlas-no-own = لا يذكر البرنامج هذا المكان في أي من عناقيده.
atlas-none-found = لا شيء: حصة المكان من كل عنقود دون حصة البلد، أو أنه لا يتميز في أي نشاط.
atlas-and-more = { $a } و{ $b } غيرها
atlas-edited = تقسيمك: درجته { $a } من 1 بمقدار زيادة الترابط داخل العناقيد على ما بينها.
atlas-best = درجة التقسيم الذي تظهره البيانات { $a }.
claim-borne-out = تؤكده الأرقام
claim-open = لا تحسمه الأرقام
claim-not-borne-out = لا تظهره الأرقام
claim-strength = { $a }: حصة البلد مضروبةً في { $b } (فترة ثقة 90٪: { $c }).
claim-variety = متنوع بقدر { $a } من الأنشطة المتساوية؛ ونصف الأماكن دون { $b }.
claim-rank = المرتبة { $a } من { $b } مكاناً.
claim-none = لم يُذكر في أي الأنشطة، فلا يمكن سؤال الأرقام عنه.
atlas-share = الحصص
share-title = ماذا تتطلب حصة أكبر؟
share-lead = ما يُراد له أن يصبح حصة أكبر من كل، كقطاع من الناتج المحلي الإجمالي، يجب أن ينمو أسرع من الكل، ومقدار ذلك يُحسب حساباً.
share-from = الحصة في البداية (٪)
share-to = الحصة في النهاية (٪)
share-years = السنوات
share-whole = نمو الكل سنوياً (٪)
share-bounds = اكتب عدداً من { $a } إلى { $b }
share-beyond-whole = يجب أن ينمو أسرع من الكل بنسبة { $a }٪ سنوياً.
share-beyond-rest = أي أسرع من بقية الكل بنسبة { $a }٪ سنوياً.
share-part = إذا نما الكل { $a }٪ سنوياً، وجب أن ينمو الجزء { $b }٪ سنوياً.
share-path = سنة بعد سنة
share-year = السنة
share-share = الحصة (٪)
share-of-part = الجزء (البداية = 100)
share-of-whole = الكل (البداية = 100)
form-record-hint = اكتب رقمه المرجعي أو رقمه.
form-record-none-held = لا يوجد في هذا السجل قيد يخصك. اكتب الرقم المرجعي للقيد الذي يخصك.
fault-record = لا يوجد قيد بهذا الرقم يمكنك الإشارة إليه. قارنه بأوراقك
fault-record-held = اختر قيداً يخصك أو يخص شركتك
case-record-taken = لم يُنشأ القيد: يوجد قيد آخر قيمة «{ $a }» فيه هي «{ $b }».
case-record-faults = لم يُنشأ القيد لأن بعض بياناته غير صالحة: { $a }
register-not-open = غير متاح لك
record-personal = بيان شخصي
record-mine = هذا القيد يخصك، ويُعرض لك منه ما يتيح لك السجل الاطلاع عليه.
record-as-of-note = هذا هو القيد كما كان في { $a }.
record-not-then = لم يكن هذا القيد موجوداً في { $a }، ويظهر هنا كما هو الآن.
my-data-title = من اطّلع على بياناتي
my-data-lead = كلما فتح موظف بيانات شخصية تخصك، يُدوَّن ذلك هنا.
my-data-none = لم يفتح أحد بيانات شخصية تخصك.
my-data-read = اطّلع على: { $a }
my-data-kept = ما تحفظه السجلات عنك
desk-came = { $n ->
    [one] معاملة واحدة تجاوزت موعدها وأُحيلت إليك، وهي في أول القائمة.
    [two] معاملتان تجاوزتا موعدهما وأُحيلتا إليك، وهما في أول القائمة.
    [few] { $n } معاملات تجاوزت موعدها وأُحيلت إليك، وهي في أول القائمة.
    [many] { $n } معاملة تجاوزت موعدها وأُحيلت إليك، وهي في أول القائمة.
   *[other] { $n } معاملة تجاوزت موعدها وأُحيلت إليك، وهي في أول القائمة.
 }
desk-came-to-you = تجاوز موعده وأُحيل إليك
desk-escalated = تجاوز موعده ويراه أيضاً { $a }
action-escalate = انقضت المهلة وأُحيل إلى المسؤول

nav-messages = الرسائل
nav-admin = التشغيل
messages-title = الرسائل
messages-lead = ما جرى بشأن طلباتك وما يمكنك فعله. تجد النص نفسه في صفحة كل طلب.
messages-mailed = ما جرى بشأن طلباتك وما يمكنك فعله. وتُرسل كل رسالة أيضاً إلى { $a }.
messages-none = لا توجد رسائل بعد. ستصلك رسالة كلما طرأ جديد على أحد طلباتك.
messages-new = جديدة
messages-unseen = { $n ->
    [one] رسالة جديدة واحدة
    [two] رسالتان جديدتان
    [few] { $n } رسائل جديدة
   *[other] { $n } رسالة جديدة
 }
message-dear = حضرة السيد/ة { $a } المحترم/ة، تحية طيبة وبعد،
message-filed = وصلنا طلبك رقم { $a } لخدمة «{ $b }».
message-moved = طرأ جديد على طلبك رقم { $a } لخدمة «{ $b }»، وهو الآن في مرحلة: { $c }.
message-lapsed = أُغلق طلبك رقم { $a } لخدمة «{ $b }» لانقضاء المهلة.
message-note = ملاحظة الدائرة: { $a }
message-wait = لا يلزمك فعل شيء الآن.
message-pay = مطلوب منك إجراء: ادفع الرسوم ليُستكمل طلبك تلقائياً.
message-pay-by = مطلوب منك إجراء: ادفع الرسوم قبل نهاية { $a } ليُستكمل طلبك تلقائياً.
message-answer = مطلوب منك إجراء: افتح الطلب وأجب عن المطلوب ثم أرسله.
message-answer-by = مطلوب منك إجراء: افتح الطلب قبل نهاية { $a } وأجب عن المطلوب ثم أرسله.
message-granted = تمت الموافقة على طلبك.
message-certificate = تمت الموافقة على طلبك، وشهادتك جاهزة للعرض والطباعة في صفحة الطلب.
message-ended = أُغلق الطلب. تجد السبب في صفحته ويمكنك تقديم طلب جديد.
message-link = صفحة طلبك: { $a }
message-no-reply = أُرسلت هذه الرسالة آلياً، فيرجى عدم الرد عليها.
jobs-title = أعمال النظام
jobs-lead = أعمال تترتب على ما يفعله الناس، مثل الرسائل. يُعاد ما تعثر منها على فترات متباعدة، ويبقى هنا بعد المحاولة العاشرة.
jobs-aside = مواعيد نهائية تعذّر تنفيذها
job-deadline = الموعد النهائي لطلب
jobs-failed = متروكة
jobs-waiting = بالانتظار
jobs-running = قيد التنفيذ
jobs-done = منجزة
jobs-none = لا شيء هنا.
jobs-first = أول { $a } من { $b }.
jobs-no-mail = لم يُحدَّد خادم بريد (ANQUD_MAIL)، ولذلك لا تُرسل الرسائل بالبريد، ويجد كل شخص رسائله في البوابة.
jobs-kind = العمل
jobs-about = بشأن
jobs-attempts = المحاولات
jobs-due = المحاولة التالية
jobs-error = آخر خطأ
jobs-again = أعد المحاولة الآن
job-notify = رسالة إلى مقدم طلب
verify-reference = الرقم المرجعي
verify-says = ما تنص عليه
message-certificate-fee = تمت الموافقة. ادفع الرسوم في صفحة الطلب، وتظهر الشهادة فيها فور الدفع.
case-certificate-when-paid = تظهر الشهادة هنا فور دفع الرسوم.
receipt-refunded = استُرد منه { $a }.
case-number = رقم الطلب

tariff-title = الرسوم
tariff-lead = تدفع ما ورد في أول صف ينطبق على إجاباتك. المبالغ بعملة: { $a }.
tariff-currency = المبلغ بعملة: { $a }.
tariff-otherwise = في جميع الحالات الأخرى
tariff-everybody = للجميع
tariff-below = أقل من { $a }
tariff-at-most = { $a } أو أقل
tariff-above = أكثر من { $a }
tariff-at-least = { $a } أو أكثر
tariff-between = من { $a } إلى { $b }
tariff-both = { $a } و{ $b }
tariff-or = { " أو " }
tariff-not = أي إجابة عدا { $a }
tariff-complex = بحسب إجاباتك
tariff-waivers = من لا يدفع
tariff-due = متى تدفع
tariff-due-before = بعد تقديم الطلب. يُنظر في الطلب فور دفع الرسوم.
tariff-due-before-within = بعد تقديم الطلب، والمهلة { $a }. يُنظر في الطلب فور دفع الرسوم.
tariff-due-grant = عند الموافقة فقط. تقديم الطلب مجاني.
tariff-due-in = عند وصول الطلب إلى مرحلة «{ $a }».

start-begun = بدأت هذا الطلب من قبل. آخر حفظ له في { $a }.
start-go-on = تابع الطلب
start-anew = ابدأ من جديد
draft-delete-this = حذف
draft-delete-title = هل تريد حذف هذه المسودة؟
draft-delete-lead = حُفظت آخر مرة في { $a } ولم تُرسل. لن تبقى الإجابات التي كتبتها ولا الملفات التي أرسلتها.
draft-delete = احذف المسودة
draft-keep = أبقِها
draft-deleted = حُذفت المسودة.
certificate-entity = جهة الإصدار
certificate-day = تاريخ الإصدار
certificate-open = افتح الشهادة لطباعتها
certificate-print = اطبع هذه الصفحة من المتصفح أو احفظها بصيغة PDF. لا يُطبع منها سوى الشهادة.
action-paid-back = استُرد جزء من الرسوم
message-paid-back-subject = استرداد { $a }
message-paid-back = أعدنا إليك { $a } من رسوم طلبك رقم { $b } «{ $c }». طريقة الاسترداد: { $d }.
message-paid-back-wait = لا يلزمك فعل شيء. قد يحتاج المبلغ إلى بضعة أيام حتى يظهر في حسابك.
cases-turn = مطلوب منك إجراء
records-hidden = { $n ->
    [one] يُحسب أيضاً سجل واحد لا يحق لك الاطلاع عليه.
    [two] يُحسب أيضاً سجلان لا يحق لك الاطلاع عليهما.
    [few] تُحسب أيضاً { $n } سجلات لا يحق لك الاطلاع عليها.
    [many] يُحسب أيضاً { $n } سجلاً لا يحق لك الاطلاع عليها.
   *[other] يُحسب أيضاً { $n } سجل لا يحق لك الاطلاع عليها.
}
read-account = حسابك
