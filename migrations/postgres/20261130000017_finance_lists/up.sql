-- What amounts in words call a currency and its parts, in the forms that numbers ask for, with / between them: in Arabic the
-- singular, dual, plural and accusative, in English one and many. Where nothing is said, it is called by its code.
ALTER TABLE currencies ADD COLUMN unit_ar TEXT NOT NULL DEFAULT '';
ALTER TABLE currencies ADD COLUMN unit_en TEXT NOT NULL DEFAULT '';
ALTER TABLE currencies ADD COLUMN fraction_ar TEXT NOT NULL DEFAULT '';
ALTER TABLE currencies ADD COLUMN fraction_en TEXT NOT NULL DEFAULT '';
UPDATE currencies SET unit_ar = 'دينار/ديناران/دنانير/دينارًا', unit_en = 'dinar/dinars', fraction_ar = 'فلس/فلسان/فلوس/فلسًا', fraction_en = 'fils'
    WHERE code = 'JOD';
UPDATE currencies SET unit_ar = 'دولار أمريكي/دولاران أمريكيان/دولارات أمريكية/دولارًا أمريكيًا', unit_en = 'US dollar/US dollars', fraction_ar = 'سنت/سنتان/سنتات/سنتًا', fraction_en = 'cent/cents'
    WHERE code = 'USD';
UPDATE currencies SET unit_ar = 'يورو/يوروان/يوروات/يورو', unit_en = 'euro/euros', fraction_ar = 'سنت/سنتان/سنتات/سنتًا', fraction_en = 'cent/cents'
    WHERE code = 'EUR';
UPDATE currencies SET unit_ar = 'جنيه إسترليني/جنيهان إسترلينيان/جنيهات إسترلينية/جنيهًا إسترلينيًا', unit_en = 'pound sterling/pounds sterling', fraction_ar = 'بنس/بنسان/بنسات/بنسًا', fraction_en = 'penny/pence'
    WHERE code = 'GBP';
UPDATE currencies SET unit_ar = 'ريال سعودي/ريالان سعوديان/ريالات سعودية/ريالًا سعوديًا', unit_en = 'Saudi riyal/Saudi riyals', fraction_ar = 'هللة/هللتان/هللات/هللة', fraction_en = 'halala/halalas'
    WHERE code = 'SAR';
UPDATE currencies SET unit_ar = 'درهم إماراتي/درهمان إماراتيان/دراهم إماراتية/درهمًا إماراتيًا', unit_en = 'UAE dirham/UAE dirhams', fraction_ar = 'فلس/فلسان/فلوس/فلسًا', fraction_en = 'fils'
    WHERE code = 'AED';
UPDATE currencies SET unit_ar = 'دينار كويتي/ديناران كويتيان/دنانير كويتية/دينارًا كويتيًا', unit_en = 'Kuwaiti dinar/Kuwaiti dinars', fraction_ar = 'فلس/فلسان/فلوس/فلسًا', fraction_en = 'fils'
    WHERE code = 'KWD';
UPDATE currencies SET unit_ar = 'ين ياباني/ينان يابانيان/ينات يابانية/ينًا يابانيًا', unit_en = 'Japanese yen'
    WHERE code = 'JPY';

-- The list of documents in its orders: by day, by amount, and by number, which is given on posting.
CREATE INDEX finance_documents_day ON finance_documents (agency_id, effective_on, record_id);
CREATE INDEX finance_documents_amount ON finance_documents (agency_id, base_amount, record_id);
CREATE INDEX finance_documents_numbered ON finance_documents (agency_id, (COALESCE(posted_at, '9999-12-31 00:00:00')), record_id);
