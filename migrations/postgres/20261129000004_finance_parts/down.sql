DROP TABLE virement_rules;
DROP TABLE authority_limits;
DROP TABLE bank_accounts;
DROP TABLE rates;
DROP TABLE currencies;
