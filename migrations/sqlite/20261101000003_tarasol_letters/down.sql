DROP TABLE delivery_events;
DROP TABLE deliveries;
DROP TABLE letter_recipients;
DROP TABLE letters;
DROP TABLE letter_templates;
DROP TABLE letterheads;
