DROP TABLE word_checks;
DROP TABLE scan_pages;
UPDATE extracts SET state = 'no_text' WHERE state = 'pending' AND reason = 'needs_ocr';
