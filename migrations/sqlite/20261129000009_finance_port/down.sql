DROP TABLE template_drafts;
DROP TABLE voucher_templates;
DROP TABLE provisional_documents;
DROP TABLE provisional_rules;
DROP TABLE port_hold_lines;
DROP TABLE port_holds;
DROP TABLE port_calls;
